/** What is made when it is first asked for, and only once: lists that hardly anybody looks at cost nothing until then. */
export function later<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
