/**
 * Every verb that crosses from the renderer to main, and what main tells without being asked.
 * One map types both ends: main's handlers are `{ [V in keyof Api]: … }`, the preload script builds one named method
 * for each verb, the renderer calls those. Arguments are checked again at run time in main.
 */
import type { Attempt } from './attempt.ts';
import type { CaptureInfo } from './capture-info.ts';
import type { CertificateChoice, GivenCertificates } from './certificates.ts';
import type { ClockSample } from './clock.ts';
import type { MenuCommand } from './commands.ts';
import type { Event } from './event.ts';
import type { FilterCompletions, FilterReading, FilterTable } from './filter.ts';
import type { ImageList, ImageUse, SavedImage } from './image.ts';
import type { PartName } from './inspect.ts';
import type { LineageRequest, LineageRow, LineageView } from './lineage.ts';
import type { ViewKept } from './kept-view.ts';
import type { ByteHits, BytePlace, ByteSearch, FoundInModule, ModuleBytes, OpenModule } from './module.ts';
import type { CodePage, CodeRequest, FoundInCode } from './module-code.ts';
import type { CompareStep, DifferenceRow, DifferencesRequest } from './module-compare.ts';
import type { ListOrder, ListRequest, ModuleList, ModuleRow } from './module-rows.ts';
import type { Annotation, CaseFile, KeptNotes } from './notes.ts';
import type { AttemptColumn, EventColumn, Page, PageRequest, RowOrder } from './page.ts';
import type { LeftRecording, RecordingOptions, RecordingState, StreamSource } from './recording.ts';
import type { Reference } from './reference.ts';
import type { Failure, Result } from './result.ts';
import type { RosterOrder, RosterPage, RosterRequest } from './roster.ts';
import type { ColourRule } from './row-colours.ts';
import type { ExportProgress, ExportRequest, SavedRows } from './row-export.ts';
import type { SealProgress, SealVerdict } from './seal.ts';
import type { Reopened, SessionPolicy, SessionStart, SessionState } from './session.ts';
import type { LaneLayout } from './lane-layout.ts';
import type { Timeline, TimelineRequest } from './timeline.ts';

/** An open capture. `id` is a handle that only main understands; the renderer never holds a path to open. */
export interface OpenCapture {
  readonly id: string;
  /** The file's name, for the title. */
  readonly name: string;
  /** The folder, for the tooltip; shown, never sent back. */
  readonly folder: string;
  readonly info: CaptureInfo;
  readonly clock: readonly ClockSample[];
}

/** What a file that was opened turned out to be. */
export type Opened = OpenCapture | OpenModule;

export const isModule = (opened: Opened): opened is OpenModule => 'facts' in opened;

/** A capture or a module that was opened lately. */
export interface RecentCapture {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  /** RFC 3339: when it was last opened. */
  readonly opened: string;
}

export type Theme = 'system' | 'light' | 'dark';

/** Which columns a table shows, in which order, and how wide. */
export interface TableLayout {
  /** Names of the columns that are shown. */
  readonly columns: readonly string[];
  /** Pixels of the columns that have been given a width of their own. */
  readonly widths: Readonly<Record<string, number>>;
}

export interface Settings {
  readonly theme: Theme;
  readonly timeZone: 'utc' | 'local';
  /** How large the whole window is drawn; 1 is the usual size. */
  readonly zoom: number;
  /** When what was open the last time is opened again. */
  readonly session: SessionPolicy;
  /** Whether the desktop tells of a recording's contradictions, hidden modules and matches of saved views. */
  readonly alarms: boolean;
  /** Sizes of panes by name, in pixels. */
  readonly panes: Readonly<Record<string, number>>;
  /** Tables that do not look as they did at first. */
  readonly tables: Readonly<Record<string, TableLayout>>;
  /** Filters that were applied lately, the newest first. */
  readonly filters: readonly string[];
  /** Rules that colour rows. */
  readonly colours: readonly ColourRule[];
  /** Views that were kept under a name. */
  readonly views: readonly ViewKept[];
  /** The timeline's lanes. */
  readonly lanes: LaneLayout;
}

export interface AppFacts {
  readonly version: string;
  /** Chromium's sandbox is off because root started the app. */
  readonly unsandboxed: boolean;
  readonly electron: string;
}

/** Verbs that the store process answers; `capture` is an OpenCapture id. */
export interface StoreApi {
  captureInfo(capture: string): Promise<Result<CaptureInfo>>;
  attempts(capture: string, page: PageRequest<AttemptColumn>): Promise<Result<Page<Attempt>>>;
  events(capture: string, page: PageRequest<EventColumn>): Promise<Result<Page<Event>>>;
  attempt(capture: string, callId: number): Promise<Result<Attempt>>;
  /** The attempt as a paragraph fit for a report. */
  attemptStory(capture: string, callId: number): Promise<Result<string>>;
  event(capture: string, seq: number): Promise<Result<Event>>;
  /** Index of the row of that attempt in the sorted order; for keeping the selection in sight. */
  attemptIndex(capture: string, callId: number, order: RowOrder<AttemptColumn>): Promise<Result<number>>;
  eventIndex(capture: string, seq: number, order: RowOrder<EventColumn>): Promise<Result<number>>;
  /** What is wrong with a filter, and how its parts are drawn. */
  readFilter(capture: string, table: FilterTable, text: string): Promise<Result<FilterReading>>;
  /** What can stand at the caret, which is counted in UTF-16 code units from 0. */
  completeFilter(capture: string, table: FilterTable, text: string, caret: number): Promise<Result<FilterCompletions>>;
  /** For each row, by its seq, the index of the first filter that keeps it; -1 where none does. What is no filter keeps none. */
  firstMatches(
    capture: string,
    table: FilterTable,
    filters: readonly string[],
    seqs: readonly number[],
  ): Promise<Result<readonly number[]>>;
  timeline(capture: string, request: TimelineRequest): Promise<Result<Timeline>>;
  /** Distinct images, counted a moment further with each question. */
  images(capture: string): Promise<Result<ImageList>>;
  /** One of them, by its SHA-256. */
  imageUse(capture: string, sha256: string): Promise<Result<ImageUse>>;
  /** Rows of the roster; counting goes on at each question, and the page tells how far it is. */
  roster(capture: string, request: RosterRequest): Promise<Result<RosterPage>>;
  rosterIndex(capture: string, id: number, order: RosterOrder): Promise<Result<number>>;
  /** Rows of the tree of processes that are in sight; counted as the roster is. */
  lineage(capture: string, request: LineageRequest): Promise<Result<Page<LineageRow>>>;
  lineageIndex(capture: string, id: number, view: LineageView): Promise<Result<number>>;
  reference(): Promise<Result<Reference>>;
}

/** Verbs that the process for modules answers; `module` is an OpenModule id. */
export interface ModuleApi {
  /** Bytes from a place on, MOST_BYTES at most; fewer at the end of the image. */
  moduleBytes(module: string, offset: number, length: number): Promise<Result<ModuleBytes>>;
  /** Looks for text or bytes, a stretch at a time. */
  searchModule(module: string, search: ByteSearch): Promise<Result<ByteHits>>;
  /**
   * One part of what is known of the whole, an InspectionParts[PartName], as JSON: one text crosses two processes and the
   * bridge into the page in a moment, where thousands of objects block the window.
   */
  modulePart(module: string, part: PartName): Promise<Result<string>>;
  /** Rows of one list; which, its name says. */
  moduleRows(module: string, list: ModuleList, request: ListRequest): Promise<Result<Page<ModuleRow>>>;
  /** Where a row stands in that order. */
  moduleRowIndex(module: string, list: ModuleList, row: number, order: ListOrder): Promise<Result<number>>;
  /** What the byte at that offset belongs to. */
  placeInModule(module: string, offset: number): Promise<Result<BytePlace>>;
  /** Looks for a text in all that the inspector shows. */
  findInModule(module: string, text: string): Promise<Result<FoundInModule>>;
  /** Instructions of the function around a byte. */
  moduleCode(module: string, request: CodeRequest): Promise<Result<CodePage>>;
  /** The whole function around a byte as text, for the clipboard. */
  codeText(module: string, at: number): Promise<Result<string>>;
  /** Looks for a text in the function around a byte. */
  findInCode(module: string, at: number, text: string): Promise<Result<FoundInCode>>;
  /**
   * Holds an image against another open one for a moment, and tells how far it came; asked again, it goes on, and it is
   * given up by not asking again. `restart` begins anew.
   */
  compareStep(module: string, other: string, restart: boolean): Promise<Result<CompareStep>>;
  /** What differs, after the comparison has come to its end. */
  differences(module: string, other: string, request: DifferencesRequest): Promise<Result<Page<DifferenceRow>>>;
}

/** Verbs that main answers itself. */
export interface ShellApi {
  /** Asks for a file; null when the dialog was closed. */
  openWithDialog(): Promise<Result<Opened | null>>;
  openSample(): Promise<Result<OpenCapture>>;
  openRecent(id: string): Promise<Result<Opened>>;
  recentCaptures(): Promise<Result<readonly RecentCapture[]>>;
  closeCapture(capture: string): Promise<Result<null>>;
  /** Asks for a module's file, to be looked at or compared; null when the dialog was closed. */
  openModuleWithDialog(): Promise<Result<OpenModule | null>>;
  /** Opens a kept image of a capture. `name` is what it is shown as. */
  openModuleImage(capture: string, sha256: string, name: string): Promise<Result<OpenModule>>;
  /** Opens the file that a capture says its image came from, where this machine has one there. */
  openModuleAtHand(module: string): Promise<Result<OpenModule>>;
  closeModule(module: string): Promise<Result<null>>;
  /** What signatures are held against. */
  certificates(): Promise<Result<GivenCertificates>>;
  /** Asks for files or a folder and adds the certificates in there; null when the dialog was closed. */
  chooseCertificates(what: CertificateChoice): Promise<Result<GivenCertificates | null>>;
  forgetCertificates(): Promise<Result<GivenCertificates>>;
  /** Ends what the process for modules is doing; whoever waits for it is told 'dismissed'. */
  cancelModules(): Promise<Result<null>>;
  /** Asks where to save, starts the recorder; null when the dialog was closed. */
  startRecording(options: RecordingOptions): Promise<Result<OpenCapture | null>>;
  /**
   * Asks where to save, and for a file where that is the source; receives a recorder's stream. null when a dialog was
   * closed.
   */
  attachStream(source: StreamSource): Promise<Result<OpenCapture | null>>;
  /** What is being recorded, for a window that does not show it; null where nothing is. */
  watchRecording(): Promise<Result<OpenCapture | null>>;
  /** Also calls off a stream that has not begun, and the wait for rights. */
  stopRecording(): Promise<Result<null>>;
  /** Recordings whose end no run of the app has seen, the newest first; none of this run. */
  leftRecordings(): Promise<Result<readonly LeftRecording[]>>;
  openLeft(id: string): Promise<Result<Opened>>;
  /** Offers it no more; its file stays as it is. */
  forgetLeft(id: string): Promise<Result<null>>;
  /** Asks whether to, stops, and deletes the file; false when that was called off. */
  discardRecording(): Promise<Result<boolean>>;
  /**
   * Walks the seal, in a process of its own, from the file's first row to its last; 'verifying' tells how far it is.
   * null when it was called off.
   */
  verifySeal(capture: string): Promise<Result<SealVerdict | null>>;
  /** Calls the walk off; fine where none is under way. */
  cancelVerify(capture: string): Promise<Result<null>>;
  /**
   * Asks where to save, and writes the exact bytes of a kept image, its hash checked on the way.
   * `name` is proposed. null when the dialog was closed.
   */
  saveImage(capture: string, sha256: string, name: string): Promise<Result<SavedImage | null>>;
  /** Opens another window that shows what this one does. */
  newWindow(): Promise<Result<null>>;
  settings(): Promise<Result<Settings>>;
  changeSettings(change: Partial<Settings>): Promise<Result<Settings>>;
  copyText(text: string): Promise<Result<null>>;
  appFacts(): Promise<Result<AppFacts>>;
}

/** Verbs about what is open in a window as a whole. */
export interface SessionApi {
  /** Asked once by each page: what is open already, or again, or could be. */
  startSession(): Promise<Result<SessionStart>>;
  /** Opens what was open the last time. */
  reopenSession(): Promise<Result<Reopened>>;
  /** Tells what is open now, and where one is in it. */
  keepSession(state: SessionState): Promise<Result<null>>;
}

/** Verbs about what a person writes beside a capture. */
export interface NotesApi {
  notes(capture: string): Promise<Result<KeptNotes>>;
  /** Replaces all notes on the capture. */
  keepNotes(capture: string, annotations: readonly Annotation[]): Promise<Result<null>>;
  /** Asks where to, and writes notes and kept views there; the file's name, or null when the dialog was closed. */
  exportCase(capture: string): Promise<Result<string | null>>;
  /** Asks for a case file about this capture and reads it; null when the dialog was closed. */
  importCase(capture: string): Promise<Result<CaseFile | null>>;
}

/** Verbs that put rows of a table into a file. */
export interface ExportApi {
  /**
   * Asks where to, and writes all rows that are asked for, in a process of its own; 'exporting' tells how far it is.
   * null when the dialog was closed, or the work called off: nothing is left of it then.
   */
  exportRows(capture: string, request: ExportRequest): Promise<Result<SavedRows | null>>;
  /** Calls the export off; fine where none is under way. */
  cancelExport(): Promise<Result<null>>;
}

export type Api = ShellApi & StoreApi & ModuleApi & SessionApi & NotesApi & ExportApi;
export type Verb = keyof Api;

/** A row that is to be looked at: of an attempt, or of an event. */
export interface Revealed {
  readonly capture: string;
  readonly callId?: number;
  readonly seq?: number;
}

/** What main tells the renderer. */
export interface Notices {
  /** A capture or a module was opened from outside the window (command line, menu, drop, second instance). */
  opened: Opened;
  /** Something asked for from outside the window could not be done. */
  problem: Failure;
  recording: RecordingState;
  /** A growing capture has new rows, or a finished one has been closed by its recorder. */
  grown: { readonly capture: string; readonly info: CaptureInfo; readonly clock: readonly ClockSample[] };
  /** Another window had this capture deleted. */
  closed: string;
  /** Another window has changed the settings. */
  settings: Settings;
  /** Another window has written notes on the capture of that uuid: all that there are now. */
  noted: { readonly uuid: string; readonly annotations: readonly Annotation[] };
  /** A desktop notification was clicked. */
  revealed: Revealed;
  exporting: ExportProgress;
  verifying: { readonly capture: string; readonly progress: SealProgress };
  /** A menu item or accelerator that the renderer carries out. */
  command: MenuCommand;
}

/** show: to be looked at · compare: to be held against the module that is shown. */
export const DROP_PURPOSES = ['show', 'compare'] as const;
export type DropPurpose = (typeof DROP_PURPOSES)[number];

/** The object that the preload script puts on `window.modtrail`. */
export type Bridge<DroppedFile = unknown> = Api & {
  /** Drag and drop: preload turns the browser's File into a path that only main sees. */
  openDropped(file: DroppedFile, purpose: DropPurpose): Promise<Result<Opened>>;
  /** Returns the function that ends the subscription. */
  on<N extends keyof Notices>(notice: N, listener: (payload: Notices[N]) => void): () => void;
};

/** Run-time list of the verbs, held equal to `keyof Api` by the compiler. */
export const VERBS = [
  'captureInfo',
  'attempts',
  'events',
  'attempt',
  'attemptStory',
  'event',
  'attemptIndex',
  'eventIndex',
  'readFilter',
  'completeFilter',
  'firstMatches',
  'timeline',
  'images',
  'imageUse',
  'roster',
  'rosterIndex',
  'lineage',
  'lineageIndex',
  'reference',
  'moduleBytes',
  'searchModule',
  'modulePart',
  'moduleRows',
  'moduleRowIndex',
  'placeInModule',
  'findInModule',
  'moduleCode',
  'codeText',
  'findInCode',
  'compareStep',
  'differences',
  'openWithDialog',
  'openSample',
  'openRecent',
  'recentCaptures',
  'closeCapture',
  'openModuleWithDialog',
  'openModuleImage',
  'closeModule',
  'openModuleAtHand',
  'cancelModules',
  'certificates',
  'chooseCertificates',
  'forgetCertificates',
  'startRecording',
  'attachStream',
  'watchRecording',
  'stopRecording',
  'discardRecording',
  'leftRecordings',
  'openLeft',
  'forgetLeft',
  'verifySeal',
  'cancelVerify',
  'saveImage',
  'startSession',
  'reopenSession',
  'keepSession',
  'notes',
  'keepNotes',
  'exportCase',
  'importCase',
  'exportRows',
  'cancelExport',
  'newWindow',
  'settings',
  'changeSettings',
  'copyText',
  'appFacts',
] as const satisfies readonly Verb[];

type MissingVerb = Exclude<Verb, (typeof VERBS)[number]>;
/** Fails to compile when a verb of Api is not in VERBS. */
export const ALL_VERBS_LISTED: [MissingVerb] extends [never] ? true : MissingVerb = true;
