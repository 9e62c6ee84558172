/** Which processes are shown, one below the other: what is open, and what a text is found in. */
import type { LineageView } from '#contract/lineage.ts';
import type { Lineage } from './lineage.ts';
import { NONE, type Nodes } from './nodes.ts';

/** What is shown of a tree. */
export interface InSight {
  /** Nodes in the order of the rows. */
  readonly rows: Int32Array;
  /** Whether a node's children are shown. */
  isOpen(node: number): boolean;
  matches(node: number): boolean;
  /** Children that are shown once it is open. */
  childrenOf(node: number): number;
}

/** Marks of nodes while a text is looked for. */
const MATCHES = 1;
const ABOVE = 2;
const BELOW = 4;

export type PathOf = (file: bigint) => string | undefined;

/** Marks every node in which the text occurs, what led to it and what came of it. */
function mark({ nodes, names }: Lineage, text: string, pathOf: PathOf): Uint8Array {
  const marks = new Uint8Array(nodes.size);
  const wanted = text.toLowerCase();
  const named = names.map((name) => name.toLowerCase().includes(wanted));
  const paths = new Map<bigint, boolean>();
  const isNumber = /^\d+$/.test(text) && text.length < 19 ? BigInt(text) : undefined;
  const inPath = (file: bigint): boolean => {
    const known = paths.get(file) ?? pathOf(file)?.toLowerCase().includes(wanted) ?? false;
    paths.set(file, known);
    return known;
  };
  for (let node = 0; node < nodes.size; node++) {
    const exe = nodes.exe[node] ?? 0n;
    const above = nodes.parent[node] ?? NONE;
    const found =
      named[nodes.comm[node] ?? NONE] === true ||
      nodes.pid[node] === isNumber ||
      (exe !== 0n && inPath(exe)) ||
      [...(nodes.earlier.get(node) ?? [])].some((name) => named[name]);
    const below = above !== NONE && ((marks[above] ?? 0) & (MATCHES | BELOW)) !== 0;
    marks[node] = (found ? MATCHES : 0) | (below ? BELOW : 0);
  }
  for (let node = nodes.size - 1; node >= 0; node--) {
    const above = nodes.parent[node] ?? NONE;
    if (above !== NONE && ((marks[node] ?? 0) & (MATCHES | ABOVE)) !== 0) marks[above] = (marks[above] ?? 0) | ABOVE;
  }
  return marks;
}

function shownChildren(nodes: Nodes, marks: Uint8Array, node: number): number {
  let count = 0;
  for (let child = nodes.firstChild[node] ?? NONE; child !== NONE; child = nodes.nextSibling[child] ?? NONE) {
    if (marks[child] !== 0) count++;
  }
  return count;
}

/** The rows of a view. */
export function inSight(lineage: Lineage, view: LineageView, pathOf: PathOf): InSight {
  const { nodes } = lineage;
  const toggled = new Set(view.toggled);
  const text = view.text ?? '';
  const marks = text === '' ? undefined : mark(lineage, text, pathOf);
  const isShown = (node: number): boolean => marks === undefined || marks[node] !== 0;
  const isOpen = (node: number): boolean => {
    const first = marks ? ((marks[node] ?? 0) & ABOVE) !== 0 : nodes.parent[node] === NONE;
    return (view.everything === true || first !== toggled.has(node)) && (nodes.children[node] ?? 0) > 0;
  };
  const rows = new Int32Array(nodes.size);
  let count = 0;
  // What is open is walked through without recursion: a forged chain is as deep as its maker wants.
  for (const root of nodes.roots) {
    let node = root;
    while (node !== NONE) {
      const shown = isShown(node);
      if (shown) rows[count++] = node;
      let next = shown && isOpen(node) ? (nodes.firstChild[node] ?? NONE) : NONE;
      while (next === NONE && node !== root) {
        next = nodes.nextSibling[node] ?? NONE;
        if (next === NONE) node = nodes.parent[node] ?? NONE;
      }
      if (next === NONE) break;
      node = next;
    }
  }
  return {
    rows: rows.slice(0, count),
    isOpen,
    matches: (node) => marks === undefined || ((marks[node] ?? 0) & MATCHES) !== 0,
    childrenOf: (node) => (marks ? shownChildren(nodes, marks, node) : (nodes.children[node] ?? 0)),
  };
}
