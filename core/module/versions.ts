/** Checksums of what a module was built against: __versions, and the newer pair that holds names of any length. */
import type { SymbolVersion, VersionsPart } from '#contract/inspect.ts';
import { Problems } from './failure.ts';
import type { Making } from './inspect.ts';

/** struct modversion_info: unsigned long crc, then the name up to 64 bytes in all. */
const RECORD = 64;

/** Two digits for each byte: there are hundreds of thousands in a kernel's modules. */
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const digits = (byte: number): string => DIGITS[byte & 0xff] ?? '';
const crcText = (crc: number): string => digits(crc >>> 24) + digits(crc >>> 16) + digits(crc >>> 8) + digits(crc);

export function versionsPart({ image }: Making): VersionsPart {
  const problems = new Problems();
  const entries: SymbolVersion[] = [];
  const forms: VersionsPart['forms'][number][] = [];
  const { bytes } = image;
  const old = image.filled('__versions');
  if (old) {
    forms.push('__versions');
    const { offset, size } = old.range;
    const word = image.header.wide ? 8 : 4;
    if (size % RECORD !== 0) problems.add(old.name, `${String(size)} bytes are no whole number of records`, offset);
    for (let at = offset; at + RECORD <= offset + size; at += RECORD) {
      // The checksum has 32 bits in a field of a word.
      const crc = word === 8 && !bytes.little ? bytes.u32(at + 4) : bytes.u32(at);
      const name = bytes.text(at + word, at + RECORD);
      entries.push({ name, crc: crcText(crc), form: '__versions', range: { offset: at, size: RECORD } });
    }
  }
  const crcs = image.filled('__version_ext_crcs');
  const names = image.filled('__version_ext_names');
  if (crcs && names) {
    forms.push('__version_ext');
    const end = names.range.offset + names.range.size;
    let name = names.range.offset;
    for (let at = crcs.range.offset; at + 4 <= crcs.range.offset + crcs.range.size; at += 4) {
      if (name >= end) {
        problems.add(names.name, 'there are fewer names than checksums', name);
        break;
      }
      const stop = bytes.endOfText(name, end);
      entries.push({
        name: bytes.text(name, stop),
        crc: crcText(bytes.u32(at)),
        form: '__version_ext',
        range: { offset: at, size: 4 },
      });
      name = stop + 1;
    }
    if (name < end) problems.add(names.name, 'there are more names than checksums', name);
  } else if (crcs || names) {
    problems.add('__version_ext_crcs', 'only one of __version_ext_crcs and __version_ext_names is there');
  }
  return { forms, entries, problems: problems.all() };
}
