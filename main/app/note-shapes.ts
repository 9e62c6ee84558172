/** What notes, kept views and case files may hold; files and messages of the page are checked with the same shapes. */
import { MOST_FILTER } from '#contract/filter.ts';
import { MOST_VIEW_NAME, MOST_VIEWS, type ViewKept } from '#contract/kept-view.ts';
import {
  MOST_ABOUT,
  MOST_ANNOTATIONS,
  MOST_NOTE,
  MOST_TAG,
  MOST_TAGS,
  type Annotation,
  type CaseFile,
} from '#contract/notes.ts';
import { z } from 'zod';

const count = z.int().min(0);
const wide = z.union([z.int(), z.string().regex(/^-?\d{1,20}$/)]);
const moment = z.iso.datetime({ offset: true });

const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('attempt'), callId: count }),
  z.strictObject({ kind: z.literal('event'), seq: count }),
  z.strictObject({ kind: z.literal('module'), name: z.string().min(1).max(MOST_ABOUT) }),
  z.strictObject({ kind: z.literal('image'), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({ kind: z.literal('interval'), fromNs: wide, toNs: wide }),
]);

const annotation = z.strictObject({
  target,
  about: z.string().max(MOST_ABOUT),
  ns: wide.exactOptional(),
  bookmarked: z.boolean(),
  tags: z.array(z.string().min(1).max(MOST_TAG)).max(MOST_TAGS),
  text: z.string().max(MOST_NOTE),
  author: z.string().max(MOST_ABOUT),
  changed: moment,
});

export const annotationsShape: z.ZodType<readonly Annotation[]> = z.array(annotation).max(MOST_ANNOTATIONS);

const name = z.string().regex(/^[a-z][A-Za-z0-9.-]{0,63}$/);

export const layoutShape = z.strictObject({
  columns: z.array(name).min(1).max(64),
  widths: z
    .record(name, z.number().min(16).max(10_000))
    .refine((widths) => Object.keys(widths).length <= 64, 'expected at most 64 widths'),
});

export const viewsShape: z.ZodType<readonly ViewKept[]> = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(MOST_VIEW_NAME),
      view: name,
      filter: z.string().max(MOST_FILTER).exactOptional(),
      sort: name.exactOptional(),
      descending: z.boolean().exactOptional(),
      layout: layoutShape.exactOptional(),
      interval: z.strictObject({ fromNs: wide, toNs: wide }).exactOptional(),
    }),
  )
  .max(MOST_VIEWS);

export const caseShape: z.ZodType<CaseFile> = z.strictObject({
  format: z.literal('modtrail-case'),
  version: z.literal(1),
  written: moment,
  capture: z.strictObject({ uuid: z.string().min(1).max(64), name: z.string().max(4096) }),
  annotations: annotationsShape,
  views: viewsShape,
});
