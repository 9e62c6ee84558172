/** The file's layout: what each of its bytes belongs to, and how even they are spread. */
import type { Area, LayoutPart, Problem } from '#contract/inspect.ts';
import { findAppended } from './signature/appended.ts';
import { entropyOf, entropyOfBytes, histogram } from './entropy.ts';
import type { ModuleImage } from './image.ts';
import type { Making } from './inspect.ts';
import { later, withLater } from './later.ts';

const SMALLEST_WINDOW = 1024;
const MOST_WINDOWS = 512;
/** A hostile table may have ten thousands of sections that all claim the same bytes. */
const MOST_OVERLAPS = 16;

interface Claim {
  readonly offset: number;
  readonly end: number;
  readonly kind: Area['kind'];
  readonly name: string;
  readonly section?: number;
}

/** Entropy is reckoned when it is first asked for: that walks the whole image. */
export function layoutPart({ image }: Making): LayoutPart {
  const { data } = image;
  const problems: Problem[] = [];
  let window = SMALLEST_WINDOW;
  while (data.length / window > MOST_WINDOWS) window *= 2;
  const all = later(() => windows(data, window));
  const part = withLater(
    { areas: fill(claims(image), data.length, problems), window },
    { entropy: () => all().entropy, overall: () => all().overall, sections: () => sectionsEntropy(image) },
  );
  return Object.assign(part, { problems });
}

function sectionsEntropy({ data, sections }: ModuleImage): LayoutPart['sections'] {
  return sections.flatMap(({ index, range }) => {
    if (!range || range.size === 0) return [];
    return [{ section: index, entropy: entropyOfBytes(data, range.offset, range.offset + range.size) }];
  });
}

function windows(data: Uint8Array, window: number): Pick<LayoutPart, 'entropy' | 'overall'> {
  const all = histogram();
  const entropy: number[] = [];
  for (let at = 0; at < data.length; at += window) {
    entropy.push(entropyOfBytes(data, at, Math.min(data.length, at + window), all));
  }
  return { entropy, overall: entropyOf(all) };
}

function claims(image: ModuleImage): Claim[] {
  const found: Claim[] = [];
  const { part } = image.header;
  const claim = (offset: number, size: number, kind: Area['kind'], name: string, section?: number): void => {
    if (size > 0) found.push({ offset, end: offset + size, kind, name, ...(section === undefined ? {} : { section }) });
  };
  claim(part.header.offset, part.header.size, 'header', 'file header');
  for (const { index, name, range } of image.sections) {
    if (range && index > 0) claim(range.offset, range.size, 'section', name, index);
  }
  if (part.sectionHeaders)
    claim(part.sectionHeaders.offset, part.sectionHeaders.size, 'section-headers', 'section headers');
  const { data } = image;
  const signature = findAppended(Buffer.from(data.buffer, data.byteOffset, data.byteLength))?.trailer.range;
  if (signature) claim(signature.offset, signature.size, 'signature', 'signature');
  return found.sort((a, b) => a.offset - b.offset || b.end - a.end);
}

/** Areas one after the other; where two claim the same bytes the first has them, and knows of the other. */
function fill(sorted: readonly Claim[], size: number, problems: Problem[]): Area[] {
  const areas: Area[] = [];
  let at = 0;
  let overlaps: number[] = [];
  let overlapping = 0;
  const last = sorted.reduce((most, claim) => Math.max(most, claim.end), 0);
  for (const { offset, end, kind, name, section } of sorted) {
    if (offset < at) {
      overlapping += 1;
      if (section !== undefined && overlaps.length < MOST_OVERLAPS) overlaps.push(section);
    }
    if (end <= at) continue;
    if (offset > at) areas.push(gap(at, offset, false));
    const from = Math.max(offset, at);
    overlaps = [];
    areas.push({
      range: { offset: from, size: end - from },
      kind,
      name,
      ...(section === undefined ? {} : { section }),
      overlaps,
    });
    at = end;
  }
  if (at < size) areas.push(gap(at, size, at >= last));
  if (overlapping > 0)
    problems.push({ where: 'layout', text: `${String(overlapping)} sections overlap what lies before them` });
  return areas.map((area) => (area.overlaps?.length === 0 ? withoutOverlaps(area) : area));
}

function withoutOverlaps({ range, kind, name, section }: Area): Area {
  return { range, kind, name, ...(section === undefined ? {} : { section }) };
}

/** Up to seven bytes between two areas are there for alignment. */
const gap = (from: number, to: number, isEnd: boolean): Area => ({
  range: { offset: from, size: to - from },
  kind: isEnd ? 'appended' : 'gap',
  name: isEnd ? 'behind everything' : 'between',
});
