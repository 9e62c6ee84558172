import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Questions, REST } from '../../../renderer/timeline/questions.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('one question is under way at a time, of each topic the newest, with a rest before the topic’s next', async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const question = (name: string) => (): Promise<void> => {
    asked.push(name);
    return new Promise((resolve) => answers.push(resolve));
  };
  const answer = async (): Promise<void> => {
    answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  const questions = new Questions();
  questions.ask('near', question('near 1'));
  questions.ask('near', question('near 2'));
  questions.ask('far', question('far 1'));
  questions.ask('near', question('near 3'));
  expect(asked).toEqual(['near 1']);
  await answer();
  // Another topic need not wait for the rest.
  expect(asked).toEqual(['near 1', 'far 1']);
  await vi.advanceTimersByTimeAsync(REST * 2);
  expect(asked).toEqual(['near 1', 'far 1']);
  await answer();
  expect(asked).toEqual(['near 1', 'far 1', 'near 3']);
  await answer();
  questions.ask('near', question('near 4'));
  await vi.advanceTimersByTimeAsync(REST - 1);
  expect(asked).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked.at(-1)).toBe('near 4');
});
