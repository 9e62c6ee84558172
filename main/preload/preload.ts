/**
 * The bridge into the page: one named method for each verb, and notices. It checks nothing, main does; it only keeps
 * Electron's own objects out of the page's reach.
 */
import { VERBS, type Notices } from '#contract/api.ts';
import { DROP_CHANNEL, LISTEN_CHANNEL, NOTICE_CHANNEL, verbChannel } from '#contract/channels.ts';
import type { PageBridge } from '#contract/packed.ts';
import { contextBridge, ipcRenderer, webUtils } from 'electron';

type Listener = (payload: unknown) => void;

const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on(NOTICE_CHANNEL, (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

function on<N extends keyof Notices>(notice: N, listener: (payload: Notices[N]) => void): () => void {
  const name: string = notice;
  const entry: Listener = (payload) => {
    listener(payload as Notices[N]);
  };
  const known = listeners.get(name) ?? new Set();
  known.add(entry);
  listeners.set(name, known);
  ipcRenderer.send(LISTEN_CHANNEL, name);
  return () => {
    known.delete(entry);
  };
}

const verbs = Object.fromEntries(
  VERBS.map((verb) => [verb, (...args: unknown[]) => ipcRenderer.invoke(verbChannel(verb), ...args)]),
) as unknown as Omit<PageBridge<File>, 'on' | 'openDropped'>;

const bridge: PageBridge<File> = {
  ...verbs,
  on,
  // The path never enters the page: only this script may ask for it.
  openDropped: (file, purpose) => ipcRenderer.invoke(DROP_CHANNEL, webUtils.getPathForFile(file), purpose),
};

contextBridge.exposeInMainWorld('modtrail', bridge);
