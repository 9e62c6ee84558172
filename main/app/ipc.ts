/** Listens to the page: one channel for each verb, each through the gate. */
import { VERBS, type StoreApi } from '#contract/api.ts';
import { DROP_CHANNEL, LISTEN_CHANNEL, verbChannel } from '#contract/channels.ts';
import { ipcMain, type WebContents } from 'electron';
import { answer, answerVerb, isOwnPage, type Handlers } from './gate.ts';
import type { NoticeBoard } from './notices.ts';
import { dropShape, listenShape } from './shapes.ts';
import type { Shell } from './shell.ts';
import type { StoreClient } from './store-client.ts';

/** The handlers of all verbs, typed by the map that types the page's side. */
export function handlersFor(shell: Shell, store: StoreClient): Handlers {
  const relayed: { [V in keyof StoreApi]: StoreApi[V] } = {
    captureInfo: (capture) => store.ask('captureInfo', capture),
    attempts: (capture, page) => store.ask('attempts', capture, page),
    events: (capture, page) => store.ask('events', capture, page),
    attempt: (capture, callId) => store.ask('attempt', capture, callId),
    attemptStory: (capture, callId) => store.ask('attemptStory', capture, callId),
    event: (capture, seq) => store.ask('event', capture, seq),
    attemptIndex: (capture, callId, order) => store.ask('attemptIndex', capture, callId, order),
    eventIndex: (capture, seq, order) => store.ask('eventIndex', capture, seq, order),
    timeline: (capture, request) => store.ask('timeline', capture, request),
    images: (capture) => store.ask('images', capture),
    reference: () => store.reference(),
  };
  return {
    ...relayed,
    openWithDialog: () => shell.openWithDialog(),
    openSample: () => shell.openSample(),
    openRecent: (id) => shell.openRecent(id),
    recentCaptures: () => shell.recentCaptures(),
    closeCapture: (capture) => shell.closeCapture(capture),
    startRecording: (options) => shell.startRecording(options),
    stopRecording: () => shell.stopRecording(),
    verifySeal: (capture) => shell.verifySeal(capture),
    cancelVerify: (capture) => shell.cancelVerify(capture),
    saveImage: (capture, sha256, name) => shell.saveImage(capture, sha256, name),
    settings: () => shell.settings(),
    changeSettings: (change) => shell.changeSettings(change),
    copyText: (text) => shell.copyText(text),
    appFacts: () => shell.appFacts(),
  };
}

/** Opens the channels. `contents` is the one window's page. */
export function listenToPage(contents: WebContents, shell: Shell, store: StoreClient, notices: NoticeBoard): void {
  const handlers = handlersFor(shell, store);
  for (const verb of VERBS) {
    ipcMain.handle(verbChannel(verb), (event, ...args: unknown[]) =>
      answerVerb(verb, handlers, isOwnPage(event, contents), args),
    );
  }
  ipcMain.handle(DROP_CHANNEL, (event, ...args: unknown[]) =>
    answer('openDropped', dropShape, isOwnPage(event, contents), args, (path) => shell.openFile(path)),
  );
  ipcMain.on(LISTEN_CHANNEL, (event, name: unknown) => {
    const checked = listenShape.safeParse(name);
    if (isOwnPage(event, contents) && checked.success) notices.listen(checked.data);
  });
}
