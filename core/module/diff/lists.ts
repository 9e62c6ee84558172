/** What one list has and the other has not. */
import type { Changed } from '#contract/diff.ts';

/** Names in both, in the order of the first, then those of the second alone. */
export function changes<T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
  isSame: (a: T, b: T) => boolean,
): Changed<T>[] {
  const found: Changed<T>[] = [];
  for (const [name, one] of a) {
    const other = b.get(name);
    if (other === undefined) found.push({ name, a: one });
    else if (!isSame(one, other)) found.push({ name, a: one, b: other });
  }
  for (const [name, other] of b) if (!a.has(name)) found.push({ name, b: other });
  return found;
}

/** Values that `list` has and `other` has not, each once. */
export function without<T>(list: readonly T[], other: readonly T[]): T[] {
  const known = new Set(other);
  return [...new Set(list)].filter((value) => !known.has(value));
}

/** Both ways round, with each list gone through once. */
export function apart<T>(a: readonly T[], b: readonly T[]): { readonly onlyA: T[]; readonly onlyB: T[] } {
  const [inA, inB] = [new Set(a), new Set(b)];
  return { onlyA: [...inA].filter((value) => !inB.has(value)), onlyB: [...inB].filter((value) => !inA.has(value)) };
}

/** By name; the second of one name is `name#2`. */
export function named<T>(list: readonly T[], nameOf: (value: T) => string): Map<string, T> {
  const found = new Map<string, T>();
  const counts = new Map<string, number>();
  for (const value of list) {
    const name = nameOf(value);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    found.set(count === 1 ? name : `${name}#${String(count)}`, value);
  }
  return found;
}
