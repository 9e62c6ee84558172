/** Notes: the build id, and what else the linker and the kernel's build left. */
import type { Note, NotesPart } from '#contract/inspect.ts';
import { Problems } from './failure.ts';
import { NOTE, type RawSection } from './elf/sections.ts';
import type { ModuleImage } from './image.ts';
import type { Making } from './inspect.ts';

const HEADER = 12;
const MOST_HEX = 64;

/** Names of types by owner, as readelf has them where it knows them. */
const TYPES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  GNU: {
    1: 'NT_GNU_ABI_TAG',
    2: 'NT_GNU_HWCAP',
    3: 'NT_GNU_BUILD_ID',
    4: 'NT_GNU_GOLD_VERSION',
    5: 'NT_GNU_PROPERTY_TYPE_0',
  },
  // include/linux/build-salt.h and init/version.c
  Linux: { 0x100: 'LINUX_ELFNOTE_BUILD_SALT', 0x101: 'LINUX_ELFNOTE_LTO_INFO' },
};

export function notesPart({ image }: Making): NotesPart {
  const problems = new Problems();
  const entries: Note[] = [];
  for (const section of image.sections) {
    if (section.typeNumber === NOTE) {
      problems.attempt(() => {
        readNotes(image, section, entries, problems);
      });
    }
  }
  return { entries, problems: problems.all() };
}

function readNotes(image: ModuleImage, section: RawSection, into: Note[], problems: Problems): void {
  const { range } = section;
  if (!range) return;
  const { bytes } = image;
  // Aligned to 8 where the section is, to 4 otherwise (gABI, "Note Section").
  const unit = Number(section.align) === 8 ? 8 : 4;
  const padded = (size: number): number => Math.ceil(size / unit) * unit;
  const end = range.offset + range.size;
  for (let at = range.offset; at + HEADER <= end;) {
    const nameSize = bytes.u32(at);
    const size = bytes.u32(at + 4);
    const type = bytes.u32(at + 8);
    const from = at + padded(HEADER + nameSize);
    if (from + size > end) {
      problems.add(section.name, `a note of ${String(size)} bytes ends outside of the section`, at);
      return;
    }
    const owner = bytes.text(at + HEADER, at + HEADER + nameSize);
    const next = Math.min(end, at + padded(from - at + size));
    const typeName = TYPES[owner]?.[type];
    const text = noteText(image, typeName, from, size);
    into.push({
      section: section.index,
      owner,
      type,
      ...(typeName === undefined ? {} : { typeName }),
      range: { offset: at, size: next - at },
      description: { offset: from, size },
      hex: bytes.hex(from, Math.min(size, MOST_HEX)),
      ...(text === undefined ? {} : { text }),
    });
    at = next;
  }
}

function noteText({ bytes }: ModuleImage, type: string | undefined, at: number, size: number): string | undefined {
  if (type === 'NT_GNU_BUILD_ID') return `build id ${bytes.hex(at, Math.min(size, MOST_HEX))}`;
  if (type === 'LINUX_ELFNOTE_BUILD_SALT') return `build salt "${bytes.text(at, at + size)}"`;
  if (type === 'LINUX_ELFNOTE_LTO_INFO' && size >= 4) {
    return bytes.u32(at) === 0 ? 'built without link-time optimisation' : 'built with link-time optimisation';
  }
  return undefined;
}
