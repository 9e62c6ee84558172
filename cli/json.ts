/**
 * An answer as one line of JSON, in pieces: a module's lists have hundreds of thousands of rows, and the text of all of
 * them at once is several times as large as the module.
 */
import { write } from './output.ts';

/** Rows of a list that are written at once. */
const ROWS = 2000;
/** Characters that are collected before they are written. */
const ENOUGH = 256 * 1024;

/** The text that JSON.stringify makes of a value, in pieces: of lists with many rows, and of objects that may hold them. */
function* jsonPieces(value: object, depth: number): Generator<string> {
  let before = '{';
  for (const [key, one] of Object.entries(value) as [string, unknown][]) {
    if (one === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    before = ',';
    if (Array.isArray(one) && one.length > ROWS) yield* rows(one);
    else if (depth > 0 && typeof one === 'object' && one !== null && !Array.isArray(one))
      yield* jsonPieces(one, depth - 1);
    else yield JSON.stringify(one);
  }
  yield before === '{' ? '{}' : '}';
}

function* rows(list: readonly unknown[]): Generator<string> {
  for (let at = 0; at < list.length; at += ROWS) {
    const text = JSON.stringify(list.slice(at, at + ROWS));
    yield `${at === 0 ? '[' : ','}${text.slice(1, -1)}`;
  }
  yield ']';
}

/** Writes an object, whose properties may be objects with long lists, and ends the line. */
export async function writeJson(value: object): Promise<void> {
  let text = '';
  for (const piece of jsonPieces(value, 1)) {
    text += piece;
    if (text.length < ENOUGH) continue;
    await write(text);
    text = '';
  }
  await write(`${text}\n`);
}
