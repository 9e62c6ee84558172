/** Goes on with what is done in pieces until its end. */
export function ended<Value>(work: Generator<void, Value>): Value {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
