import { bridge, openSample, settled } from '../page.ts';
import { beforeEach, expect, test, vi } from 'vitest';
import { fail, ok } from '#contract/result.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { tagsOf, useNotes, type Noted } from '../../../renderer/stores/notes.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { useUndo } from '../../../renderer/stores/undo.ts';

const ATTEMPT: Noted = { target: { kind: 'attempt', callId: 7 }, about: 'attempt 7', ns: 5 };
const INTERVAL: Noted = { target: { kind: 'interval', fromNs: 1, toNs: 9 }, about: 'an interval', ns: 1 };

async function start(): Promise<ReturnType<typeof useNotes>> {
  await useCaptures().show(openSample());
  const notes = useNotes();
  await notes.load();
  return notes;
}

beforeEach(() => {
  vi.spyOn(bridge, 'keepNotes');
});

test('a note, a bookmark and tags of one thing are kept as one, with who and when', async () => {
  const notes = await start();
  notes.toggleBookmark(ATTEMPT);
  notes.write(ATTEMPT, { text: 'one\ntwo', tags: ['odd'] }, 'the note');
  await settled();
  expect(notes.list).toHaveLength(1);
  expect(notes.of(ATTEMPT.target)).toMatchObject({ bookmarked: true, text: 'one\ntwo', author: 'analyst' });
  expect(Date.parse(notes.list[0]?.changed ?? '')).toBeGreaterThan(0);
  expect(bridge.keepNotes).toHaveBeenLastCalledWith(expect.any(String), notes.list);
});

test('each change is undone and done again, in order, and kept each time', async () => {
  const notes = await start();
  const undo = useUndo();
  notes.toggleBookmark(ATTEMPT);
  notes.write(INTERVAL, { text: 'flood' }, 'the note');
  expect(undo.undo()).toBe('the note');
  expect(notes.list.map(({ about }) => about)).toEqual(['attempt 7']);
  expect(undo.undo()).toBe('the bookmark on attempt 7');
  expect(notes.list).toEqual([]);
  expect(undo.canUndo).toBe(false);
  undo.redo();
  undo.redo();
  expect(notes.list.map(({ about }) => about)).toEqual(['an interval', 'attempt 7']);
  expect(bridge.keepNotes).toHaveBeenCalledTimes(6);
});

test('what is written while another capture comes to be looked at stays with the one that it began in', async () => {
  const notes = await start();
  const { uuid } = notes;
  const other = openSample();
  await useCaptures().show({ ...other, info: { ...other.info, uuid: '00000000-0000-4000-8000-000000000000' } });
  await notes.load();
  expect(notes.write(ATTEMPT, { text: 'of the first' }, 'the note', uuid)).toBe(true);
  expect(notes.of(ATTEMPT.target)).toBeUndefined();
  expect(notes.of(ATTEMPT.target, uuid)?.text).toBe('of the first');
  const [first] = useCaptures().list;
  expect(bridge.keepNotes).toHaveBeenLastCalledWith(first?.id, [expect.objectContaining({ text: 'of the first' })]);
});

test('why nothing can be written is told', async () => {
  const notes = useNotes();
  await useCaptures().show(openSample());
  expect(notes.whyNot(ATTEMPT.target)).toContain('could not be read');
  await notes.load();
  expect(notes.whyNot(ATTEMPT.target)).toBeUndefined();
});

test('several changes made at once are undone at once', async () => {
  const notes = await start();
  const undo = useUndo();
  undo.asOne('both', () => {
    notes.toggleBookmark(ATTEMPT);
    notes.toggleBookmark(INTERVAL);
  });
  expect(undo.undo()).toBe('both');
  expect(notes.list).toEqual([]);
  undo.redo();
  expect(notes.list).toHaveLength(2);
});

test('a removal is undone with all that was written', async () => {
  const notes = await start();
  notes.write(ATTEMPT, { text: 'x', tags: ['a'], bookmarked: true }, 'the note');
  const [before] = notes.list;
  if (!before) throw new Error('nothing was kept');
  notes.remove(before);
  expect(notes.list).toEqual([]);
  useUndo().undo();
  expect(notes.list).toEqual([before]);
});

test('what holds nothing is not kept', async () => {
  const notes = await start();
  notes.toggleBookmark(ATTEMPT);
  notes.toggleBookmark(ATTEMPT);
  expect(notes.write(INTERVAL, { text: '  ' }, 'the note')).toBe(false);
  expect(notes.list).toEqual([]);
});

test('an import is one change', async () => {
  const notes = await start();
  const given = [ATTEMPT, INTERVAL].map((noted) => ({
    ...{ ...noted, bookmarked: true, tags: [], text: '', author: 'other', changed: '2026-01-01T00:00:00Z' },
  }));
  expect(notes.merge(given)).toMatchObject({ added: 2 });
  useUndo().undo();
  expect(notes.list).toEqual([]);
});

test('notes that could not be read are not written over', async () => {
  vi.spyOn(bridge, 'notes').mockResolvedValue(fail('not-readable', 'no'));
  const notes = await start();
  expect(notes.toggleBookmark(ATTEMPT)).toBe(false);
  expect(bridge.keepNotes).not.toHaveBeenCalled();
});

test('where a damaged file was put is told', async () => {
  vi.spyOn(bridge, 'notes').mockResolvedValue(ok({ annotations: [], author: 'a', keptAside: '/data/aside' }));
  await start();
  expect(useNotices().notices[0]?.failure.message).toContain('/data/aside');
});

test('tags are words, each once', () => {
  expect(tagsOf(' #odd, odd  rootkit,, ')).toEqual(['odd', 'rootkit']);
  expect(tagsOf(Array.from({ length: 30 }, (_, tag) => String(tag)).join(' '))).toHaveLength(16);
});
