/** A process of the tree as the window and the command line show it. */
import type { LineageRow } from '#contract/lineage.ts';
import { toWide } from '#contract/wide.ts';
import type { ClockMap } from '../capture/clock-map.ts';
import { definedOnly } from '../capture/defined.ts';
import type { InSight, PathOf } from './in-sight.ts';
import { UNKNOWN, type Lineage } from './lineage.ts';
import { NONE } from './nodes.ts';

export function lineageRow(
  { nodes, names }: Lineage,
  node: number,
  sight: InSight,
  clock: ClockMap,
  pathOf: PathOf,
): LineageRow {
  const at = (column: { readonly [index: number]: number }): number => column[node] ?? NONE;
  const wide = (column: BigInt64Array): bigint => column[node] ?? 0n;
  const parent = at(nodes.parent);
  const known = wide(nodes.pid) !== UNKNOWN;
  const earlier = [...(nodes.earlier.get(node) ?? [])].filter((name) => name !== at(nodes.comm));
  const exe = wide(nodes.exe);
  const uid = at(nodes.uid);
  const { firstNs, lastNs } = nodes.spanOf(node);
  return definedOnly<LineageRow>({
    id: node,
    parent: parent === NONE ? undefined : parent,
    level: at(nodes.level),
    place: at(nodes.place),
    siblings: parent === NONE ? nodes.roots.length : (nodes.children[parent] ?? 0),
    children: sight.childrenOf(node),
    open: sight.isOpen(node),
    matches: sight.matches(node),
    pid: known ? Number(wide(nodes.pid)) : undefined,
    reused: known && nodes.isReused(node) ? true : undefined,
    startTime: known ? clock.time(wide(nodes.startNs)) : undefined,
    startNs: known ? toWide(wide(nodes.startNs)) : undefined,
    comm: names[at(nodes.comm)],
    earlier: earlier.length === 0 ? undefined : earlier.map((name) => names[name] ?? ''),
    exe: exe === 0n ? undefined : pathOf(exe),
    uid: uid === NONE ? undefined : uid,
    cut: at(nodes.cut) === 1 ? true : undefined,
    own: nodes.ownOf(node),
    tree: nodes.treeOf(node),
    firstTime: clock.time(firstNs),
    lastTime: clock.time(lastNs),
    firstNs: toWide(firstNs),
    lastNs: toWide(lastNs),
  });
}
