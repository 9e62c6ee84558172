/** A shape while it is filled in: its fields are assigned one by one, as spreading costs several times as much in a loop. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
