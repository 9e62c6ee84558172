/** How two module images differ, for people: meaning first, bytes last; what does not differ takes no line. */
import type { Changed, FunctionState, ModuleDiff, SectionState } from '#contract/diff.ts';
import type { CapabilitiesPart } from '#contract/inspect.ts';
import { printable } from '#contract/printable.ts';

const MOST = 40;

/** At most so many lines, and how many there are more. */
function few(lines: readonly string[]): string[] {
  const shown = lines.slice(0, MOST).map((line) => `  ${printable(line)}`);
  return lines.length > MOST ? [...shown, `  … and ${String(lines.length - MOST)} more`] : shown;
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title} (${String(lines.length)})`, ...few(lines)];
}

const one = <T>({ name, a, b }: Changed<T>, show: (value: T) => string): string[] => [
  ...(a === undefined ? [] : [`- ${name}: ${show(a)}`]),
  ...(b === undefined ? [] : [`+ ${name}: ${show(b)}`]),
];

function capabilities(sign: string, { groups, unknown }: Pick<CapabilitiesPart, 'groups' | 'unknown'>): string[] {
  const known = groups.flatMap(({ title, imports }) =>
    imports.map(({ name, gives }) => `${sign} ${name}: ${title.toLowerCase()}, ${gives}`),
  );
  return [...known, ...unknown.map((name) => `${sign} ${name}: unknown`)];
}

const functionText = ({ section, size }: FunctionState): string => `${section}, ${String(size)} bytes`;

const sectionText = ({ type, flags, size }: SectionState): string => `${type} ${flags}, ${String(size)} bytes`;

function functions({ added, removed, changed }: ModuleDiff['functions']): string[] {
  return [
    ...removed.flatMap((entry) => one(entry, functionText)),
    ...added.flatMap((entry) => one(entry, functionText)),
    ...changed.map(({ name, a, b, from }) => {
      const where = from ? `, from ${hex(from.a.offset)} and ${hex(from.b.offset)} on` : '';
      return `* ${name}: ${String(a?.size ?? 0)} and ${String(b?.size ?? 0)} bytes${where}`;
    }),
  ];
}

const hex = (offset: number): string => `0x${offset.toString(16)}`;

export function diffText(diff: ModuleDiff): string {
  const { a, b, bytes } = diff;
  const side = (sign: string, { file, size, sha256, signature }: ModuleDiff['a']): string =>
    printable(`${sign} ${file}: ${String(size)} bytes, sha256 ${sha256}. ${signature.text}`);
  const head = [side('-', a), side('+', b)];
  if (diff.identical) return `${[...head, 'Both are the same, bit for bit.'].join('\n')}\n`;
  const sections = diff.sections.flatMap(({ name, a: before, b: after }) => {
    if (before && after) return [`* ${name}: ${String(before.size)} and ${String(after.size)} bytes`];
    return one({ name, ...(before ? { a: before } : {}), ...(after ? { b: after } : {}) }, sectionText);
  });
  const lines = [
    ...head,
    ...block(
      '.modinfo',
      diff.modinfo.flatMap((entry) => one(entry, (values) => values.join(', '))),
    ),
    ...block(
      'Parameters',
      diff.parameters.flatMap((entry) => one(entry, ({ type = '?', permissions = '?' }) => `${type}, ${permissions}`)),
    ),
    ...block('Imports', [...capabilities('-', diff.imports.lost), ...capabilities('+', diff.imports.gained)]),
    ...block(
      'Versions of imports',
      diff.imports.otherVersions.flatMap((entry) => one(entry, (crc) => crc)),
    ),
    ...block('Exports', [
      ...diff.exports.lost.map((name) => `- ${name}`),
      ...diff.exports.gained.map((name) => `+ ${name}`),
    ]),
    ...block(`Functions, ${String(diff.functions.same)} are the same`, functions(diff.functions)),
    ...block('Sections', sections),
    ...block('Strings', [
      ...diff.strings.removed.map((text) => `- ${text}`),
      ...diff.strings.added.map((text) => `+ ${text}`),
    ]),
    ...block(
      'Not readable',
      diff.problems.map(({ where, text }) => `${where}: ${text}`),
    ),
    '',
    `${String(bytes.different)} bytes differ, in ${String(bytes.ranges.length)}${bytes.more ? ' or more' : ''} stretches`,
  ];
  return `${lines.join('\n')}\n`;
}
