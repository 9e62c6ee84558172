import { expect, test, vi } from 'vitest';
import type { FilterCompletions } from '#contract/filter.ts';
import { useCompleting } from '../../../renderer/filter/completing.ts';
import { pastOf } from '../../../renderer/filter/past.ts';
import { stateOf } from '../../../renderer/filter/state.ts';

const FOUND: FilterCompletions = {
  from: 0,
  to: 3,
  items: [
    { text: 'verdict', kind: 'field' },
    { text: 'version', kind: 'field' },
  ],
};

test('the keys go from nothing through the items and back to nothing', async () => {
  const completing = useCompleting(() => Promise.resolve(FOUND));
  await completing.ask(3);
  const places = [1, 1, 1, -1].map((by) => {
    completing.move(by);
    return completing.at.value;
  });
  expect(places).toEqual([0, 1, -1, 1]);
});

test('an item takes the place of what was typed, with a blank after it where there is none', async () => {
  const completing = useCompleting(() => Promise.resolve(FOUND));
  await completing.ask(3);
  expect(completing.taken('ver', 0)).toEqual({ text: 'verdict ', caret: 8 });
  expect(completing.taken('ver == live', 0)).toEqual({ text: 'verdict == live', caret: 8 });
  expect(completing.taken('ver', 7)).toBeUndefined();
});

test('an answer that comes after the list was closed opens nothing', async () => {
  const completing = useCompleting(() => Promise.resolve(FOUND));
  const asked = completing.ask(3);
  completing.close();
  await asked;
  expect(completing.isOpen.value).toBe(false);
});

test('who is faster than the answer moves in the list that comes, and takes from no other', async () => {
  const answers: ((found: FilterCompletions) => void)[] = [];
  const completing = useCompleting(() => new Promise((resolve) => answers.push(resolve)));
  const asked = completing.ask(1);
  await vi.waitFor(() => answers.length > 0);
  answers[0]?.({ from: 0, to: 1, items: [{ text: 'pending', kind: 'field' }] });
  await asked;
  completing.move(1);
  expect(completing.at.value).toBe(0);
  // More was typed.
  const again = completing.ask(3);
  expect(completing.items.value).toHaveLength(1);
  expect(completing.at.value).toBe(-1);
  for (const by of [1, 1, 1]) completing.move(by);
  expect(completing.at.value).toBe(-1);
  let isAnswered = false;
  const waiting = completing.answered().then(() => (isAnswered = true));
  await vi.waitFor(() => {
    expect(answers).toHaveLength(2);
  });
  expect(isAnswered).toBe(false);
  answers[1]?.({ ...FOUND, items: [...FOUND.items, { text: 'verbose', kind: 'field' }] });
  await waiting;
  await again;
  expect(completing.at.value).toBe(2);
  expect(completing.taken('ver', 2)).toEqual({ text: 'verbose ', caret: 8 });
});

test('before the first list is there, keys are for it', async () => {
  const answers: ((found: FilterCompletions) => void)[] = [];
  const completing = useCompleting(() => new Promise((resolve) => answers.push(resolve)));
  expect(completing.isAsking()).toBe(false);
  const asked = completing.ask(3);
  expect([completing.isOpen.value, completing.isAsking(), completing.isPointing()]).toEqual([false, true, false]);
  completing.move(1);
  expect([completing.at.value, completing.isPointing()]).toEqual([-1, true]);
  await vi.waitFor(() => {
    expect(answers).toHaveLength(1);
  });
  answers[0]?.(FOUND);
  await asked;
  expect([completing.at.value, completing.isAsking(), completing.isPointing()]).toEqual([0, false, true]);
});

test('nothing is pointed at where nothing can stand there', async () => {
  const completing = useCompleting(() => Promise.resolve(undefined));
  const asked = completing.ask(3);
  completing.move(1);
  await asked;
  expect([completing.isPointing(), completing.at.value]).toEqual([false, -1]);
});

test('filters of before are walked through, and what was being typed stands at the end', () => {
  const past = pastOf(() => ['newest', 'older']);
  expect(past.step(1, 'draft')).toBe('newest');
  expect(past.step(1, 'newest')).toBe('older');
  expect(past.step(1, 'older')).toBeUndefined();
  expect(past.step(-1, 'older')).toBe('newest');
  expect(past.step(-1, 'newest')).toBe('draft');
  expect(past.step(-1, 'draft')).toBeUndefined();
});

test('a filter is empty, invalid, changed, running or applied', () => {
  const reading = (text: string, problems = 0) => ({
    ...{ text, tokens: [] },
    problems: Array.from({ length: problems }, () => ({ column: 1, length: 1, message: '', expected: [] })),
  });
  const rows = (filter: string, total?: number, done?: number) => ({
    ...{ filter, total },
    progress: done === undefined ? undefined : { done, of: 10 },
  });
  expect(stateOf('', reading(''), rows('', 5))).toBe('empty');
  expect(stateOf('x ==', reading('x ==', 1), rows(''))).toBe('invalid');
  expect(stateOf('x == 1', reading('x ==', 1), rows(''))).toBe('changed');
  expect(stateOf('x == 1', reading('x == 1'), rows('x == 1'))).toBe('running');
  expect(stateOf('x == 1', reading('x == 1'), rows('x == 1', 3, 4))).toBe('running');
  expect(stateOf(' x == 1 ', reading('x == 1'), rows('x == 1', 3))).toBe('applied');
  expect(stateOf('', reading(''), rows('x == 1', 3))).toBe('changed');
});
