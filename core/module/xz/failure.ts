/** Bytes that are no xz stream, are damaged, or are made in a way that is not read; `message` says which. */
export class XzError extends Error {}

/** A stream that is as it should be, with a filter or a check that is not read here; `message` names it. */
export class XzNotReadError extends XzError {}
