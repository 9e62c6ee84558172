/** Whoever looks at the tree while attempts are counted sees what was counted until then. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VERDICTS } from '#contract/attempt.ts';
import { Nodes, NONE } from '#core/lineage/nodes.ts';

interface Counted {
  readonly node: number;
  readonly verdict: number;
  readonly ns: bigint;
  readonly lastNs: bigint;
}

/** What a look at one process says, found by going up from each attempt. */
function naive(nodes: Nodes, node: number, all: readonly Counted[]): unknown {
  const isUnder = ({ node: from }: Counted): boolean => {
    let at = from;
    while (at !== NONE && at !== node) at = nodes.parent[at] ?? NONE;
    return at === node;
  };
  const under = all.filter(isUnder);
  const byVerdict = (counted: readonly Counted[]): number[] =>
    VERDICTS.map((_, at) => counted.filter(({ verdict }) => verdict === at).length);
  const least = under.reduce((one, { ns }) => (ns < one ? ns : one), under[0]?.ns ?? 0n);
  const most = under.reduce((one, { lastNs }) => (lastNs > one ? lastNs : one), under[0]?.lastNs ?? 0n);
  return {
    tree: byVerdict(under),
    own: byVerdict(under.filter((counted) => counted.node === node)),
    span: under.length === 0 ? undefined : { firstNs: least, lastNs: most },
  };
}

const deed = fc.record({
  parent: fc.nat({ max: 30 }),
  isNew: fc.boolean(),
  verdict: fc.nat({ max: VERDICTS.length - 1 }),
  ns: fc.bigInt({ min: -5n, max: 50n }),
  looks: fc.boolean(),
});

test('counts and moments of every tree, whenever they are asked for', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => {
      const nodes = new Nodes(1);
      const all: Counted[] = [];
      deeds.forEach(({ parent, isNew, verdict, ns, looks }, at) => {
        const above = nodes.size === 0 ? NONE : parent % nodes.size;
        const node = isNew || above === NONE ? nodes.of(above, BigInt(at), 1n) : above;
        const counted = { node, verdict, ns, lastNs: ns + BigInt(at % 3) };
        nodes.count(counted.node, counted.verdict, counted.ns, counted.lastNs);
        all.push(counted);
        for (let seen = 0; looks && seen < nodes.size; seen++) {
          const expected = naive(nodes, seen, all);
          expect({ tree: nodes.treeOf(seen), own: nodes.ownOf(seen), span: nodes.spanOf(seen) }).toEqual(expected);
        }
      });
    }),
    { numRuns: 200 },
  );
});
