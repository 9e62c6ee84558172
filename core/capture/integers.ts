/** The least and the most that an integer of SQLite can be. */
export const LEAST_INTEGER = -(2n ** 63n);
export const MOST_INTEGER = 2n ** 63n - 1n;

/** The integer of SQLite that is nearest to a number. */
export const clamped = (value: bigint): bigint =>
  value < LEAST_INTEGER ? LEAST_INTEGER : value > MOST_INTEGER ? MOST_INTEGER : value;
