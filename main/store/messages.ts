/** The messages between main and the store process: numbered requests, each answered once. */
import type { StoreApi } from '#contract/api.ts';
import type { SavedImage } from '#contract/image.ts';
import { ERROR_CODES, type Result } from '#contract/result.ts';
import type { VerifyStep } from '#contract/seal.ts';
import { z } from 'zod';
import { STORE_SHAPES, type Shape } from './shapes.ts';

/** An open capture as the store tells it; info and clock are passed on as they are. */
const openedFacts = z.strictObject({
  handle: z.string(),
  info: z.looseObject({ completeness: z.enum(['finished', 'unfinished', 'recording']) }),
  clock: z.array(z.unknown()),
});

/** Verbs between main and the store that the page does not have. A path is only ever in `open`. */
export interface StoreLifetime {
  open(path: string): Promise<Result<OpenedAnswer>>;
  close(handle: string): Promise<Result<null>>;
  refresh(handle: string): Promise<Result<OpenedAnswer | null>>;
  /** Walks the seal for a moment and tells how far it came; asked again, it goes on. `restart` begins anew. */
  verifyStep(handle: string, restart: boolean): Promise<Result<VerifyStep>>;
  /** Writes the exact bytes of a kept image; what is there already is replaced, as its owner has agreed to. */
  saveImage(handle: string, sha256: string, path: string): Promise<Result<SavedImage>>;
}

export type OpenedAnswer = z.infer<typeof openedFacts>;

/** Everything that main may ask. */
export type StoreVerbs = StoreApi & StoreLifetime;
export type StoreVerb = keyof StoreVerbs;

/** Shape of the argument list of each verb. */
export const SHAPES: { readonly [V in StoreVerb]: Shape<Parameters<StoreVerbs[V]>> } = {
  ...STORE_SHAPES,
  open: z.tuple([z.string().min(1).max(4096)]),
  close: z.tuple([z.string().max(64)]),
  refresh: z.tuple([z.string().max(64)]),
  verifyStep: z.tuple([z.string().max(64), z.boolean()]),
  saveImage: z.tuple([z.string().max(64), z.string().regex(/^[0-9a-f]{64}$/), z.string().min(1).max(4096)]),
};

const VERBS = Object.keys(SHAPES) as StoreVerb[];

export const request = z.strictObject({ id: z.int().min(1), verb: z.enum(VERBS), args: z.array(z.unknown()).max(4) });
export type Request = z.infer<typeof request>;

const failure = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  detail: z.string().exactOptional(),
});
const result = z.union([
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: failure }),
]);

export const answer = z.strictObject({ id: z.int().min(1), result });
export type Answer = z.infer<typeof answer>;

/** What main itself relies on in an answer; rows go on to the page, which has no rights to lose. */
export const ANSWER_SHAPES: { readonly [V in StoreVerb]?: z.ZodType } = {
  open: openedFacts,
  refresh: openedFacts.nullable(),
  close: z.null(),
};
