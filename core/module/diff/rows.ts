/** What differs, as rows of one list: "here" is the first image, "there" the second. */
import type { Changed, FunctionState, ModuleDiff, SectionState } from '#contract/diff.ts';
import type { CapabilitiesPart, Parameter, Range } from '#contract/inspect.ts';
import type { DifferenceRow } from '#contract/module-compare.ts';
import { hex } from '../code/places.ts';
import { Inspector } from '../inspect.ts';
import type { Compared } from './diff.ts';
import { named } from './lists.ts';

/** A row without its number; its bytes are looked for when it is in sight. */
export type PlainRow = Omit<DifferenceRow, 'id'>;

type Sided = Pick<PlainRow, 'side' | 'here' | 'there'>;

export function differenceRows(diff: ModuleDiff): PlainRow[] {
  const { a, b, modinfo, parameters, imports, exports, functions, sections, strings } = diff;
  const oneSided = (group: PlainRow['group'], side: 'here' | 'there', names: readonly string[]): PlainRow[] =>
    names.map((name) => ({ group, side, name }));
  return [
    ...(a.signature.state === b.signature.state && a.signature.text === b.signature.text
      ? []
      : [
          {
            group: 'signature' as const,
            side: 'both' as const,
            name: 'signature',
            here: a.signature.text,
            there: b.signature.text,
          },
        ]),
    ...modinfo.flatMap(modinfoRows),
    ...parameters.map((one) => ({ group: 'parameters' as const, name: one.name, ...sided(one, parameterWords) })),
    ...importRows('here', imports.lost),
    ...importRows('there', imports.gained),
    ...imports.otherVersions.map((one) => ({
      ...{ group: 'imports' as const, name: one.name, ...sided(one, (crc) => `CRC ${crc}`) },
      remark: 'built against another version of it',
    })),
    ...oneSided('exports', 'here', exports.lost),
    ...oneSided('exports', 'there', exports.gained),
    ...functions.changed.map(functionRow),
    ...functions.removed.map(functionRow),
    ...functions.added.map(functionRow),
    ...sections.map((one) => ({ group: 'sections' as const, name: one.name, ...sided(one, sectionWords) })),
    ...oneSided('strings', 'here', strings.removed),
    ...oneSided('strings', 'there', strings.added),
    ...diff.bytes.ranges.map((range) => byteRow(range, a.size, b.size)),
  ];
}

/** One value in each is one that differs; of several, each that only one has. */
function modinfoRows({ name, a: here = [], b: there = [] }: ModuleDiff['modinfo'][number]): PlainRow[] {
  const [one, other] = [here[0], there[0]];
  if (here.length === 1 && there.length === 1 && one !== undefined && other !== undefined) {
    return [{ group: 'modinfo', side: 'both', name, here: one, there: other }];
  }
  return [
    ...here.map((value): PlainRow => ({ group: 'modinfo', side: 'here', name, here: value })),
    ...there.map((value): PlainRow => ({ group: 'modinfo', side: 'there', name, there: value })),
  ];
}

function sided<T>({ a, b }: Changed<T>, words: (value: T) => string): Sided {
  return {
    side: a === undefined ? 'there' : b === undefined ? 'here' : 'both',
    ...(a === undefined ? {} : { here: words(a) }),
    ...(b === undefined ? {} : { there: words(b) }),
  };
}

const parameterWords = ({ type, permissions, description }: Parameter): string =>
  [type, permissions, description].filter((word) => word !== undefined).join(', ');

const sectionWords = ({ type, flags, size }: SectionState): string =>
  [type, flags, `${String(size)} bytes`].filter((word) => word !== '').join(', ');

/** Telling ones first, each with what it gives the module. */
function importRows(
  side: 'here' | 'there',
  { groups, unknown }: Pick<CapabilitiesPart, 'groups' | 'unknown'>,
): PlainRow[] {
  const known = groups.flatMap(({ title, imports }) =>
    imports.map(({ name, gives }) => ({ group: 'imports' as const, side, name, remark: `${title}: ${gives}` })),
  );
  return [...known, ...unknown.map((name) => ({ group: 'imports' as const, side, name }))];
}

function functionRow(one: ModuleDiff['functions']['changed'][number]): PlainRow {
  const { name, a, b, from, instructions } = one;
  const words = (state: FunctionState, count: number | undefined): string =>
    `${state.section}, ${String(state.size)} bytes${count === undefined ? '' : `, ${String(count)} instructions`}`;
  const hereRange = from?.a ?? a?.range;
  const thereRange = from?.b ?? b?.range;
  return {
    ...{ group: 'functions', name, ...sided(one, () => '') },
    ...(a ? { here: words(a, instructions?.a) } : {}),
    ...(b ? { there: words(b, instructions?.b) } : {}),
    ...(hereRange ? { hereRange } : {}),
    ...(thereRange ? { thereRange } : {}),
  };
}

function byteRow({ offset, size }: Range, sizeA: number, sizeB: number): PlainRow {
  const cut = (end: number): Range | undefined =>
    offset < end ? { offset, size: Math.min(size, end - offset) } : undefined;
  const [hereRange, thereRange] = [cut(sizeA), cut(sizeB)];
  return {
    group: 'bytes',
    side: !thereRange ? 'here' : !hereRange ? 'there' : 'both',
    name: `${hex(offset)}, ${String(size)} ${size === 1 ? 'byte' : 'bytes'}`,
    ...(hereRange ? { hereRange } : {}),
    ...(thereRange ? { thereRange } : {}),
  };
}

/** Finds the bytes of what a row names in one of the images. */
export class Locator {
  readonly #inspector: Inspector;
  readonly #sections: ReadonlyMap<string, Range | undefined>;
  #strings: ReadonlyMap<string, Range> | undefined;

  constructor({ file, image, inspector }: Compared) {
    this.#inspector = inspector ?? new Inspector(image, { file });
    const entries = this.#inspector.part('sections')?.entries ?? [];
    const filled = entries.filter(({ index }) => index > 0);
    this.#sections = new Map([...named(filled, ({ name }) => name)].map(([name, { range }]) => [name, range]));
  }

  rangeOf({ group, name }: PlainRow, value: string | undefined): Range | undefined {
    const { part, image } = this.#inspector;
    switch (group) {
      case 'signature':
        return part('signature')?.trailer?.range;
      case 'modinfo':
        return part('modinfo')?.entries.find((entry) => entry.key === name && entry.value === value)?.range;
      case 'parameters':
        return part('parameters')?.entries.find((one) => one.name === name)?.range;
      case 'imports': {
        const found = part('imports')?.entries.find((one) => one.name === name);
        return found && image.symbols.entry(found.symbol);
      }
      case 'exports':
        return part('exports')?.entries.find((one) => one.name === name)?.range;
      case 'sections':
        return this.#sections.get(name);
      case 'strings':
        this.#strings ??= new Map((part('strings')?.entries ?? []).map(({ text, range }) => [text, range]));
        return this.#strings.get(name);
      case 'functions':
      case 'bytes':
        return undefined;
    }
  }
}
