/** What comes next: a binary heap by time, and by order of arrival where times are equal. */

export interface Timed {
  at: number;
}

interface Entry<T extends Timed> {
  readonly at: number;
  readonly order: number;
  readonly item: T;
}

export class Heap<T extends Timed> {
  readonly #entries: Entry<T>[] = [];
  #order = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** When the next one is due. */
  get next(): number {
    return this.#entries[0]?.at ?? Infinity;
  }

  push(item: T): void {
    const entries = this.#entries;
    const entry = { at: item.at, order: this.#order++, item };
    let place = entries.length;
    entries.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = entries[above];
      if (!other || !isBefore(entry, other)) break;
      entries[place] = other;
      place = above;
    }
    entries[place] = entry;
  }

  pop(): T | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (!first || !last || entries.length === 0) return first?.item;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      let other = entries[below];
      const right = entries[below + 1];
      if (other && right && isBefore(right, other)) {
        other = right;
        below++;
      }
      if (!other || isBefore(last, other)) break;
      entries[place] = other;
      place = below;
    }
    entries[place] = last;
    return first.item;
  }
}

function isBefore<T extends Timed>(one: Entry<T>, other: Entry<T>): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
