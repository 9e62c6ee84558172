/** What the arguments of every verb may be; main checks each message with these before anything else happens. */
import { DROP_PURPOSES, type Api, type Verb } from '#contract/api.ts';
import { CERTIFICATE_CHOICES } from '#contract/certificates.ts';
import { RECORDING_LIMITS, SSH_PARTS } from '#contract/recording.ts';
import { MOST_PLACE, MOST_TABS, TOGETHER_STATES } from '#contract/session.ts';
import { z } from 'zod';
import { exportRequest, MODULE_SHAPES, sha256, STORE_SHAPES, type Shape } from '../store/shapes.ts';
import { annotationsShape } from './note-shapes.ts';
import { NOTICE_NAMES } from './notices.ts';
import { settingsChange } from './settings.ts';

/** Characters that may be copied at once: a report of many thousand lines. */
const MOST_TEXT = 1 << 24;

/** Characters of a proposed file name at most; what is proposed is made safe besides. */
const MOST_NAME = 4096;

const none = z.tuple([]);
const capture = z.string().min(1).max(64);

const sessionState = z.strictObject({
  tabs: z.array(z.strictObject({ id: capture, place: z.string().max(MOST_PLACE) })).max(MOST_TABS),
  active: z.int().min(-1).max(MOST_TABS),
  together: z.enum(TOGETHER_STATES),
});

const within = ([least, most]: readonly [number, number]) => z.int().min(least).max(most).exactOptional();

const recordingOptions = z.strictObject({
  images: z.boolean(),
  imageLimit: within(RECORDING_LIMITS.imageLimit),
  scanInterval: within(RECORDING_LIMITS.scanInterval),
  maxSize: within(RECORDING_LIMITS.maxSize),
  keep: z.boolean().exactOptional(),
});

const streamSource = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('ssh'),
    host: z.string().regex(SSH_PARTS.host),
    user: z.string().regex(SSH_PARTS.user).exactOptional(),
    port: z.int().min(1).max(65_535).exactOptional(),
    program: z.string().regex(SSH_PARTS.program),
  }),
  z.strictObject({ from: z.literal('file') }),
]);

export const API_SHAPES: { readonly [V in Verb]: Shape<Parameters<Api[V]>> } = {
  ...STORE_SHAPES,
  ...MODULE_SHAPES,
  openWithDialog: none,
  openSample: none,
  openRecent: z.tuple([z.string().regex(/^[0-9a-f]{32}$/)]),
  recentCaptures: none,
  closeCapture: z.tuple([capture]),
  openModuleWithDialog: none,
  openModuleImage: z.tuple([capture, sha256, z.string().max(MOST_NAME)]),
  closeModule: z.tuple([capture]),
  openModuleAtHand: z.tuple([capture]),
  cancelModules: none,
  certificates: none,
  chooseCertificates: z.tuple([z.enum(CERTIFICATE_CHOICES)]),
  forgetCertificates: none,
  startRecording: z.tuple([recordingOptions]),
  attachStream: z.tuple([streamSource]),
  watchRecording: none,
  stopRecording: none,
  discardRecording: none,
  leftRecordings: none,
  openLeft: z.tuple([z.uuid()]),
  forgetLeft: z.tuple([z.uuid()]),
  verifySeal: z.tuple([capture]),
  cancelVerify: z.tuple([capture]),
  saveImage: z.tuple([capture, sha256, z.string().max(MOST_NAME)]),
  startSession: none,
  reopenSession: none,
  keepSession: z.tuple([sessionState]),
  notes: z.tuple([capture]),
  keepNotes: z.tuple([capture, annotationsShape]),
  exportCase: z.tuple([capture]),
  importCase: z.tuple([capture]),
  exportRows: z.tuple([capture, exportRequest]),
  cancelExport: none,
  newWindow: none,
  settings: none,
  changeSettings: z.tuple([settingsChange]),
  copyText: z.tuple([z.string().max(MOST_TEXT)]),
  appFacts: none,
};

/** The path of a dropped file, from the preload script, and what it was dropped for. */
export const dropShape = z.tuple([z.string().min(1).max(4096).startsWith('/'), z.enum(DROP_PURPOSES)]);

export const listenShape = z.enum(NOTICE_NAMES);
