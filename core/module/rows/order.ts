/**
 * The order of a long list by one column, without an object for each of its rows: every row gets a rank among the keys,
 * and ranks are counted.
 */

type KeyOf = (id: number) => number | string;

/** Gives memory back at once, where the engine can: what waits to be collected adds up from one column to the next. */
function release(memory: ArrayBuffer): void {
  (memory as { readonly transfer?: (size: number) => ArrayBuffer }).transfer?.(0);
}

/** Puts `ids` in the order of their keys, all of them numbers or all texts; those with the same key stay as they are. */
export function sortBy(ids: Uint32Array, key: KeyOf): void {
  const count = ids.length;
  const [first] = ids;
  if (first === undefined) return;
  const isNumber = typeof key(first) === 'number';
  const memory = new ArrayBuffer((isNumber ? 20 : 12) * count);
  // Keys are not needed any more once there are ranks.
  const before = new Uint32Array(memory, 0, count);
  const next = new Uint32Array(memory, 4 * count, count);
  const ranks = new Uint32Array(memory, (isNumber ? 16 : 8) * count, count);
  if (isNumber) rankNumbers(ids, key, ranks, new Float64Array(memory, 0, 2 * count));
  else rankTexts(ids, key, ranks);
  before.set(ids);
  // Where the next row of a rank goes.
  next.fill(0);
  for (let at = 0; at < count; at += 1) next[ranks[at] ?? 0] = (next[ranks[at] ?? 0] ?? 0) + 1;
  for (let rank = 0, from = 0; rank < count; rank += 1) {
    const rows = next[rank] ?? 0;
    next[rank] = from;
    from += rows;
  }
  for (let at = 0; at < count; at += 1) {
    const rank = ranks[at] ?? 0;
    const place = next[rank] ?? 0;
    ids[place] = before[at] ?? 0;
    next[rank] = place + 1;
  }
  release(memory);
}

/** How many keys are smaller. @param memory - room for two numbers of each row */
function rankNumbers(ids: Uint32Array, key: KeyOf, ranks: Uint32Array, memory: Float64Array): void {
  const keys = memory.subarray(0, ids.length);
  for (let at = 0; at < keys.length; at += 1) keys[at] = Number(key(ids[at] ?? 0));
  const sorted = memory.subarray(ids.length);
  sorted.set(keys);
  sorted.sort();
  for (let at = 0; at < keys.length; at += 1) {
    const wanted = keys[at] ?? 0;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    ranks[at] = low;
  }
}

/** How many different texts are smaller: most lists say the same few again and again. */
function rankTexts(ids: Uint32Array, key: KeyOf, ranks: Uint32Array): void {
  const numbers = new Map<string, number>();
  for (let at = 0; at < ids.length; at += 1) {
    const text = String(key(ids[at] ?? 0));
    const known = numbers.get(text) ?? numbers.size;
    if (known === numbers.size) numbers.set(text, known);
    ranks[at] = known;
  }
  const rankOf = new Uint32Array(numbers.size);
  let rank = 0;
  for (const text of [...numbers.keys()].sort()) rankOf[numbers.get(text) ?? 0] = rank++;
  for (let at = 0; at < ids.length; at += 1) ranks[at] = rankOf[ranks[at] ?? 0] ?? 0;
}
