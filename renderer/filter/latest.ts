/**
 * Asks one question at a time: while one is under way, only the last of those that came meanwhile waits. Who types fast
 * would otherwise wait for answers to texts that nobody looks at any more.
 *
 * @returns the same question; undefined for one that gave way to a later one
 */
export function latest<Args extends readonly unknown[], Answer>(
  ask: (...args: Args) => Promise<Answer>,
): (...args: Args) => Promise<Answer | undefined> {
  let underWay: Promise<unknown> = Promise.resolve();
  let last = 0;
  return async (...args) => {
    const own = ++last;
    const before = underWay;
    let done: () => void = () => undefined;
    underWay = new Promise<void>((resolve) => (done = resolve));
    try {
      await before;
      return own === last ? await ask(...args) : undefined;
    } finally {
      done();
    }
  };
}
