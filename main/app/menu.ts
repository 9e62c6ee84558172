/** The menu. What the page carries out goes there as a command; nothing here reloads or leaves it. */
import type { RecentCapture } from '#contract/api.ts';
import { wordsOf, type MenuCommand } from '#contract/commands.ts';
import { Menu, type MenuItemConstructorOptions } from 'electron';

/** What the menu depends on, and what it does itself. */
export interface MenuFacts {
  readonly recent: readonly RecentCapture[];
  readonly recording: boolean;
  /** Whether there is something that a recorder has written. */
  readonly recorded: boolean;
  /** Whether the desktop tells of what a recording shows. */
  readonly alarms: boolean;
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
  /** The page listens to the keys itself, so that they do the same wherever the focus is; the menu only shows them. */
  const item = (command: MenuCommand, label: string = wordsOf(command).title): MenuItemConstructorOptions => {
    const [shown] = wordsOf(command).keys ?? [];
    return {
      id: command,
      label,
      ...(shown === undefined ? {} : { accelerator: acceleratorOf(shown), registerAccelerator: false }),
      click: () => {
        facts.command(command);
      },
    };
  };
  const line: MenuItemConstructorOptions = { type: 'separator' };
  return [
    {
      label: '&File',
      submenu: [
        item('open'),
        { label: 'Open &recent', submenu: recentItems(facts), enabled: facts.recent.length > 0 },
        item('open-sample'),
        item('new-window'),
        item('reopen-session'),
        line,
        { ...item('record'), enabled: !facts.recording },
        { ...item('record-as'), enabled: !facts.recording },
        { ...item('attach'), enabled: !facts.recording },
        { ...item('stop'), enabled: facts.recording },
        { ...item('discard'), enabled: facts.recorded },
        {
          ...item('toggle-alarms', 'Desktop notifications of a recording'),
          ...{ type: 'checkbox', checked: facts.alarms },
        },
        line,
        item('export-rows'),
        item('export-case'),
        item('import-case'),
        line,
        item('close'),
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
        item('note'),
        item('note-interval'),
        item('bookmark'),
        item('tag'),
        item('undo-note'),
        item('redo-note'),
        line,
        item('find'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('palette'),
        line,
        item('show-attempts'),
        item('show-modules'),
        item('show-processes'),
        item('show-events'),
        item('show-images'),
        item('show-capture'),
        item('show-reference'),
        item('show-notes'),
        item('together'),
        item('keep-view'),
        line,
        item('toggle-theme'),
        item('toggle-zone'),
        line,
        item('zoom-in'),
        item('zoom-out'),
        item('zoom-reset'),
        { role: 'togglefullscreen' },
        ...(facts.development ? [line, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    {
      label: '&Go',
      submenu: [item('back'), item('forward'), line, item('next-tab'), item('previous-tab')],
    },
    {
      label: '&Help',
      submenu: [item('keys'), { label: '&About Modtrail', click: facts.about }],
    },
  ];
}

/** Keys as Electron writes them. */
export function acceleratorOf(keys: string): string {
  return keys
    .replace(/\+\+$/, '+Plus')
    .replace(/\bArrow/, '')
    .replace(/\bCtrl\b/, 'CmdOrCtrl');
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
