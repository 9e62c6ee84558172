/**
 * The app's commands in words: main makes its menu of them, the page its keys, its list of keys and its palette. What a
 * command does, and when it can be had, the page alone knows.
 */

/** Where a command stands in the menu, and under which heading it is listed. */
export const COMMAND_GROUPS = ['File', 'Edit', 'View', 'Go', 'Timeline', 'Table', 'Module', 'Window', 'Help'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface CommandWords {
  readonly title: string;
  readonly group: CommandGroup;
  /**
   * What is pressed for it, each way a word such as "Ctrl+Shift+P": names of `KeyboardEvent.key`, letters as capitals.
   * The first one is shown.
   */
  readonly keys?: readonly string[];
}

export const COMMANDS = {
  open: { title: 'Open a capture or a module…', group: 'File', keys: ['Ctrl+O'] },
  'new-window': { title: 'New window', group: 'File', keys: ['Ctrl+Shift+N'] },
  'open-sample': { title: 'Open the sample', group: 'File' },
  'reopen-session': { title: 'Reopen the last session', group: 'File' },
  record: { title: 'Record this machine…', group: 'File', keys: ['Ctrl+R'] },
  'record-as': { title: 'Choose what to record…', group: 'File', keys: ['Ctrl+Shift+R'] },
  attach: { title: 'Attach to a stream…', group: 'File' },
  stop: { title: 'Stop the recording', group: 'File', keys: ['Ctrl+E'] },
  discard: { title: 'Stop, and delete what was recorded…', group: 'File' },
  'toggle-alarms': { title: 'Desktop notifications of a recording, on or off', group: 'File' },
  'keep-view': { title: 'Saved views…', group: 'View', keys: ['Ctrl+S'] },
  'export-rows': { title: 'Export the rows to a file…', group: 'File', keys: ['Ctrl+Shift+E'] },
  'export-case': { title: 'Export notes and views as a case…', group: 'File' },
  'import-case': { title: 'Import a case…', group: 'File' },
  close: { title: 'Close this tab', group: 'File', keys: ['Ctrl+W'] },
  note: { title: 'Note on what is selected', group: 'Edit', keys: ['N'] },
  'note-interval': { title: 'Note on the interval', group: 'Edit', keys: ['Shift+N'] },
  bookmark: { title: 'Bookmark what is selected, or no more', group: 'Edit', keys: ['B'] },
  tag: { title: 'Tag what is selected', group: 'Edit', keys: ['T'] },
  'undo-note': { title: 'Undo a change of notes or views', group: 'Edit', keys: ['Ctrl+Z'] },
  'redo-note': { title: 'Redo a change of notes or views', group: 'Edit', keys: ['Ctrl+Shift+Z'] },
  find: { title: 'Find', group: 'Edit', keys: ['Ctrl+F'] },
  palette: { title: 'All commands…', group: 'View', keys: ['Ctrl+K', 'Ctrl+Shift+P'] },
  'show-attempts': { title: 'Attempts', group: 'View', keys: ['Alt+1'] },
  'show-modules': { title: 'Modules', group: 'View', keys: ['Alt+2'] },
  'show-processes': { title: 'Processes', group: 'View', keys: ['Alt+3'] },
  'show-events': { title: 'Events', group: 'View', keys: ['Alt+4'] },
  'show-images': { title: 'Images', group: 'View', keys: ['Alt+5'] },
  'show-capture': { title: 'Capture', group: 'View', keys: ['Alt+6'] },
  'show-reference': { title: 'Reference', group: 'View', keys: ['Alt+7'] },
  'show-notes': { title: 'Notes', group: 'View', keys: ['Alt+8'] },
  together: { title: 'All captures on one axis', group: 'View', keys: ['Alt+0'] },
  'toggle-theme': { title: 'Change the theme', group: 'View', keys: ['Ctrl+Shift+T'] },
  'toggle-zone': { title: 'Time in UTC or in the local zone', group: 'View' },
  'zoom-in': { title: 'Larger', group: 'View', keys: ['Ctrl++', 'Ctrl+='] },
  'zoom-out': { title: 'Smaller', group: 'View', keys: ['Ctrl+-'] },
  'zoom-reset': { title: 'Usual size', group: 'View', keys: ['Ctrl+0'] },
  back: { title: 'Back', group: 'Go', keys: ['Alt+ArrowLeft'] },
  forward: { title: 'Forward', group: 'Go', keys: ['Alt+ArrowRight'] },
  'next-tab': { title: 'The next tab', group: 'Go', keys: ['Ctrl+Tab'] },
  'previous-tab': { title: 'The tab before', group: 'Go', keys: ['Ctrl+Shift+Tab'] },
  keys: { title: 'All keys', group: 'Help', keys: ['F1', '?'] },
} as const satisfies Readonly<Record<string, CommandWords>>;

/** A command that main may tell the page to carry out. */
export type MenuCommand = keyof typeof COMMANDS;

export const wordsOf = (command: MenuCommand): CommandWords => COMMANDS[command];
