/** The app's main process: puts the parts together. It decides nothing about modules. */
import { join } from 'node:path';
import { app, dialog, protocol } from 'electron';
import { Alarms } from './alarms.ts';
import { filesOf, handover } from './arguments.ts';
import { CertificateDesk } from './certificate-desk.ts';
import { Certificates } from './certificates.ts';
import { Captures } from './captures.ts';
import { notify } from './desktop.ts';
import { Errands } from './errands.ts';
import { hasGraphicsCard, WITHOUT_CARD, withoutToolkitGl } from './graphics.ts';
import { listenToPages, type PageParts } from './ipc.ts';
import { endWith, showAbout, tellDefects } from './life.ts';
import { lockDown, quietChromium } from './lockdown.ts';
import { logDefect } from './log.ts';
import { showMenu } from './menu.ts';
import { Modules } from './modules.ts';
import { NoteDesk } from './note-desk.ts';
import { NotesFolder } from './notes.ts';
import { PAGE_URL, SCHEME, servePage } from './page.ts';
import { watchPage } from './page-watch.ts';
import { findPlaces } from './places.ts';
import { RecentFile } from './recent.ts';
import { Farewell } from './recorder/closing.ts';
import { RecordingDesk } from './recorder/desk.ts';
import { greet } from './recorder/greeting.ts';
import { RecordingJournal } from './recorder/journal.ts';
import { LeftDesk } from './recorder/left-desk.ts';
import { Recording } from './recorder/recording.ts';
import { Unwatched } from './recorder/unwatched.ts';
import { RowDesk } from './row-desk.ts';
import { Session } from './session.ts';
import { SettingsFile } from './settings.ts';
import { Shell } from './shell.ts';
import { StoreClient } from './store-client.ts';
import { STORE_GONE } from './store-process.ts';
import { createWindow } from './window.ts';
import { Windows, type AppWindow } from './windows.ts';

const development = !app.isPackaged;

/**
 * The page's own: rows come and go while one scrolls, and what V8 once took for what is young, in MB, it keeps. What is old is
 * looked through whenever there is half more of it, and with it what the elements of those rows have left behind.
 */
const PAGE_FLAGS = '--max-semi-space-size=4 --heap-growing-percent=50';

function start(files: readonly string[]): void {
  lockDown(development);
  const places = findPlaces(app.isPackaged, process.resourcesPath);
  const data = app.getPath('userData');
  protocol.handle(SCHEME, (request) => servePage(request, places.page));

  const windows = new Windows();
  const store = new StoreClient(places.store);
  const captures = new Captures(store, (grown) => {
    windows.tell('grown', grown);
    if (recording.records(grown.capture)) alarms.grew(grown.capture, grown.info);
  });
  store.onEnd = () => {
    windows.tell('problem', STORE_GONE);
    captures.storeEnded();
  };
  const journal = new RecordingJournal(join(data, 'recordings.json'));
  const recording = new Recording({
    ...{ collector: places.collector, captures, journal },
    tell: (state) => {
      windows.tell('recording', state);
      unwatched.told(state);
      windows.each(({ title }) => {
        title.mark(recording.running);
      });
      if (state.state !== 'recording') renewMenu();
    },
  });
  const unwatched = new Unwatched({
    isShown: (id) => windows.isShown(id),
    close: (id) => void captures.close(id),
  });
  const errands = new Errands(places.store);
  const modules = new Modules(places.store);
  const certificates = new Certificates(join(data, 'certificates.json'), places.store, (all) => {
    modules.useCertificates(all);
  });
  const recent = new RecentFile(join(data, 'recent.json'));
  const settings = new SettingsFile(join(data, 'settings.json'));
  const notes = new NotesFolder(join(data, 'notes'));
  const alarms = new Alarms({
    wanted: () => settings.current.alarms,
    views: () => settings.current.views,
    attempts: (capture, page) => store.ask('attempts', capture, page),
    show: (title, body, about) => {
      const one = windows.showing(about.capture);
      if (one) notify(one.window, title, body, () => void one.notices.tell('revealed', about));
    },
  });
  const session = new Session(join(data, 'session.json'), {
    ...{ sample: places.sample, policy: () => settings.current.session },
    ...{ captures: () => captures.list(), modules: () => modules.list() },
    ...{ pathOf: (id) => captures.pathOf(id), moduleFile: (id) => modules.fileOf(id) },
    openCapture: (path) => captures.open(path),
    openModule: (path) => modules.openFile(path),
    openImage: (source, name) => modules.openImage(source, name),
    title: (who: AppWindow, name) => {
      who.title.show(name);
    },
  });
  const farewell = new Farewell(recording, windows);
  const rejoined = rejoin();
  const pages = new WeakMap<AppWindow, PageParts>();

  /** Opens a window; beside another one it shows what that one shows. */
  function openWindow(beside?: AppWindow): PageParts {
    const window = createWindow({
      ...{ preload: places.preload, placeFile: join(data, 'window.json'), development },
      ...(beside ? { beside: beside.window } : {}),
    });
    const own = windows.add(window, letGo);
    if (beside) session.copy(beside, own);
    own.title.mark(recording.running);
    const common = { own, windows, captures, errands, recent, settings, recording, changed: renewMenu };
    const shell = new Shell({
      ...{ ...common, modules, sample: places.sample },
      imageUse: (capture, sha256) => store.ask('imageUse', capture, sha256),
      another: () => void openWindow(own),
    });
    const left = new LeftDesk({
      ...{ journal, rejoined },
      standing: (path) => store.standing(path),
      open: (path) => shell.openFile(path),
    });
    const desks = {
      recorder: new RecordingDesk(common),
      certificates: new CertificateDesk({ ...common, certificates }),
      desk: new NoteDesk({ ...common, notes }),
      rows: new RowDesk(common),
    };
    const parts = { own, shell, left, ...desks, store, modules, session };
    pages.set(own, parts);
    farewell.watch(window);
    let isFirst = true;
    const startsAnew = (): void => {
      greet(own.notices, recording, isFirst);
      isFirst = false;
    };
    watchPage(window, startsAnew, () => windows.count < 2);
    window.webContents.on('dom-ready', () => {
      shell.zoom();
    });
    void window.loadURL(PAGE_URL);
    return parts;
  }

  /** What a window alone has shown is closed with it, but for what is recorded; the last one's is kept for the next start. */
  function letGo(one: AppWindow): void {
    if (windows.count === 0) return;
    session.leave(one);
    for (const id of one.shows) {
      if (windows.isShown(id) || recording.records(id)) continue;
      void (captures.has(id) ? captures.close(id) : modules.close(id));
    }
  }

  /** A recorder that has outlived the run of the app that started it is attached to, and shown. */
  async function rejoin(): Promise<void> {
    for (const begun of journal.left()) {
      const capture = await recording.rejoin(begun);
      if (!capture) continue;
      recent.add(begun.file);
      renewMenu();
      windows.front?.shows.add(capture.id);
      windows.front?.notices.tell('opened', capture);
    }
  }

  function renewMenu(): void {
    showMenu({
      ...{ recent: recent.list(), recording: recording.running, recorded: recording.recorded !== undefined },
      ...{ alarms: settings.current.alarms, development },
      command: (command) => {
        windows.front?.notices.tell('command', command);
      },
      openRecent: (id) => void inFront()?.shell.openRecentFromMenu(id),
      about: () => void showAbout(windows.front?.window),
    });
  }

  const inFront = (): PageParts | undefined => windows.front && pages.get(windows.front);

  renewMenu();
  listenToPages((contents) => {
    const one = windows.of(contents);
    return one && pages.get(one);
  });
  app.on('second-instance', (_event, _argv, _folder, handed) => {
    const front = inFront();
    if (!front) return;
    if (front.own.window.isMinimized()) front.own.window.restore();
    front.own.window.focus();
    void front.shell.openFromOutside(handover.safeParse(handed).data?.files ?? []);
  });
  tellDefects((problem) => {
    windows.tell('problem', problem);
  });
  endWith(async () => {
    session.end();
    alarms.end();
    await Promise.all([errands.end(), modules.end()]);
    await recording.end();
    await store.end();
  });
  void openWindow().shell.openFromOutside(files);
}

const files = filesOf(process.argv, process.defaultApp === true, process.cwd());
if (app.requestSingleInstanceLock({ files })) {
  // Nothing below depends on where the app was started; a folder that it stands in could not be unmounted.
  process.chdir('/');
  quietChromium();
  withoutToolkitGl(process.env);
  app.commandLine.appendSwitch('js-flags', PAGE_FLAGS);
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
