/** What a person writes beside a capture: notes, tags and bookmarks. They are never part of the evidence. */
import type { ViewKept } from './kept-view.ts';
import type { Wide } from './wide.ts';

/** What a note can be about. */
export type NoteTarget =
  | { readonly kind: 'attempt'; readonly callId: number }
  | { readonly kind: 'event'; readonly seq: number }
  | { readonly kind: 'module'; readonly name: string }
  | { readonly kind: 'image'; readonly sha256: string }
  /** Boot time in nanoseconds, both ends included. */
  | { readonly kind: 'interval'; readonly fromNs: Wide; readonly toNs: Wide };

export type NoteKind = NoteTarget['kind'];

/** One thing that was noted; there is at most one for each target. */
export interface Annotation {
  readonly target: NoteTarget;
  /** What it is about in a few words, as it was shown when it was noted. */
  readonly about: string;
  /** The moment that it is about, boot time in nanoseconds; absent where it is about none. */
  readonly ns?: Wide;
  readonly bookmarked: boolean;
  readonly tags: readonly string[];
  /** Plain text with line breaks; empty where nothing was written. */
  readonly text: string;
  /** Name of the user who changed it last. */
  readonly author: string;
  /** RFC 3339, of the last change. */
  readonly changed: string;
}

/** Annotations of a capture at most. */
export const MOST_ANNOTATIONS = 10_000;
/** Characters of a note at most. */
export const MOST_NOTE = 20_000;
/** Characters of `about` and of an author's name at most. */
export const MOST_ABOUT = 300;
export const MOST_TAGS = 16;
export const MOST_TAG = 64;
/** Bytes of a file of notes, or of a case file, at most. */
export const MOST_CASE_BYTES = 16 << 20;

/** What is kept of a capture. */
export interface KeptNotes {
  readonly annotations: readonly Annotation[];
  /** The user who would write now. */
  readonly author: string;
  /** Where a file that could not be read was put, so that nothing of it is lost. */
  readonly keptAside?: string;
}

/** A case file (docs/case-file.md). */
export interface CaseFile {
  readonly format: 'modtrail-case';
  readonly version: 1;
  /** RFC 3339. */
  readonly written: string;
  /** Of the capture that the annotations are about. */
  readonly capture: { readonly uuid: string; readonly name: string };
  readonly annotations: readonly Annotation[];
  readonly views: readonly ViewKept[];
}

/** One text for each target. */
export function targetKey(target: NoteTarget): string {
  switch (target.kind) {
    case 'attempt':
      return `attempt ${String(target.callId)}`;
    case 'event':
      return `event ${String(target.seq)}`;
    case 'module':
      return `module ${target.name}`;
    case 'image':
      return `image ${target.sha256}`;
    case 'interval':
      return `interval ${String(target.fromNs)} ${String(target.toNs)}`;
  }
}
