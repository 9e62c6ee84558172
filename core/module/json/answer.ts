/** An answer as one line of JSON: the same bytes as those of JSON.stringify, in pieces. */
import type { Inspection } from '#contract/inspect.ts';
import type { JsonBytes } from './bytes.ts';
import { rowsOf } from './rows.ts';

/** Rows between two looks at how much there is. */
const ROWS = 1000;

/** Writes the answer, and stops now and then: what was written may be taken there. */
export function* writeAnswer(out: JsonBytes, answer: Inspection): Generator<JsonBytes> {
  let before = '{';
  for (const [name, part] of Object.entries(answer) as [string, unknown][]) {
    if (part === undefined) continue;
    out.raw(`${before}"${name}":`);
    before = ',';
    if (typeof part === 'object' && part !== null && !Array.isArray(part)) yield* writePart(out, part);
    else out.value(part);
    yield out;
  }
  out.raw('}\n');
  yield out;
}

/** Values are looked at one at a time: a list that is made for it is not kept longer than it is written. */
function* writePart(out: JsonBytes, part: object): Generator<JsonBytes> {
  const rows = rowsOf(part);
  let before = '{';
  for (const key of Object.keys(part)) {
    if (key === 'entries' && rows) {
      out.raw(`${before}"entries":[`);
      for (let index = 0; index < rows.count; index += 1) {
        if (index > 0) out.raw(',');
        rows.write(out, index);
        if (index % ROWS === ROWS - 1) yield out;
      }
      out.raw(']');
    } else {
      const value = (part as Record<string, unknown>)[key];
      if (value === undefined) continue;
      out.raw(`${before}"${key}":`);
      if (Array.isArray(value) && value.length > ROWS) yield* writeList(out, value);
      else out.value(value);
    }
    before = ',';
  }
  out.raw(before === '{' ? '{}' : '}');
}

function* writeList(out: JsonBytes, list: readonly unknown[]): Generator<JsonBytes> {
  for (const [index, row] of list.entries()) {
    out.raw(index === 0 ? '[' : ',');
    out.value(row);
    if (index % ROWS === ROWS - 1) yield out;
  }
  out.raw(']');
}
