/** The messages between main and the store process: numbered requests, each answered once. */
import type { ModuleApi, StoreApi } from '#contract/api.ts';
import type { SavedImage } from '#contract/image.ts';
import { ERROR_CODES, type Result } from '#contract/result.ts';
import type { ExportPlace, ExportRequest, ExportStep } from '#contract/row-export.ts';
import type { VerifyStep } from '#contract/seal.ts';
import { z } from 'zod';
import { exportRequest, MODULE_SHAPES, STORE_SHAPES, type Shape } from './shapes.ts';

/** As CaptureInfo has it. */
const completeness = z.enum(['finished', 'unfinished', 'recording']);

/** An open capture as the store tells it; info and clock are passed on as they are. */
const openedFacts = z.strictObject({
  handle: z.string(),
  info: z.looseObject({ completeness }),
  clock: z.array(z.unknown()),
});

/** Verbs between main and the store that the page does not have. A path is only ever in `open`. */
export interface StoreLifetime {
  open(path: string): Promise<Result<OpenedAnswer>>;
  /** How a file stands, without opening it. */
  standing(path: string): Promise<Result<z.infer<typeof completeness>>>;
  close(handle: string): Promise<Result<null>>;
  refresh(handle: string): Promise<Result<OpenedAnswer | null>>;
  /** Walks the seal for a moment and tells how far it came; asked again, it goes on. `restart` begins anew. */
  verifyStep(handle: string, restart: boolean): Promise<Result<VerifyStep>>;
  /** Writes rows to a file for a moment and tells how far it came, as `verifyStep` does. */
  exportStep(handle: string, request: ExportRequest, place: ExportPlace, restart: boolean): Promise<Result<ExportStep>>;
  /** Writes the exact bytes of a kept image; what is there already is replaced, as its owner has agreed to. */
  saveImage(handle: string, sha256: string, path: string): Promise<Result<SavedImage>>;
  /** Opens a module's file. */
  openModule(path: string): Promise<Result<OpenedModuleAnswer>>;
  /** Opens a kept image of the capture in a file. */
  openModuleImage(path: string, sha256: string): Promise<Result<OpenedModuleAnswer>>;
  closeModule(handle: string): Promise<Result<null>>;
  /** The certificates of a file (.pem, .der, .x509, a kernel's image) or of a folder of such files. */
  readCertificates(path: string): Promise<Result<CertificateBytes[]>>;
  /** What signatures are held against from now on. */
  useCertificates(certificates: readonly CertificateBytes[]): Promise<Result<null>>;
}

/** An open image as the store tells it. */
const openedModule = z.strictObject({
  handle: z.string(),
  facts: z.strictObject({
    storedSize: z.int(),
    size: z.int(),
    compression: z.enum(['gzip', 'xz', 'zstd']).exactOptional(),
  }),
});

/** Certificates that are kept at most. */
export const MOST_CERTIFICATES = 5000;

/** A certificate: its DER as Base64, and where it was found. */
export const certificateBytes = z.strictObject({
  der: z.string().max(1 << 17),
  from: z.string().max(5000),
});
export type CertificateBytes = z.infer<typeof certificateBytes>;

export type OpenedModuleAnswer = z.infer<typeof openedModule>;

export type OpenedAnswer = z.infer<typeof openedFacts>;

/** Everything that main may ask. */
export type StoreVerbs = StoreApi & ModuleApi & StoreLifetime;
export type StoreVerb = keyof StoreVerbs;

/** Shape of the argument list of each verb. */
export const SHAPES: { readonly [V in StoreVerb]: Shape<Parameters<StoreVerbs[V]>> } = {
  ...STORE_SHAPES,
  ...MODULE_SHAPES,
  open: z.tuple([z.string().min(1).max(4096)]),
  standing: z.tuple([z.string().min(1).max(4096)]),
  close: z.tuple([z.string().max(64)]),
  refresh: z.tuple([z.string().max(64)]),
  verifyStep: z.tuple([z.string().max(64), z.boolean()]),
  exportStep: z.tuple([
    z.string().max(64),
    exportRequest,
    z.strictObject({ path: z.string().min(1).max(4096), fresh: z.string().min(1).max(4096), replace: z.boolean() }),
    z.boolean(),
  ]),
  saveImage: z.tuple([z.string().max(64), z.string().regex(/^[0-9a-f]{64}$/), z.string().min(1).max(4096)]),
  openModule: z.tuple([z.string().min(1).max(4096)]),
  openModuleImage: z.tuple([z.string().min(1).max(4096), z.string().regex(/^[0-9a-f]{64}$/)]),
  closeModule: z.tuple([z.string().max(64)]),
  readCertificates: z.tuple([z.string().min(1).max(4096)]),
  useCertificates: z.tuple([z.array(certificateBytes).max(MOST_CERTIFICATES)]),
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
  standing: completeness,
  refresh: openedFacts.nullable(),
  close: z.null(),
  openModule: openedModule,
  openModuleImage: openedModule,
  closeModule: z.null(),
  readCertificates: z.array(certificateBytes),
};
