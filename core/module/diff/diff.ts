/** How two module images differ. */
import { createHash } from 'node:crypto';
import { DIFF_VERSION, type DiffSide, type ModuleDiff, type SectionState } from '#contract/diff.ts';
import type { Inspection, ModinfoEntry, Parameter, PartName, Problem } from '#contract/inspect.ts';
import { capabilitiesOf } from '../capability/part.ts';
import type { ModuleImage } from '../image.ts';
import { Inspector } from '../inspect.ts';
import type { Certificate } from '../signature/certificate.ts';
import { sourceOf } from '../strings.ts';
import { diffBytes } from './bytes.ts';
import { diffFunctions } from './functions.ts';
import { apart, changes, named, without } from './lists.ts';

/** What is read of each. */
const PARTS: readonly PartName[] = [
  ...(['elf', 'sections', 'modinfo', 'parameters', 'imports', 'exports', 'signature'] as const),
  ...(['identity', 'functions', 'strings'] as const),
];

export interface Compared {
  readonly file: string;
  readonly image: ModuleImage;
  /** What has been read of it already; read anew where absent. */
  readonly inspector?: Inspector;
}

/** Never throws on any bytes; what of an image cannot be read is among the problems. */
export async function diffModules(
  a: Compared,
  b: Compared,
  certificates: readonly Certificate[] = [],
): Promise<ModuleDiff> {
  const steps = diffSteps(a, b, certificates);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

/** Of the whole, what reading both images takes, and what comparing their functions does. */
const READING = 0.25;
const FUNCTIONS = 0.65;

/** The same in steps of some milliseconds: each tells how much is done, from 0 to 1. */
export async function* diffSteps(
  a: Compared,
  b: Compared,
  certificates: readonly Certificate[] = [],
): AsyncGenerator<number, ModuleDiff> {
  const inspectors = [a, b].map(
    ({ image, file, inspector }) => inspector ?? new Inspector(image, { file, certificates }),
  );
  const answers: Inspection[] = [];
  for (const [side, inspector] of inspectors.entries()) {
    for (const [index, name] of PARTS.entries()) {
      inspector.part(name);
      yield ((side + index / PARTS.length) / 2) * READING;
    }
    answers.push(inspector.answer(PARTS));
  }
  const [ofA, ofB] = answers as [Inspection, Inspection];
  const functions = diffFunctions(
    { image: a.image, functions: ofA.functions?.entries ?? [] },
    { image: b.image, functions: ofB.functions?.entries ?? [] },
  );
  let step = await functions.next();
  for (; !step.done; step = await functions.next()) yield READING + step.value * FUNCTIONS;
  const ofFunctions = step.value;
  const [importsA, importsB] = [ofA.imports?.entries ?? [], ofB.imports?.entries ?? []];
  const gained = without(namesOf(importsB), namesOf(importsA));
  const lost = without(namesOf(importsA), namesOf(importsB));
  const [exportsA, exportsB] = [namesOf(ofA.exports?.entries), namesOf(ofB.exports?.entries)];
  const texts = apart(textsOf(ofA), textsOf(ofB));
  const crcs = changes(crcsOf(importsA), crcsOf(importsB), (one, other) => one === other);
  return {
    version: DIFF_VERSION,
    a: sideOf(a, ofA),
    b: sideOf(b, ofB),
    identical: Buffer.compare(a.image.data, b.image.data) === 0,
    modinfo: diffModinfo(ofA.modinfo?.entries ?? [], ofB.modinfo?.entries ?? []),
    parameters: changes(parametersOf(ofA), parametersOf(ofB), isSameParameter),
    imports: {
      gained: capabilitiesOf(gained.map((name) => ({ name }))),
      lost: capabilitiesOf(lost.map((name) => ({ name }))),
      otherVersions: crcs.filter((one) => one.a !== undefined && one.b !== undefined),
    },
    exports: { gained: without(exportsB, exportsA), lost: without(exportsA, exportsB) },
    functions: ofFunctions,
    sections: diffSections(a.image, ofA, b.image, ofB),
    strings: { added: texts.onlyB, removed: texts.onlyA },
    bytes: diffBytes(a.image.data, b.image.data),
    problems: [...problemsOf('a', ofA), ...problemsOf('b', ofB)],
  };
}

const namesOf = (entries: readonly { readonly name: string }[] = []): string[] => entries.map(({ name }) => name);

const crcsOf = (entries: readonly { readonly name: string; readonly crc?: string }[]): Map<string, string> =>
  new Map(entries.flatMap(({ name, crc }) => (crc === undefined ? [] : [[name, crc] as const])));

/** Tables of names hold no texts; what is gained and lost of them is told by symbols and sections. */
const NAME_TABLES: ReadonlySet<string> = new Set(['.strtab', '.shstrtab', '__versions', '.modinfo']);

function textsOf({ strings, sections }: Inspection): string[] {
  const tables = new Set(sections?.entries.flatMap(({ name, index }) => (NAME_TABLES.has(name) ? [index] : [])));
  const texts: string[] = [];
  // One at a time, as what they look like is not asked for.
  const source = strings && sourceOf(strings);
  for (let index = 0; index < (source?.count ?? 0); index += 1) {
    if (source && !tables.has(source.section(index) ?? -1)) texts.push(source.text(index));
  }
  return texts;
}

function sideOf({ file, image }: Compared, { identity, signature }: Inspection): DiffSide {
  const sha256 = identity?.hashes.decompressed?.sha256 ?? createHash('sha256').update(image.data).digest('hex');
  return {
    file,
    size: image.data.length,
    sha256,
    ...(identity?.name === undefined ? {} : { name: identity.name }),
    signature: { state: signature?.state ?? 'malformed', text: signature?.text ?? 'The image is not whole.' },
  };
}

function diffModinfo(a: readonly ModinfoEntry[], b: readonly ModinfoEntry[]): ModuleDiff['modinfo'] {
  const values = (entries: readonly ModinfoEntry[], key: string): string[] =>
    entries.filter((entry) => entry.key === key).map(({ value }) => value);
  const keys = new Set([...a, ...b].map(({ key }) => key));
  return [...keys].flatMap((name) => {
    const [ofA, ofB] = [values(a, name), values(b, name)];
    const [onlyA, onlyB] = [without(ofA, ofB), without(ofB, ofA)];
    if (onlyA.length === 0 && onlyB.length === 0) return [];
    return [{ name, ...(onlyA.length > 0 ? { a: onlyA } : {}), ...(onlyB.length > 0 ? { b: onlyB } : {}) }];
  });
}

const parametersOf = ({ parameters }: Inspection): Map<string, Parameter> =>
  named(parameters?.entries ?? [], ({ name }) => name);

const isSameParameter = (a: Parameter, b: Parameter): boolean =>
  a.type === b.type && a.permissions === b.permissions && a.description === b.description;

function diffSections(a: ModuleImage, ofA: Inspection, b: ModuleImage, ofB: Inspection): ModuleDiff['sections'] {
  interface State extends SectionState {
    readonly bytes: Uint8Array | undefined;
  }
  const states = (image: ModuleImage, { sections }: Inspection): Map<string, State> => {
    const entries = (sections?.entries ?? []).filter(({ index }) => index > 0);
    const list = entries.map(({ name, type, flags, size, range }) => ({
      name,
      state: {
        type,
        flags,
        size: Number(size),
        bytes: range && image.data.subarray(range.offset, range.offset + range.size),
      },
    }));
    return new Map([...named(list, ({ name }) => name)].map(([name, { state }]) => [name, state]));
  };
  const same = (one: State, other: State): boolean =>
    one.type === other.type &&
    one.flags === other.flags &&
    one.size === other.size &&
    Buffer.compare(one.bytes ?? Buffer.alloc(0), other.bytes ?? Buffer.alloc(0)) === 0;
  const shown = ({ type, flags, size }: State): SectionState => ({ type, flags, size });
  return changes(states(a, ofA), states(b, ofB), same).map((one) => ({
    name: one.name,
    ...(one.a ? { a: shown(one.a) } : {}),
    ...(one.b ? { b: shown(one.b) } : {}),
  }));
}

/** With the side that each is of. */
function problemsOf(side: 'a' | 'b', inspection: Inspection): Problem[] {
  const parts = PARTS.flatMap((name) => inspection[name]?.problems ?? []);
  const all = [...inspection.container.problems, ...inspection.problems, ...parts];
  return all.map((problem) => ({ ...problem, where: `${side}: ${problem.where}` }));
}
