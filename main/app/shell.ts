/** What main answers itself: files, recordings, settings. Every verb's failure is a Result; dialogs belong to the window. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { AppFacts, OpenCapture, Opened, ShellApi } from '#contract/api.ts';
import type { ImageUse, SavedImage } from '#contract/image.ts';
import type { OpenModule } from '#contract/module.ts';
import { fail, notOpen, ok, type Result } from '#contract/result.ts';
import type { SealVerdict } from '#contract/seal.ts';
import { app, clipboard, dialog, nativeTheme, type FileFilter } from 'electron';
import type { CertificateDesk } from './certificate-desk.ts';
import { chooseFiles, startFolder } from './choose-files.ts';
import type { Captures } from './captures.ts';
import type { Errands } from './errands.ts';
import { imageName, isModuleName } from './image-name.ts';
import type { Modules } from './modules.ts';
import type { RecordingDesk } from './recorder/desk.ts';
import type { LeftDesk } from './recorder/left-desk.ts';
import type { Recording } from './recorder/recording.ts';
import type { RecentFile } from './recent.ts';
import type { SettingsFile } from './settings.ts';
import { showIn, type AppWindow, type Windows } from './windows.ts';

/** Last suffixes of modules' files, as dialogs want them. */
const MODULE_SUFFIXES = ['ko', 'xz', 'gz', 'zst'];

/** Paths that an error names. */
const MOST_NAMED = 4;

/** What the shell works with. */
export interface ShellParts {
  readonly own: AppWindow;
  readonly windows: Windows;
  readonly captures: Captures;
  readonly errands: Errands;
  readonly modules: Modules;
  readonly recording: Recording;
  readonly recent: RecentFile;
  readonly settings: SettingsFile;
  readonly sample: string;
  /** What an open capture says of an image, as far as it was counted. */
  imageUse(capture: string, sha256: string): Promise<Result<ImageUse>>;
  /** Opens another window that shows what this one does. */
  another(): void;
  /** Something that the menu shows has changed. */
  changed(): void;
}

/** What others answer. */
type Elsewhere = keyof RecordingDesk | keyof LeftDesk | keyof CertificateDesk;

export class Shell implements Omit<ShellApi, Elsewhere> {
  readonly #parts: ShellParts;

  constructor(parts: ShellParts) {
    this.#parts = parts;
    nativeTheme.themeSource = parts.settings.current.theme;
  }

  /** Opens a file that a person chose: a capture, or a module. */
  async openFile(path: string): Promise<Result<Opened>> {
    const { captures, recent } = this.#parts;
    const opened = await this.#openEither(path);
    if (opened.ok) recent.add(captures.pathOf(opened.value.id) ?? path);
    else if (opened.error.code === 'not-found') recent.remove(path);
    this.#parts.changed();
    return this.#shown(opened);
  }

  /** By its name where that says it, else by what the file holds; a capture's reason counts where it is neither. */
  async #openEither(path: string): Promise<Result<Opened>> {
    const { captures, modules } = this.#parts;
    if (isModuleName(path)) return await modules.openFile(path);
    const capture = await captures.open(path);
    if (capture.ok || capture.error.code !== 'not-a-database') return capture;
    const module = await modules.openFile(path);
    return module.ok ? module : capture;
  }

  /** Opens files that were named outside of the window, and tells the page what became of each. */
  async openFromOutside(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.#tellOpened(await this.openFile(path));
  }

  /** Opens a recent capture that was chosen in the menu. */
  async openRecentFromMenu(id: string): Promise<void> {
    this.#tellOpened(await this.openRecent(id));
  }

  openWithDialog(): Promise<Result<Opened | null>> {
    const kinds = { name: 'Captures and modules', extensions: ['modtrail', ...MODULE_SUFFIXES] };
    return this.#choose('Open a capture or a module', kinds, (path) => this.openFile(path));
  }

  async openSample(): Promise<Result<OpenCapture>> {
    return this.#shown(await this.#parts.captures.open(this.#parts.sample));
  }

  openRecent(id: string): Promise<Result<Opened>> {
    const path = this.#parts.recent.pathOf(id);
    if (path !== undefined) return this.openFile(path);
    return Promise.resolve(fail('not-found', 'this file is not among the recent ones any more'));
  }

  recentCaptures(): ReturnType<ShellApi['recentCaptures']> {
    return Promise.resolve(ok(this.#parts.recent.list()));
  }

  async closeCapture(capture: string): Promise<Result<null>> {
    const { captures, own, recording, windows } = this.#parts;
    if (!captures.has(capture)) return notOpen(capture);
    if (!windows.isShown(capture, own)) {
      if (recording.records(capture)) return fail('busy', 'this capture is being recorded; stop the recording first');
      await this.cancelVerify(capture);
      await captures.close(capture);
    }
    own.shows.delete(capture);
    return ok(null);
  }

  openModuleWithDialog(): Promise<Result<OpenModule | null>> {
    const kinds = { name: 'Kernel modules', extensions: MODULE_SUFFIXES };
    return this.#choose('Open a module', kinds, (path) => this.openToCompare(path));
  }

  /** A file that was chosen, or dropped, to be held against the module that is shown. */
  async openToCompare(path: string): Promise<Result<OpenModule>> {
    return this.#held(await this.#parts.modules.openFile(path));
  }

  async openModuleAtHand(module: string): Promise<Result<OpenModule>> {
    const { captures, imageUse, modules } = this.#parts;
    const from = modules.list().find(({ id }) => id === module)?.from;
    if (!from || captures.pathOf(from.capture) === undefined)
      return fail('no-such-row', 'the capture that this image is of is not open any more');
    let paths: readonly string[] = [];
    for (let counted = false; !counted;) {
      const use = await imageUse(from.capture, from.sha256);
      if (!use.ok) return use;
      paths = use.value.row?.paths ?? [];
      const found = paths.find((path) => isAbsolute(path) && existsSync(path));
      if (found !== undefined) return this.#held(await modules.openFile(found));
      counted = use.value.progress === undefined;
    }
    return fail(
      'not-found',
      paths.length === 0
        ? 'the capture names no file for this image'
        : `${paths.slice(0, MOST_NAMED).join(', ')} is not on this machine`,
    );
  }

  async openModuleImage(capture: string, sha256: string, name: string): Promise<Result<OpenModule>> {
    const path = this.#parts.captures.pathOf(capture);
    if (path === undefined) return notOpen(capture);
    return this.#held(await this.#parts.modules.openImage({ path, sha256, capture }, imageName(name)));
  }

  async closeModule(module: string): Promise<Result<null>> {
    const { modules, own, windows } = this.#parts;
    own.shows.delete(module);
    if (!windows.isShown(module, own)) await modules.close(module);
    return ok(null);
  }

  async cancelModules(): Promise<Result<null>> {
    await this.#parts.modules.cancel();
    return ok(null);
  }

  async verifySeal(capture: string): Promise<Result<SealVerdict | null>> {
    const { captures, errands, own } = this.#parts;
    const path = captures.pathOf(capture);
    if (path === undefined) return notOpen(capture);
    const held = captures.list().find(({ id }) => id === capture);
    if (held?.info.completeness === 'recording')
      return fail('busy', 'this capture is still being recorded; its seal can be verified when it is finished');
    return await errands.verify(path, (progress) => {
      own.notices.tell('verifying', { capture, progress });
    });
  }

  async cancelVerify(capture: string): Promise<Result<null>> {
    const { captures, errands } = this.#parts;
    await errands.callOff(captures.pathOf(capture));
    return ok(null);
  }

  async saveImage(capture: string, sha256: string, name: string): Promise<Result<SavedImage | null>> {
    const { captures, errands, recent, own } = this.#parts;
    const path = captures.pathOf(capture);
    if (path === undefined) return notOpen(capture);
    const { canceled, filePath } = await dialog.showSaveDialog(own.window, {
      title: 'Save the image',
      buttonLabel: 'Save',
      defaultPath: join(startFolder(recent), imageName(name)),
      properties: ['showOverwriteConfirmation'],
      filters: [
        { name: 'Kernel modules', extensions: ['ko'] },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    if (canceled || filePath === '') return ok(null);
    recent.rememberFolder(dirname(filePath));
    return await errands.saveImage(path, sha256, filePath);
  }

  newWindow(): Promise<Result<null>> {
    this.#parts.another();
    return Promise.resolve(ok(null));
  }

  settings(): ReturnType<ShellApi['settings']> {
    return Promise.resolve(ok(this.#parts.settings.current));
  }

  changeSettings(...[change]: Parameters<ShellApi['changeSettings']>): ReturnType<ShellApi['changeSettings']> {
    const settings = this.#parts.settings.change(change);
    nativeTheme.themeSource = settings.theme;
    const { changed, own, windows } = this.#parts;
    windows.each((one) => {
      zoomTo(one, settings.zoom);
    });
    windows.tell('settings', settings, own);
    if (change.alarms !== undefined) changed();
    return Promise.resolve(ok(settings));
  }

  /** Draws the page as large as it was chosen; Chromium forgets that with each page. */
  zoom(): void {
    const { settings, own } = this.#parts;
    zoomTo(own, settings.current.zoom);
  }

  async copyText(text: string): Promise<Result<null>> {
    await clipboard.writeText(text);
    return ok(null);
  }

  appFacts(): Promise<Result<AppFacts>> {
    return Promise.resolve(
      ok({
        version: app.getVersion(),
        unsandboxed: app.commandLine.hasSwitch('no-sandbox'),
        electron: process.versions['electron'] ?? '',
      }),
    );
  }

  /** What a person chooses may be a module: its process starts meanwhile, and ends again where it is none. */
  async #choose<Which extends Opened>(
    title: string,
    kinds: FileFilter,
    open: (path: string) => Promise<Result<Which>>,
  ): Promise<Result<Which | null>> {
    const { modules, own, recent } = this.#parts;
    modules.warm();
    const filters = [kinds, { name: 'All files', extensions: ['*'] }];
    const [path] = await chooseFiles(own.window, recent, { title, properties: ['openFile'], filters });
    const opened = path === undefined ? ok(null) : await open(path);
    await modules.rest();
    return opened;
  }

  #held<Which extends Opened>(opened: Result<Which>): Result<Which> {
    if (opened.ok) this.#parts.own.shows.add(opened.value.id);
    return opened;
  }

  #shown<Which extends Opened>(opened: Result<Which>): Result<Which> {
    if (opened.ok) showIn(this.#parts.own, opened.value);
    return opened;
  }

  #tellOpened(opened: Result<Opened>): void {
    const { notices } = this.#parts.own;
    if (opened.ok) notices.tell('opened', opened.value);
    else notices.tell('problem', opened.error);
  }
}

function zoomTo({ window }: AppWindow, factor: number): void {
  if (!window.isDestroyed()) window.webContents.setZoomFactor(factor);
}
