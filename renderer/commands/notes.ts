/** What is done with notes and cases, by key, menu and palette. */
import { wordsOf, type MenuCommand } from '#contract/commands.ts';
import { mergeWords } from '../notes/merge.ts';
import { notedInterval, notedNow } from '../notes/noted.ts';
import { useCaptures } from '../stores/captures.ts';
import { useCases } from '../stores/cases.ts';
import { useKeptViews } from '../stores/kept-views.ts';
import { useNotes, type Noted } from '../stores/notes.ts';
import { useRemark } from '../stores/remark.ts';
import { useUndo } from '../stores/undo.ts';
import { useView } from '../stores/view.ts';
import type { Command } from './registry.ts';

export function noteCommands(): Command[] {
  const captures = useCaptures();
  const cases = useCases();
  const notes = useNotes();
  const remark = useRemark();
  const undo = useUndo();
  const view = useView();
  const views = useKeptViews();

  const inCapture = (): boolean => captures.current !== undefined && view.view !== 'module' && view.view !== 'together';

  const edit = (noted: Noted | undefined, first: 'text' | 'tags'): void => {
    if (noted) notes.editing = { noted, first };
    else remark.say('Select an attempt, an event, an image or an interval first.', true);
  };

  function bookmark(): void {
    const noted = notedNow();
    if (!noted) edit(undefined, 'text');
    else if (notes.toggleBookmark(noted))
      remark.say(`${notes.of(noted.target)?.bookmarked ? 'Bookmarked' : 'No bookmark any more'}: ${noted.about}`);
  }

  async function exportCase(): Promise<void> {
    const name = await cases.exported();
    if (name !== undefined) remark.say(`Exported: ${name}`);
  }

  async function importCase(): Promise<void> {
    const found = await cases.imported();
    if (!found) return;
    const [merged, more] = undo.asOne('the import of a case', () => [
      notes.merge(found.annotations),
      views.join(found.views),
    ]);
    remark.say(`Notes: ${mergeWords(merged)}. Views: ${String(more)} added. Ctrl Z takes it back.`);
  }

  const told = (word: string, what: string | undefined): void => {
    if (what !== undefined) remark.say(`${word}: ${what}`);
  };
  const command = (id: MenuCommand, run: () => unknown, when = inCapture): Command => ({
    ...{ id, ...wordsOf(id), when, run },
  });
  return [
    command('note', () => {
      edit(notedNow(), 'text');
    }),
    command('note-interval', () => {
      edit(notedInterval(), 'text');
    }),
    command('tag', () => {
      edit(notedNow(), 'tags');
    }),
    command('bookmark', bookmark),
    command('show-notes', () => {
      view.show('notes');
    }),
    command('keep-view', () => (views.isOpen = true)),
    command('export-case', exportCase),
    command('import-case', importCase),
    command(
      'undo-note',
      () => {
        told('Undone', undo.undo());
      },
      () => undo.canUndo && !typing(),
    ),
    command(
      'redo-note',
      () => {
        told('Done again', undo.redo());
      },
      () => undo.canRedo && !typing(),
    ),
  ];
}

/** A field has an undo of its own. */
const typing = (): boolean => document.activeElement?.matches('input, textarea, [contenteditable]') ?? false;
