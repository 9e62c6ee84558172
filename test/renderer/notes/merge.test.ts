import { expect, test } from 'vitest';
import { MOST_NOTE, type Annotation } from '#contract/notes.ts';
import { mergeNotes, mergeWords } from '../../../renderer/notes/merge.ts';

const note = (callId: number, more: Partial<Annotation> = {}): Annotation => ({
  ...{ target: { kind: 'attempt', callId }, about: `attempt ${String(callId)}`, bookmarked: false, tags: [], text: '' },
  ...{ author: 'other', changed: '2026-01-02T00:00:00Z' },
  ...more,
});

test('what is new is added, what is the same stays', () => {
  const merged = mergeNotes([note(1, { text: 'a' })], [note(1, { text: 'a' }), note(2, { text: 'b' })]);
  expect(merged).toMatchObject({ added: 1, joined: 0, same: 1, left: 0 });
  expect(merged.changed).toEqual([note(2, { text: 'b' })]);
  expect(mergeWords(merged)).toBe('1 added, 1 there already');
});

test('two notes on one thing are joined, and nothing of either is lost', () => {
  const own = note(1, { text: 'mine', tags: ['a'], author: 'me' });
  const { changed, joined } = mergeNotes([own], [note(1, { text: 'theirs', tags: ['a', 'b'], bookmarked: true })]);
  expect(joined).toBe(1);
  expect(changed[0]).toMatchObject({ bookmarked: true, tags: ['a', 'b'] });
  expect(changed[0]?.text).toBe('mine\n\nother, 2026-01-02T00:00:00Z:\ntheirs');
});

test('the same case twice changes nothing the second time', () => {
  const given = [note(1, { text: 'theirs' }), note(2, { tags: ['x'] })];
  const { changed } = mergeNotes([note(1, { text: 'mine' })], given);
  expect(mergeNotes(changed, given)).toMatchObject({ changed: [], same: 2 });
});

test('what has no room beside the own text is left out and counted', () => {
  const merged = mergeNotes([note(1, { text: 'x'.repeat(MOST_NOTE) })], [note(1, { text: 'y' })]);
  expect(merged).toMatchObject({ changed: [], left: 1 });
  expect(mergeWords(merged)).toBe('0 added, 1 left out: no room');
});
