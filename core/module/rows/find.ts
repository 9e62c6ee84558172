/** Finds a text in all that the inspector shows. */
import type { Hashes, InspectionParts, PartName } from '#contract/inspect.ts';
import type { ModuleList, ModuleRow } from '#contract/module-rows.ts';
import type { FoundInModule, ModuleTab, ModuleThing } from '#contract/module.ts';
import type { findReferences } from '../code/references.ts';
import type { Listing } from './listing.ts';

/** Things of each kind that are told; all are counted. */
const MOST = 12;

/** What a row is called where it was found. */
const KINDS = {
  sections: 'section',
  functions: 'function',
  symbols: 'symbol',
  strings: 'string',
  types: 'type',
} as const;

/** What it is looked for in. */
export interface FindSources {
  readonly part: <Name extends PartName>(name: Name) => InspectionParts[Name] | undefined;
  readonly list: (list: ModuleList) => Listing<ModuleRow>;
  /** Where code leads to a symbol whose name holds the text, which is in lower case. */
  readonly references: (wanted: string, most: number) => ReturnType<typeof findReferences>;
}

/** Things that are few enough to be looked at one by one, each with what the text may stand in. */
function* smallThings({ part }: FindSources): Generator<ModuleThing> {
  for (const { key, value, range } of part('modinfo')?.entries ?? []) {
    yield { tab: 'overview', kind: key || 'modinfo', words: value, ...range };
  }
  const hashes = part('identity')?.hashes;
  for (const [form, digests] of Object.entries(hashes ?? {})) {
    for (const [kind, words] of Object.entries({ ...(digests as Hashes) })) {
      yield { tab: 'overview', kind, words: `${words} (${form})` };
    }
  }
  for (const { name, description = '', range } of part('parameters')?.entries ?? []) {
    const words = description === '' ? name : `${name}: ${description}`;
    yield { tab: 'parameters', row: name, kind: 'parameter', words, ...range };
  }
  const signature = part('signature');
  for (const { name, issuer, serial, keyId } of signature?.signers ?? []) {
    for (const [kind, words] of Object.entries({ signer: name, issuer, serial, 'key id': keyId })) {
      if (words !== undefined) yield { tab: 'signature', kind, words, ...signature?.trailer?.signature };
    }
  }
}

export function findInModule(text: string, sources: FindSources): FoundInModule {
  const wanted = text.toLowerCase();
  const things: ModuleThing[] = [];
  const totals: Partial<Record<ModuleTab, number>> = {};
  for (const thing of smallThings(sources)) {
    if (!`${thing.kind} ${thing.words}`.toLowerCase().includes(wanted)) continue;
    const found = (totals[thing.tab] = (totals[thing.tab] ?? 0) + 1);
    if (found <= MOST) things.push({ ...thing, words: thing.words.slice(0, 300) });
  }
  for (const [list, kind] of Object.entries(KINDS) as [keyof typeof KINDS, string][]) {
    const listing = sources.list(list);
    const { ids, total } = listing.find(text, MOST);
    if (total > 0) totals[list] = total;
    for (const id of ids) {
      const row = listing.row(id);
      const words = 'text' in row ? row.text : 'name' in row ? row.name : '';
      const { offset, size } = row;
      things.push({
        ...{ tab: list, row: String(id), kind, words: words.slice(0, 300) },
        ...(offset === undefined ? {} : { offset }),
        ...(size === undefined ? {} : { size }),
      });
    }
  }
  const references = sources.references(wanted, MOST);
  if (references.total > 0) totals.code = references.total;
  things.push(...references.things);
  return { things, totals };
}
