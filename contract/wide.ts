/**
 * 64-bit values in JSON and across processes: a number where a double holds it exactly, otherwise a decimal string.
 * Kept as one type so that the command line's JSON and the app show the same value.
 */
export type Wide = number | string;

/** The value as it goes into JSON. */
export function toWide(value: bigint): Wide {
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value.toString();
}

/** The exact value again. Throws on a string that is not a decimal integer. */
export function fromWide(value: Wide): bigint {
  return BigInt(value);
}

/** The unsigned reading of a two's complement 64-bit integer, as SQLite stores registers and addresses. */
export function unsigned64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
