/** The line on top: what matters of a module in five to eight facts, each with where it is to be seen. No score. */
import type { CapabilityGroup, Evidence, InspectionParts, VerdictFact, VerdictPart } from '#contract/inspect.ts';
import type { Making } from './inspect.ts';

const MOST_FACTS = 8;
const NAMES_SHOWN = 3;
const TONES: readonly VerdictFact['tone'][] = ['alarm', 'warning', 'notice', 'fine', 'neutral'];

type Parts = { readonly [N in keyof InspectionParts]?: InspectionParts[N] | undefined };
type Maker = (parts: Parts) => VerdictFact | undefined;

const fact = (id: string, tone: VerdictFact['tone'], text: string, ...evidence: readonly Evidence[]): VerdictFact => ({
  id,
  tone,
  text,
  evidence,
});

const SIGNED: Readonly<Record<string, VerdictFact['tone']>> = {
  broken: 'alarm',
  malformed: 'alarm',
  unsigned: 'warning',
  unverifiable: 'notice',
  signed: 'neutral',
  verified: 'fine',
};

const signature: Maker = ({ signature: part }) => {
  if (!part) return undefined;
  const range = part.trailer?.range;
  return fact('signature', SIGNED[part.state] ?? 'notice', part.text.replace(/\.$/, ''), {
    part: 'signature',
    ...(range ? { range } : {}),
  });
};

const names: Maker = ({ identity }) => {
  if (!identity?.namesDiffer) return undefined;
  const { structure = '', modinfo = '' } = identity.names;
  return fact('names', 'alarm', `two names: ${structure} in its structure, ${modinfo} in .modinfo`, {
    part: 'identity',
  });
};

const origin: Maker = ({ modinfo }) => {
  if (!modinfo) return undefined;
  const said = (key: string): Evidence => {
    const entry = modinfo.entries.find((one) => one.key === key);
    return { part: 'modinfo', name: key, ...(entry ? { range: entry.range } : {}) };
  };
  if (modinfo.staging) return fact('origin', 'notice', 'from the kernel’s staging tree', said('staging'));
  if (modinfo.livepatch) return fact('origin', 'warning', 'a live patch: it replaces functions', said('livepatch'));
  return modinfo.intree
    ? fact('origin', 'neutral', 'says that it was built in the kernel’s tree', said('intree'))
    : fact('origin', 'notice', 'built outside of the kernel’s tree', { part: 'modinfo' });
};

/** include/linux/license.h: with others the kernel is tainted, and keeps GPL-only symbols from it. */
const FREE = new Set(['GPL', 'GPL v2', 'GPL and additional rights', 'Dual BSD/GPL', 'Dual MIT/GPL', 'Dual MPL/GPL']);

const license: Maker = ({ modinfo }) => {
  if (!modinfo) return undefined;
  const entry = modinfo.entries.find((one) => one.key === 'license');
  if (!entry) return fact('license', 'notice', 'names no licence', { part: 'modinfo' });
  if (FREE.has(entry.value)) return undefined;
  const evidence = { part: 'modinfo', name: 'license', range: entry.range } as const;
  return fact('license', 'notice', `licence ${entry.value}: taints the kernel`, evidence);
};

/** What of a group is said to be unusual, and how loud. */
function group(id: string, tone: VerdictFact['tone']): Maker {
  return ({ capabilities }) => {
    const found = capabilities?.groups.find((one) => one.id === id);
    return found && fact(id, tone, groupText(found), ...found.imports.map(importEvidence));
  };
}

/** Taking oneself off the list needs no import: the code is what shows it. */
const ownEntry: Maker = ({ capabilities }) => {
  const uses = capabilities?.ownEntry;
  const text = 'its code reaches into its own entry of the list of modules';
  return (
    uses && fact('own-entry', 'warning', text, ...uses.map(({ range }) => ({ part: 'relocations', range }) as const))
  );
};

const importEvidence = ({ name }: { readonly name: string }): Evidence => ({ part: 'imports', name });

function groupText({ title, imports }: CapabilityGroup): string {
  const shown = imports.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const rest = imports.length - shown.length;
  return `${title.toLowerCase()}: ${shown.join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
}

const removal: Maker = ({ functions, identity }) => {
  if (!functions || functions.entries.length === 0 || !identity?.name) return undefined;
  const roles = new Set(functions.entries.map(({ role }) => role));
  if (roles.has('init') && !roles.has('exit')) {
    return fact('removal', 'notice', 'has no exit function: it stays until the restart', { part: 'functions' });
  }
  return undefined;
};

const build: Maker = ({ identity }) => {
  const release = identity?.vermagic?.release;
  if (!identity || release === undefined) return undefined;
  const [compiler] = identity.compilers;
  const by = compiler === undefined ? '' : `, by ${compiler}`;
  return fact('build', 'neutral', `built for ${release}${by}`, { part: 'modinfo', name: 'vermagic' });
};

const purpose: Maker = ({ modinfo }) => {
  const entry = modinfo?.entries.find((one) => one.key === 'description');
  return (
    entry &&
    fact('purpose', 'neutral', `calls itself “${entry.value.slice(0, 120)}”`, {
      part: 'modinfo',
      name: 'description',
      range: entry.range,
    })
  );
};

const hardware: Maker = ({ modinfo }) => {
  const aliases = modinfo?.aliases.filter(({ bus }) => bus !== undefined) ?? [];
  const buses = [...new Set(aliases.map(({ bus }) => bus))];
  if (buses.length === 0) return undefined;
  const text = `loaded by itself by ${String(aliases.length)} alias${aliases.length === 1 ? '' : 'es'}: ${buses.join(', ')}`;
  return fact('hardware', 'neutral', text, { part: 'modinfo', name: 'alias' });
};

const unknown: Maker = ({ capabilities }) => {
  const list = capabilities?.unknown ?? [];
  if (list.length === 0) return undefined;
  const what = `${String(list.length)} import${list.length === 1 ? ' is' : 's are'} of unknown purpose`;
  return fact(
    'unknown',
    'neutral',
    what,
    ...list.slice(0, 20).map((name) => ({ part: 'capabilities', name }) as const),
  );
};

/** What cannot be read is said first: facts about the rest are facts about a rest. */
const unread: Maker = (parts) => {
  const damaged = PART_ORDER.filter((name) => (parts[name]?.problems.length ?? 0) > 0);
  if (damaged.length === 0) return undefined;
  const where = [...new Set(damaged.flatMap((name) => parts[name]?.problems.map((problem) => problem.where) ?? []))];
  const rest = where.length - NAMES_SHOWN;
  const text = `not all of it can be read: ${where.slice(0, NAMES_SHOWN).join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
  return fact('unread', 'warning', text, ...damaged.map((part) => ({ part }) as const));
};

const PART_ORDER = ['elf', 'sections', 'identity', 'modinfo', 'imports', 'functions'] as const;

const imports: Maker = ({ imports: part }) =>
  part &&
  (part.entries.length > 0 || part.problems.length === 0
    ? fact('imports', 'neutral', `takes ${String(part.entries.length)} symbols from others`, { part: 'imports' })
    : undefined);

const MAKERS: readonly Maker[] = [
  unread,
  signature,
  names,
  ownEntry,
  group('hooking', 'warning'),
  group('hiding', 'warning'),
  group('privileges', 'warning'),
  group('memory', 'warning'),
  group('keyboard', 'warning'),
  group('persistence', 'warning'),
  origin,
  license,
  removal,
  group('processes', 'notice'),
  group('files', 'notice'),
  group('network', 'notice'),
  purpose,
  build,
  hardware,
  unknown,
  imports,
];

/** Louder ones first; the same loudness in the order above. */
export function verdictFacts(parts: Parts): VerdictFact[] {
  return MAKERS.flatMap((make) => make(parts) ?? [])
    .toSorted((a, b) => TONES.indexOf(a.tone) - TONES.indexOf(b.tone))
    .slice(0, MOST_FACTS);
}

export function verdictPart({ part }: Making): VerdictPart {
  const parts = {
    elf: part('elf'),
    sections: part('sections'),
    signature: part('signature'),
    identity: part('identity'),
    modinfo: part('modinfo'),
    capabilities: part('capabilities'),
    imports: part('imports'),
    functions: part('functions'),
  };
  return { facts: verdictFacts(parts), problems: [] };
}
