/** Which bytes differ, offset by offset. */
import type { ModuleDiff } from '#contract/diff.ts';
import type { Range } from '#contract/inspect.ts';

const MOST_RANGES = 1000;
/** Differences this close are one range. */
const CLOSE = 8;
const BLOCK = 4096;

export function diffBytes(a: Uint8Array, b: Uint8Array): ModuleDiff['bytes'] {
  const [one, other] = [
    Buffer.from(a.buffer, a.byteOffset, a.byteLength),
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  ];
  const common = Math.min(one.length, other.length);
  const ranges: Range[] = [];
  let [different, from, last, more] = [0, -1, -1, false];
  const close = (): void => {
    if (from === -1) return;
    if (ranges.length < MOST_RANGES) ranges.push({ offset: from, size: last - from + 1 });
    else more = true;
  };
  for (let block = 0; block < common; block += BLOCK) {
    const end = Math.min(common, block + BLOCK);
    if (one.compare(other, block, end, block, end) === 0) continue;
    for (let at = block; at < end; at += 1) {
      if (one[at] === other[at]) continue;
      different += 1;
      if (from === -1 || at - last > CLOSE) {
        close();
        from = at;
      }
      last = at;
    }
  }
  close();
  const rest = Math.max(one.length, other.length) - common;
  if (rest > 0) ranges.push({ offset: common, size: rest });
  return { different: different + rest, ranges, more };
}
