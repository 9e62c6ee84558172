/** Listens to the page: one channel for each verb, each through the gate. */
import { VERBS, type ModuleApi, type SessionApi, type StoreApi } from '#contract/api.ts';
import { DROP_CHANNEL, LISTEN_CHANNEL, verbChannel } from '#contract/channels.ts';
import { isPacked, pack } from '#contract/packed.ts';
import { ok } from '#contract/result.ts';
import { ipcMain, type WebContents } from 'electron';
import { answer, answerVerb, isOwnPage, refuse, type Handlers, type Sender } from './gate.ts';
import type { CertificateDesk } from './certificate-desk.ts';
import type { Modules } from './modules.ts';
import type { NoteDesk } from './note-desk.ts';
import type { RecordingDesk } from './recorder/desk.ts';
import type { LeftDesk } from './recorder/left-desk.ts';
import type { RowDesk } from './row-desk.ts';
import type { Session } from './session.ts';
import { dropShape, listenShape } from './shapes.ts';
import type { Shell } from './shell.ts';
import type { StoreClient } from './store-client.ts';
import type { AppWindow } from './windows.ts';

/** The handlers of all verbs, typed by the map that types the page's side. */
export function handlersFor(parts: PageParts): Handlers {
  const { own, shell, certificates, recorder, left, store, modules, session, desk, rows } = parts;
  const relayed: { [V in keyof StoreApi]: StoreApi[V] } = {
    captureInfo: (capture) => store.ask('captureInfo', capture),
    attempts: (capture, page) => store.ask('attempts', capture, page),
    events: (capture, page) => store.ask('events', capture, page),
    attempt: (capture, callId) => store.ask('attempt', capture, callId),
    attemptStory: (capture, callId) => store.ask('attemptStory', capture, callId),
    event: (capture, seq) => store.ask('event', capture, seq),
    attemptIndex: (capture, callId, order) => store.ask('attemptIndex', capture, callId, order),
    eventIndex: (capture, seq, order) => store.ask('eventIndex', capture, seq, order),
    readFilter: (capture, table, text) => store.ask('readFilter', capture, table, text),
    completeFilter: (capture, table, text, caret) => store.ask('completeFilter', capture, table, text, caret),
    firstMatches: (capture, table, filters, seqs) => store.ask('firstMatches', capture, table, filters, seqs),
    timeline: (capture, request) => store.ask('timeline', capture, request),
    images: (capture) => {
      // Whoever looks at the list is about to open one of them.
      modules.warm();
      return store.ask('images', capture);
    },
    imageUse: (capture, sha256) => store.ask('imageUse', capture, sha256),
    roster: (capture, request) => store.ask('roster', capture, request),
    rosterIndex: (capture, id, order) => store.ask('rosterIndex', capture, id, order),
    lineage: (capture, request) => store.ask('lineage', capture, request),
    lineageIndex: (capture, id, view) => store.ask('lineageIndex', capture, id, view),
    reference: () => store.reference(),
  };
  const inspected: { [V in keyof ModuleApi]: ModuleApi[V] } = {
    moduleBytes: (module, offset, length) => modules.ask('moduleBytes', module, offset, length),
    searchModule: (module, search) => modules.ask('searchModule', module, search),
    modulePart: (module, part) => modules.ask('modulePart', module, part),
    moduleRows: (module, list, request) => modules.ask('moduleRows', module, list, request),
    moduleRowIndex: (module, list, row, order) => modules.ask('moduleRowIndex', module, list, row, order),
    placeInModule: (module, offset) => modules.ask('placeInModule', module, offset),
    moduleCode: (module, request) => modules.ask('moduleCode', module, request),
    codeText: (module, at) => modules.ask('codeText', module, at),
    findInCode: (module, at, text) => modules.ask('findInCode', module, at, text),
    compareStep: (module, other, restart) => modules.ask('compareStep', module, other, restart),
    differences: (module, other, request) => modules.ask('differences', module, other, request),
    findInModule: (module, text) => modules.ask('findInModule', module, text),
  };
  const ofSession: { [V in keyof SessionApi]: SessionApi[V] } = {
    startSession: async () => {
      const started = await session.start(own);
      for (const { opened } of started.open?.tabs ?? []) own.shows.add(opened.id);
      return ok(started);
    },
    reopenSession: async () => {
      const reopened = await session.reopen();
      for (const { opened } of reopened.tabs) own.shows.add(opened.id);
      return ok(reopened);
    },
    keepSession: (state) => {
      session.keep(own, state);
      return Promise.resolve(ok(null));
    },
  };
  return {
    ...relayed,
    ...inspected,
    ...ofSession,
    openWithDialog: () => shell.openWithDialog(),
    openSample: () => shell.openSample(),
    openRecent: (id) => shell.openRecent(id),
    recentCaptures: () => shell.recentCaptures(),
    closeCapture: (capture) => shell.closeCapture(capture),
    openModuleWithDialog: () => shell.openModuleWithDialog(),
    openModuleImage: (capture, sha256, name) => shell.openModuleImage(capture, sha256, name),
    closeModule: (module) => shell.closeModule(module),
    certificates: () => certificates.certificates(),
    chooseCertificates: (what) => certificates.chooseCertificates(what),
    forgetCertificates: () => certificates.forgetCertificates(),
    openModuleAtHand: (module) => shell.openModuleAtHand(module),
    cancelModules: () => shell.cancelModules(),
    startRecording: (options) => recorder.startRecording(options),
    attachStream: (source) => recorder.attachStream(source),
    watchRecording: () => recorder.watchRecording(),
    stopRecording: () => recorder.stopRecording(),
    discardRecording: () => recorder.discardRecording(),
    leftRecordings: () => left.leftRecordings(),
    openLeft: (id) => left.openLeft(id),
    forgetLeft: (id) => left.forgetLeft(id),
    verifySeal: (capture) => shell.verifySeal(capture),
    cancelVerify: (capture) => shell.cancelVerify(capture),
    saveImage: (capture, sha256, name) => shell.saveImage(capture, sha256, name),
    notes: (capture) => desk.notes(capture),
    keepNotes: (capture, annotations) => desk.keepNotes(capture, annotations),
    exportCase: (capture) => desk.exportCase(capture),
    importCase: (capture) => desk.importCase(capture),
    exportRows: (capture, request) => rows.exportRows(capture, request),
    cancelExport: () => rows.cancelExport(),
    newWindow: () => shell.newWindow(),
    settings: () => shell.settings(),
    changeSettings: (change) => shell.changeSettings(change),
    copyText: (text) => shell.copyText(text),
    appFacts: () => shell.appFacts(),
  };
}

/** Who answers the page of a window. */
export interface PageParts {
  readonly own: AppWindow;
  readonly shell: Shell;
  readonly certificates: CertificateDesk;
  readonly recorder: RecordingDesk;
  readonly left: LeftDesk;
  readonly store: StoreClient;
  readonly modules: Modules;
  readonly session: Session<AppWindow>;
  readonly desk: NoteDesk;
  readonly rows: RowDesk;
}

/**
 * Opens the channels.
 * @param partsOf - who answers that page, undefined where it is none of the app's
 */
export function listenToPages(partsOf: (contents: WebContents) => PageParts | undefined): void {
  const known = new WeakMap<PageParts, Handlers>();
  const handlersOf = (parts: PageParts): Handlers => {
    const handlers = known.get(parts) ?? handlersFor(parts);
    known.set(parts, handlers);
    return handlers;
  };
  /** Who answers it, where the message comes from the page itself. */
  const trusted = (event: Sender & { readonly sender: WebContents }): PageParts | undefined => {
    const parts = partsOf(event.sender);
    return parts && isOwnPage(event, parts.own.window.webContents) ? parts : undefined;
  };
  for (const verb of VERBS) {
    ipcMain.handle(verbChannel(verb), async (event, ...args: unknown[]) => {
      const parts = trusted(event);
      if (!parts) return refuse(verb);
      const found = await answerVerb(verb, handlersOf(parts), true, args);
      return isPacked(verb) ? pack(found) : found;
    });
  }
  ipcMain.handle(DROP_CHANNEL, (event, ...args: unknown[]) => {
    const parts = trusted(event);
    if (!parts) return refuse('openDropped');
    const { shell } = parts;
    return answer('openDropped', dropShape, true, args, (path, purpose) =>
      purpose === 'show' ? shell.openFile(path) : shell.openToCompare(path),
    );
  });
  ipcMain.on(LISTEN_CHANNEL, (event, name: unknown) => {
    const checked = listenShape.safeParse(name);
    if (checked.success) trusted(event)?.own.notices.listen(checked.data);
  });
}
