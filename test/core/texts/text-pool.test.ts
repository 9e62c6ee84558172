import { describe, expect, test } from 'vitest';
import { lowered } from '#core/filter/text-test.ts';
import { TextPool } from '#core/texts/text-pool.ts';

/** Numbers that look like any, and are the same each time. */
function* numbers(): Generator<number, never> {
  for (let state = 42; ;) yield (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
}

const WORDS = ['passwd', 'PassWD', 'modeset=1', 'Ünïcode', '[@`{', 'xt_', 'é', ''];

function texts(count: number): string[] {
  const random = numbers();
  const next = (): number => random.next().value >>> 8;
  const made = Array.from({ length: count }, (_, at) =>
    Array.from({ length: next() % 12 }, () => WORDS[next() % WORDS.length]).join(at % 3 === 0 ? ' ' : at.toString(36)),
  );
  return [...new Set([...made, 'x'.repeat(8000), `${'y'.repeat(5000)}needle`])];
}

describe('a pool of texts', () => {
  const all = texts(40_000);
  const pool = new TextPool();
  while (pool.open().next().done !== true);
  for (const [at, text] of all.entries()) {
    const bytes = Buffer.from(text);
    expect(pool.codeOf(bytes, 0, bytes.length)).toBe(at + 1);
  }

  test.each(['passwd', 'PASSWD', '[@', '`{', 'needle', 'xt_', 'ï', 'É', 'x1', 'nowhere'])(
    'holds %s where it does',
    (part) => {
      const finding = pool.find({ kind: 'contains', part });
      let step = finding?.next();
      while (step?.done === false) step = finding?.next();
      const found = all.flatMap((_, at) => ((step?.value as Uint8Array)[at + 1] === 1 ? [at] : []));
      expect(found).toEqual(all.flatMap((text, at) => (lowered(text).includes(lowered(part)) ? [at] : [])));
    },
  );
});
