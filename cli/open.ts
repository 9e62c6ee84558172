/** Opens a capture for one command and lets go of it afterwards. */
import { createStore, type OpenedFacts, type Store } from '#core/store/store.ts';
import { valueOf } from './output.ts';

export async function withCapture(
  path: string,
  work: (store: Store, opened: OpenedFacts) => Promise<void>,
): Promise<void> {
  const store = createStore();
  try {
    await work(store, valueOf(store.open(path)));
  } finally {
    store.closeAll();
  }
}

/** All rows, a page at a time. */
export async function eachRow<Row>(
  page: (start: number, limit: number) => { rows: readonly Row[]; total: number },
  limit: number,
  work: (row: Row) => Promise<void>,
): Promise<void> {
  const size = 500;
  for (let start = 0; start < limit;) {
    const { rows } = page(start, Math.min(size, limit - start));
    for (const row of rows) await work(row);
    if (rows.length === 0) return;
    start += rows.length;
  }
}
