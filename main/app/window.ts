/** A window: where it was last, and its colours before the page is there. */
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
  /** Another window that it opens beside. */
  readonly beside?: BrowserWindow;
}

/** How far a window opens from the one that it opens beside, in pixels. */
const ASIDE = 32;

/** Opens a window of the app, hidden until its page is drawn. */
export function createWindow({ preload, placeFile, development, beside }: WindowOptions): BrowserWindow {
  const file = new JsonFile<Place>(placeFile, place);
  const last = beside ? asideOf(beside) : file.read();
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

function asideOf(window: BrowserWindow): Place {
  const { x, y, width, height } = window.getNormalBounds();
  return { x: x + ASIDE, y: y + ASIDE, width, height, maximized: false };
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
