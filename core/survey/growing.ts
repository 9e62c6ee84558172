/** Typed arrays that grow. */

/** Any of the columns that are kept of millions of rows. */
export type Column = Int8Array | Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array | BigInt64Array;

const FIRST_ROOM = 1024;

/**
 * The array itself, or one with the same beginning and room for at least `size` values.
 * @param expected how many there will be, as far as known: room that is not used costs no memory, moving does
 */
export function withRoom<C extends Column>(column: C, size: number, expected = 0): C {
  if (column.length >= size) return column;
  const room = Math.max(FIRST_ROOM, size, expected, Math.ceil(column.length * 1.5));
  const Kind = column.constructor as new (length: number) => C;
  const wider = new Kind(room);
  (wider as { set(from: Column): void }).set(column);
  return wider;
}
