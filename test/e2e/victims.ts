/** The processes of an app that records, for tests that kill them, and what its window shows meanwhile. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ElectronApplication } from 'playwright';

export const VICTIMS = ['app', 'store', 'renderer', 'collector'] as const;
export type Victim = (typeof VICTIMS)[number];

/** Longest time for a look into the page, in milliseconds: one whose process has ended never answers. */
const LOOK_LIMIT = 1000;

/** A process that ran at a moment: its id alone may belong to another one later. */
export interface Seen {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks after boot. */
  readonly start: string;
  readonly words: string;
}

function look(pid: number): Seen | undefined {
  try {
    const words = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
    const [state, parent = '', ...rest] =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    // The name of a process that has ended, and was not waited for, is still there.
    if (state === 'Z' || words === '') return undefined;
    return { pid, parent: Number(parent), start: rest[17] ?? '', words };
  } catch {
    // It ended while it was looked at.
    return undefined;
  }
}

function all(): Seen[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => look(Number(name)))
    .filter((seen) => seen !== undefined);
}

export const isThere = (seen: Seen): boolean => look(seen.pid)?.start === seen.start;

/** A process and all that it and its children have started. */
export function treeOf(root: number): Seen[] {
  const known = all();
  const tree = known.filter(({ pid }) => pid === root);
  for (let at = 0; at < tree.length; at++) tree.push(...known.filter(({ parent }) => parent === tree[at]?.pid));
  return tree;
}

/** The recorders of one file. */
export const collectorsOf = (file: string): Seen[] =>
  all().filter(({ words }) => words.includes('modtrail-collector\0') && words.includes(`\0${file}\0`));

/** The processes of one kind that there are at the moment. */
export function victimsOf(kind: Victim, main: number, file: string): Seen[] {
  if (kind === 'collector') return collectorsOf(file);
  const tree = treeOf(main);
  if (kind === 'app') return tree.slice(0, 1);
  return tree.filter(({ words }) => words.includes(kind === 'store' ? 'store.js' : '--type=renderer'));
}

/** What an expression is in the page, whichever process draws it; undefined where none answers. */
export async function inPage<Value>(app: ElectronApplication, expression: string): Promise<Value | undefined> {
  const asked = app.evaluate(
    async ({ BrowserWindow }, [text, limit]) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const nothing = new Promise<undefined>((resolve) => setTimeout(resolve, limit));
      return await Promise.race([contents?.executeJavaScript(text).catch(() => undefined), nothing]);
    },
    [expression, LOOK_LIMIT] as const,
  );
  return (await asked.catch(() => undefined)) as Value | undefined;
}

/** The calls whose rows are painted, where that capture's tab is looked at. */
export async function paintedCalls(app: ElectronApplication, name: string): Promise<readonly number[]> {
  const found = await inPage<number[]>(
    app,
    `(() => {
      const tab = document.querySelector('[role=tab][aria-selected=true]');
      if (!tab?.textContent.includes(${JSON.stringify(name)})) return [];
      const rows = document.querySelectorAll('[role=grid][aria-label=Attempts] [data-call-id]');
      return [...rows].map((row) => Number(row.dataset.callId));
    })()`,
  );
  return found ?? [];
}
