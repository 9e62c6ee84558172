/** What main answers itself: files, recordings, settings. Every verb's failure is a Result; dialogs belong to the window. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { AppFacts, Notices, OpenCapture, Opened, ShellApi } from '#contract/api.ts';
import type { CertificateChoice, GivenCertificates } from '#contract/certificates.ts';
import type { ImageRow, SavedImage } from '#contract/image.ts';
import type { OpenModule } from '#contract/module.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import type { SealVerdict } from '#contract/seal.ts';
import { app, clipboard, dialog, nativeTheme, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { Certificates } from './certificates.ts';
import type { Captures } from './captures.ts';
import type { Errands } from './errands.ts';
import { imageName, isModuleName } from './image-name.ts';
import type { Modules } from './modules.ts';
import type { RecordingDesk } from './recorder/desk.ts';
import type { LeftDesk } from './recorder/left-desk.ts';
import type { Recording } from './recorder/recording.ts';
import type { RecentFile } from './recent.ts';
import type { SettingsFile } from './settings.ts';
import { titleFor } from './window.ts';

/** Last suffixes of modules' files, as dialogs want them. */
const MODULE_SUFFIXES = ['ko', 'xz', 'gz', 'zst'];

/** What the shell works with. */
export interface ShellParts {
  readonly window: BrowserWindow;
  readonly captures: Captures;
  readonly errands: Errands;
  readonly modules: Modules;
  readonly certificates: Certificates;
  readonly recording: Recording;
  readonly recent: RecentFile;
  readonly settings: SettingsFile;
  readonly sample: string;
  /** Images of an open capture. */
  images(capture: string): Promise<Result<readonly ImageRow[]>>;
  tell<N extends keyof Notices>(name: N, payload: Notices[N]): void;
  /** Something that the menu shows has changed. */
  changed(): void;
}

const CERTIFICATE_SUFFIXES = ['pem', 'crt', 'cer', 'der', 'x509'];

/** What others answer. */
type Elsewhere = keyof RecordingDesk | keyof LeftDesk;

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

  async openWithDialog(): Promise<Result<Opened | null>> {
    const [path] = await this.#chosen({
      title: 'Open a capture or a module',
      properties: ['openFile'],
      filters: [
        { name: 'Captures and modules', extensions: ['modtrail', ...MODULE_SUFFIXES] },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    return path === undefined ? ok(null) : await this.openFile(path);
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
    const { captures, recording, window } = this.#parts;
    if (recording.records(capture)) return fail('busy', 'this capture is being recorded; stop the recording first');
    if (!captures.has(capture)) return fail('no-such-row', 'this capture is not open any more');
    await this.cancelVerify(capture);
    await captures.close(capture);
    window.setTitle(titleFor(captures.list().at(-1)?.name));
    return ok(null);
  }

  async openModuleWithDialog(): Promise<Result<OpenModule | null>> {
    this.#parts.modules.warm();
    const [path] = await this.#chosen({
      title: 'Open a module',
      properties: ['openFile'],
      filters: [
        { name: 'Kernel modules', extensions: [...MODULE_SUFFIXES] },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    return path === undefined ? ok(null) : await this.#parts.modules.openFile(path);
  }

  /** A file that was dropped to be held against the module that is shown. */
  openToCompare(path: string): Promise<Result<OpenModule>> {
    return this.#parts.modules.openFile(path);
  }

  async openModuleAtHand(module: string): Promise<Result<OpenModule>> {
    const { captures, images, modules } = this.#parts;
    const from = modules.list().find(({ id }) => id === module)?.from;
    if (!from || captures.pathOf(from.capture) === undefined)
      return fail('no-such-row', 'the capture that this image is of is not open any more');
    const rows = await images(from.capture);
    if (!rows.ok) return rows;
    const paths = rows.value.find(({ sha256 }) => sha256 === from.sha256)?.paths ?? [];
    const found = paths.find((path) => isAbsolute(path) && existsSync(path));
    if (found !== undefined) return await modules.openFile(found);
    return fail(
      'not-found',
      paths.length === 0 ? 'the capture names no file for this image' : `${paths.join(', ')} is not on this machine`,
    );
  }

  async openModuleImage(capture: string, sha256: string, name: string): Promise<Result<OpenModule>> {
    const path = this.#parts.captures.pathOf(capture);
    if (path === undefined) return fail('no-such-row', 'this capture is not open any more');
    return await this.#parts.modules.openImage({ path, sha256, capture }, imageName(name));
  }

  async closeModule(module: string): Promise<Result<null>> {
    const { captures, modules, window } = this.#parts;
    await modules.close(module);
    window.setTitle(titleFor(captures.list().at(-1)?.name));
    return ok(null);
  }

  async cancelModules(): Promise<Result<null>> {
    await this.#parts.modules.cancel();
    return ok(null);
  }

  certificates(): Promise<Result<GivenCertificates>> {
    return Promise.resolve(ok(this.#parts.certificates.given()));
  }

  async chooseCertificates(what: CertificateChoice): Promise<Result<GivenCertificates | null>> {
    const paths = await this.#chosen({
      title: what === 'files' ? 'Certificates, or a kernel that holds some' : 'A folder of certificates',
      properties: what === 'files' ? ['openFile', 'multiSelections'] : ['openDirectory'],
      // A kernel's image has a release for a suffix: no filter would fit.
      ...(what === 'files'
        ? {
            filters: [
              { name: 'All files', extensions: ['*'] },
              { name: 'Certificates', extensions: CERTIFICATE_SUFFIXES },
            ],
          }
        : {}),
    });
    return paths.length === 0 ? ok(null) : await this.#parts.certificates.add(paths);
  }

  forgetCertificates(): Promise<Result<GivenCertificates>> {
    return Promise.resolve(ok(this.#parts.certificates.forget()));
  }

  async verifySeal(capture: string): Promise<Result<SealVerdict | null>> {
    const { captures, errands, tell } = this.#parts;
    const path = captures.pathOf(capture);
    if (path === undefined) return fail('no-such-row', 'this capture is not open any more');
    const held = captures.list().find(({ id }) => id === capture);
    if (held?.info.completeness === 'recording')
      return fail('busy', 'this capture is still being recorded; its seal can be verified when it is finished');
    return await errands.verify(path, (progress) => {
      tell('verifying', { capture, progress });
    });
  }

  async cancelVerify(capture: string): Promise<Result<null>> {
    const { captures, errands } = this.#parts;
    await errands.callOff(captures.pathOf(capture));
    return ok(null);
  }

  async saveImage(capture: string, sha256: string, name: string): Promise<Result<SavedImage | null>> {
    const { captures, errands, recent, window } = this.#parts;
    const path = captures.pathOf(capture);
    if (path === undefined) return fail('no-such-row', 'this capture is not open any more');
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title: 'Save the image',
      buttonLabel: 'Save',
      defaultPath: join(this.#folder(), imageName(name)),
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

  settings(): ReturnType<ShellApi['settings']> {
    return Promise.resolve(ok(this.#parts.settings.current));
  }

  changeSettings(...[change]: Parameters<ShellApi['changeSettings']>): ReturnType<ShellApi['changeSettings']> {
    const settings = this.#parts.settings.change(change);
    nativeTheme.themeSource = settings.theme;
    this.zoom();
    if (change.alarms !== undefined) this.#parts.changed();
    return Promise.resolve(ok(settings));
  }

  /** Draws the page as large as it was chosen; Chromium forgets that with each page. */
  zoom(): void {
    const { settings, window } = this.#parts;
    if (!window.isDestroyed()) window.webContents.setZoomFactor(settings.current.zoom);
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

  /** Has a person choose files or a folder, beginning where the last ones lay; none where that was called off. */
  async #chosen(options: OpenDialogOptions): Promise<readonly string[]> {
    const { recent, window } = this.#parts;
    const { canceled, filePaths } = await dialog.showOpenDialog(window, { defaultPath: this.#folder(), ...options });
    const [first] = filePaths;
    if (canceled || first === undefined) return [];
    recent.rememberFolder(dirname(first));
    return filePaths;
  }

  #folder(): string {
    return this.#parts.recent.folder ?? app.getPath('home');
  }

  #shown<Which extends Opened>(opened: Result<Which>): Result<Which> {
    if (opened.ok) this.#parts.window.setTitle(titleFor(opened.value.name));
    return opened;
  }

  #tellOpened(opened: Result<Opened>): void {
    if (opened.ok) this.#parts.tell('opened', opened.value);
    else this.#parts.tell('problem', opened.error);
  }
}
