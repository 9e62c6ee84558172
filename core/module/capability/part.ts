/** Imports by what they give the module. */
import type { CapabilitiesPart, CapabilityGroup, CapabilityImport, ModuleImport } from '#contract/inspect.ts';
import type { OwnUse } from '#contract/inspect-facts.ts';
import { Problems } from '../failure.ts';
import type { Making } from '../inspect.ts';
import { capabilityOf } from './lookup.ts';
import { usesOfOwnEntry } from './own-entry.ts';
import { GROUPS } from './table.ts';

/** The groups that these imports belong to, most telling first, and those that nothing is known of. */
export function capabilitiesOf(
  imports: readonly Pick<ModuleImport, 'name'>[],
): Pick<CapabilitiesPart, 'groups' | 'unknown'> {
  const byGroup = new Map<string, CapabilityImport[]>();
  const unknown: string[] = [];
  for (const { name } of imports) {
    const known = capabilityOf(name);
    if (!known) {
      unknown.push(name);
      continue;
    }
    const list = byGroup.get(known.group.id) ?? [];
    list.push({ name, gives: known.row.gives, source: known.row.source });
    byGroup.set(known.group.id, list);
  }
  const groups = GROUPS.flatMap(({ id, title, text, weight }): CapabilityGroup[] => {
    const found = byGroup.get(id);
    return found ? [{ id, title, text, weight, imports: found }] : [];
  });
  return { groups, unknown };
}

export function capabilitiesPart({ image, part }: Making): CapabilitiesPart {
  const problems = new Problems();
  let ownEntry: readonly OwnUse[] = [];
  problems.attempt(() => {
    ownEntry = usesOfOwnEntry(image);
  });
  return {
    ...capabilitiesOf(part('imports')?.entries ?? []),
    ...(ownEntry.length > 0 ? { ownEntry } : {}),
    problems: problems.all(),
  };
}
