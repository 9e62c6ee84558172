/** The menu. What the page carries out goes there as a command; nothing here reloads or leaves it. */
import type { MenuCommand, RecentCapture } from '#contract/api.ts';
import { Menu, type MenuItemConstructorOptions } from 'electron';

/** What the menu depends on, and what it does itself. */
export interface MenuFacts {
  readonly recent: readonly RecentCapture[];
  readonly recording: boolean;
  readonly development: boolean;
  command(command: MenuCommand): void;
  openRecent(id: string): void;
  about(): void;
}

type Items = MenuItemConstructorOptions[];

/** Names in menus are one line of bearable length; `&` would underline the next letter. */
const MOST_NAME = 80;

/** Puts the menu in place. */
export function showMenu(facts: MenuFacts): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(facts)));
}

function template(facts: MenuFacts): Items {
  const item = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    id: command,
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => {
      facts.command(command);
    },
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  return [
    {
      label: '&File',
      submenu: [
        item('&Open…', 'open', 'CmdOrCtrl+O'),
        { label: 'Open &recent', submenu: recentItems(facts), enabled: facts.recent.length > 0 },
        item('Open the &sample', 'open-sample'),
        line,
        { ...item('&Record…', 'record', 'CmdOrCtrl+R'), enabled: !facts.recording },
        { ...item('S&top recording', 'stop', 'CmdOrCtrl+E'), enabled: facts.recording },
        line,
        item('&Close the capture', 'close', 'CmdOrCtrl+W'),
        { role: 'quit', label: '&Quit', accelerator: 'CmdOrCtrl+Q' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        line,
        item('&Find', 'find', 'CmdOrCtrl+F'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('&Attempts', 'show-attempts', 'CmdOrCtrl+1'),
        item('&Events', 'show-events', 'CmdOrCtrl+2'),
        item('&Images', 'show-images', 'CmdOrCtrl+3'),
        item('&Capture', 'show-capture', 'CmdOrCtrl+4'),
        item('&Reference', 'show-reference', 'CmdOrCtrl+5'),
        line,
        item('Change the &theme', 'toggle-theme', 'CmdOrCtrl+Shift+T'),
        { role: 'zoomIn', accelerator: 'CmdOrCtrl+Plus' },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { role: 'togglefullscreen' },
        ...(facts.development ? [line, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    {
      label: '&Help',
      submenu: [item('&Keys', 'keys', 'F1'), { label: '&About Modtrail', click: facts.about }],
    },
  ];
}

function recentItems({ recent, openRecent }: MenuFacts): Items {
  return recent.map(({ id, name, folder }) => ({
    label: shortened(`${name} (${folder})`),
    click: () => {
      openRecent(id);
    },
  }));
}

function shortened(text: string): string {
  const plain = text.replaceAll(/\p{C}/gu, '\ufffd');
  const short = plain.length <= MOST_NAME ? plain : `${plain.slice(0, MOST_NAME - 1)}…`;
  return short.replaceAll('&', '&&');
}
