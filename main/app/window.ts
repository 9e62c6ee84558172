/** The window: where it was last, its colours before the page is there, and its title. */
import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import { z } from 'zod';
import { JsonFile } from './json-file.ts';

const SIZE = { width: 1440, height: 900 };
const SMALLEST = { minWidth: 800, minHeight: 560 };

/** Pixels of a remembered window that must be on a screen, so that it can be taken hold of. */
const GRIP = 64;

/** The page's background in both themes, so that nothing flashes before it is drawn. */
const BACKGROUND = { light: '#ffffff', dark: '#0f1318' } as const;

const pixel = z.int().min(-100_000).max(100_000);
const place = z.object({ x: pixel, y: pixel, width: pixel, height: pixel, maximized: z.boolean() });
type Place = z.infer<typeof place>;

export interface WindowOptions {
  readonly preload: string;
  /** The file that remembers the window's place. */
  readonly placeFile: string;
  readonly development: boolean;
}

/** Opens the app's window, hidden until its page is drawn. */
export function createWindow({ preload, placeFile, development }: WindowOptions): BrowserWindow {
  const file = new JsonFile<Place>(placeFile, place);
  const last = file.read();
  const window = new BrowserWindow({
    ...SIZE,
    ...(last && isOnScreen(last) ? { x: last.x, y: last.y, width: last.width, height: last.height } : {}),
    ...SMALLEST,
    show: false,
    title: 'Modtrail',
    backgroundColor: background(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: development,
      safeDialogs: true,
      navigateOnDragDrop: false,
    },
  });
  if (last?.maximized) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  // Main names the window; a page cannot.
  window.on('page-title-updated', (event) => {
    event.preventDefault();
  });
  window.on('close', () => {
    file.write({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  const recolour = (): void => {
    if (!window.isDestroyed()) window.setBackgroundColor(background());
  };
  nativeTheme.on('updated', recolour);
  window.once('closed', () => {
    nativeTheme.off('updated', recolour);
  });
  return window;
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

/** A screen may have been unplugged since. */
function isOnScreen(bounds: Rectangle): boolean {
  const fits = bounds.width >= SMALLEST.minWidth && bounds.height >= SMALLEST.minHeight;
  return (
    fits &&
    screen.getAllDisplays().some(({ workArea }) => {
      const wide = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
      const high = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
      return wide >= GRIP && high >= GRIP;
    })
  );
}

/** Whether a recording goes on, which the title says whatever else it says; and the name that it says. */
let marked = false;
let shownName: string | undefined;

/** Puts the mark of a recording into the title, or takes it away. */
export function markTitle(window: BrowserWindow, recording: boolean): void {
  if (marked === recording) return;
  marked = recording;
  if (!window.isDestroyed()) window.setTitle(titleFor(shownName));
}

/** A window's title for a capture's name: one line, without characters that turn its direction. */
export function titleFor(name: string | undefined): string {
  shownName = name;
  const plain = name?.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '\ufffd');
  const title = plain === undefined ? 'Modtrail' : `${plain} – Modtrail`;
  return marked ? `● Recording – ${title}` : title;
}
