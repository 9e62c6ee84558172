/** The app's main process: puts the parts together. It decides nothing about modules. */
import { join } from 'node:path';
import { NOTICE_CHANNEL } from '#contract/channels.ts';
import type { Failure } from '#contract/result.ts';
import { app, dialog, protocol, type BrowserWindow } from 'electron';
import { Alarms } from './alarms.ts';
import { filesOf, handover } from './arguments.ts';
import { Certificates } from './certificates.ts';
import { Captures } from './captures.ts';
import { notify } from './desktop.ts';
import { Errands } from './errands.ts';
import { hasGraphicsCard, WITHOUT_CARD } from './graphics.ts';
import { listenToPage } from './ipc.ts';
import { lockDown, quietChromium } from './lockdown.ts';
import { logDefect } from './log.ts';
import { showMenu } from './menu.ts';
import { Modules } from './modules.ts';
import { NoteDesk } from './note-desk.ts';
import { NotesFolder } from './notes.ts';
import { NoticeBoard } from './notices.ts';
import { PAGE_URL, SCHEME, servePage } from './page.ts';
import { watchPage } from './page-watch.ts';
import { findPlaces } from './places.ts';
import { RecentFile } from './recent.ts';
import { askBeforeClosing } from './recorder/closing.ts';
import { RecordingDesk } from './recorder/desk.ts';
import { RecordingJournal } from './recorder/journal.ts';
import { LeftDesk } from './recorder/left-desk.ts';
import { Recording } from './recorder/recording.ts';
import { RowDesk } from './row-desk.ts';
import { Session } from './session.ts';
import { SettingsFile } from './settings.ts';
import { Shell } from './shell.ts';
import { StoreClient } from './store-client.ts';
import { STORE_GONE } from './store-process.ts';
import { createWindow, markTitle, titleFor } from './window.ts';

const development = !app.isPackaged;

function start(files: readonly string[]): void {
  lockDown(development);
  const places = findPlaces(app.isPackaged, process.resourcesPath);
  const data = app.getPath('userData');
  protocol.handle(SCHEME, (request) => servePage(request, places.page));

  const store = new StoreClient(places.store);
  const window = createWindow({ preload: places.preload, placeFile: join(data, 'window.json'), development });
  const notices = new NoticeBoard((name, payload) => {
    if (!window.isDestroyed()) window.webContents.send(NOTICE_CHANNEL, name, payload);
  });
  const captures = new Captures(store, (grown) => {
    notices.tell('grown', grown);
    if (recording.records(grown.capture)) alarms.grew(grown.capture, grown.info);
  });
  store.onEnd = () => {
    notices.tell('problem', STORE_GONE);
    captures.storeEnded();
  };
  const journal = new RecordingJournal(join(data, 'recordings.json'));
  const recording = new Recording({
    collector: places.collector,
    captures,
    journal,
    tell: (state) => {
      notices.tell('recording', state);
      markTitle(window, recording.running);
      if (state.state !== 'recording') renewMenu();
    },
  });
  const errands = new Errands(places.store);
  const modules = new Modules(places.store);
  const certificates = new Certificates(join(data, 'certificates.json'), places.store, (all) => {
    modules.useCertificates(all);
  });
  const recent = new RecentFile(join(data, 'recent.json'));
  const settings = new SettingsFile(join(data, 'settings.json'));
  const alarms = new Alarms({
    wanted: () => settings.current.alarms,
    views: () => settings.current.views,
    attempts: (capture, page) => store.ask('attempts', capture, page),
    show: (title, body, about) => {
      notify(window, title, body, () => {
        notices.tell('revealed', about);
      });
    },
  });
  const session = new Session(join(data, 'session.json'), {
    ...{ sample: places.sample, policy: () => settings.current.session },
    ...{ captures: () => captures.list(), modules: () => modules.list() },
    ...{ pathOf: (id) => captures.pathOf(id), moduleFile: (id) => modules.fileOf(id) },
    openCapture: (path) => captures.open(path),
    openModule: (path) => modules.openFile(path),
    openImage: (source, name) => modules.openImage(source, name),
    title: (name) => {
      if (!window.isDestroyed()) window.setTitle(titleFor(name));
    },
  });
  const shell = new Shell({
    ...{ window, captures, errands, modules, certificates, recording, recent, sample: places.sample },
    settings,
    images: (capture) => store.ask('images', capture),
    tell: (name, payload) => {
      notices.tell(name, payload);
    },
    changed: renewMenu,
  });

  const recorder = new RecordingDesk({ window, captures, recording, recent, changed: renewMenu });

  const left = new LeftDesk({
    journal,
    rejoined: rejoin(),
    standing: (path) => store.standing(path),
    open: (path) => shell.openFile(path),
  });

  const desk = new NoteDesk({
    ...{ window, captures, recent, settings, home: app.getPath('home') },
    notes: new NotesFolder(join(data, 'notes')),
  });

  const rows = new RowDesk({
    ...{ window, captures, errands, recent, home: app.getPath('home') },
    told: (progress) => {
      notices.tell('exporting', progress);
    },
  });

  /** A recorder that has outlived the run of the app that started it is attached to, and shown. */
  async function rejoin(): Promise<void> {
    for (const begun of journal.left()) {
      const capture = await recording.rejoin(begun);
      if (!capture) continue;
      recent.add(begun.file);
      renewMenu();
      notices.tell('opened', capture);
    }
  }

  function renewMenu(): void {
    showMenu({
      ...{ recent: recent.list(), recording: recording.running, alarms: settings.current.alarms, development },
      command: (command) => {
        notices.tell('command', command);
      },
      openRecent: (id) => void shell.openRecentFromMenu(id),
      about: () => void showAbout(window),
    });
  }

  askBeforeClosing(window, recording);
  renewMenu();
  listenToPage(window.webContents, { shell, recorder, left, store, modules, notices, session, desk, rows });
  watchPage(window, () => {
    notices.forget();
    if (recording.running) notices.tell('recording', recording.state);
  });
  app.on('second-instance', (_event, _argv, _folder, data) => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
    void shell.openFromOutside(handover.safeParse(data).data?.files ?? []);
  });
  tellDefects((problem) => {
    notices.tell('problem', problem);
  });
  endWith(async () => {
    session.end();
    alarms.end();
    await Promise.all([errands.end(), modules.end()]);
    await recording.end();
    await store.end();
  });
  window.webContents.on('dom-ready', () => {
    shell.zoom();
  });
  void window.loadURL(PAGE_URL);
  void shell.openFromOutside(files);
}

/** Without this Electron shows a stack trace, for which nobody at the screen has any use. */
function tellDefects(tell: (problem: Failure) => void): void {
  const take = (error: unknown): void => {
    logDefect('main', error);
    tell({
      code: 'unexpected',
      message: 'a defect in Modtrail showed itself; the app goes on, and its log has the details',
    });
  };
  process.on('uncaughtException', take);
  process.on('unhandledRejection', take);
}

async function showAbout(window: BrowserWindow): Promise<void> {
  const { electron = '', chrome = '' } = process.versions;
  await dialog.showMessageBox(window, {
    type: 'info',
    title: 'About Modtrail',
    message: `Modtrail ${app.getVersion()}`,
    detail: `Forensics workbench for Linux kernel modules.\nElectron ${electron}, Chromium ${chrome}.`,
  });
}

/** Does the last work after the window is closed, and then ends the app. */
function endWith(work: () => Promise<void>): void {
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.once('will-quit', (event) => {
    event.preventDefault();
    void work()
      .catch((error: unknown) => {
        logDefect('quitting', error);
      })
      .finally(() => {
        app.exit(0);
      });
  });
}

const files = filesOf(process.argv, process.defaultApp === true, process.cwd());
if (app.requestSingleInstanceLock({ files })) {
  // Nothing below depends on where the app was started; a folder that it stands in could not be unmounted.
  process.chdir('/');
  quietChromium();
  if (!hasGraphicsCard()) for (const name of WITHOUT_CARD) app.commandLine.appendSwitch(name);
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
  app
    .whenReady()
    .then(() => {
      start(files);
    })
    .catch((error: unknown) => {
      logDefect('start', error);
      dialog.showErrorBox('Modtrail cannot start', error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
} else {
  app.exit(0);
}
