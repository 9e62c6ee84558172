/** Values some at a time, for who asks about several in one statement. */
export function* inPieces<Value>(values: Iterable<Value>, length: number): Generator<Value[]> {
  let piece: Value[] = [];
  for (const value of values) {
    if (piece.push(value) < length) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
