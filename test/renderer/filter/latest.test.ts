import { expect, test } from 'vitest';
import { latest } from '../../../renderer/filter/latest.ts';

test('of the questions that come while one is under way only the last is asked', async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const ask = latest(async (text: string) => {
    asked.push(text);
    await new Promise<void>((resolve) => answers.push(resolve));
    return text.length;
  });
  const found = ['a', 'ab', 'abc', 'abcd'].map((text) => ask(text));
  await Promise.resolve();
  await Promise.resolve();
  // The first had no time to be asked before the others came.
  answers.shift()?.();
  await new Promise((resolve) => setTimeout(resolve));
  answers.shift()?.();
  expect((await Promise.all(found)).at(-1)).toBe(4);
  expect(asked.at(-1)).toBe('abcd');
  expect(asked.length).toBeLessThanOrEqual(2);
  const next = ask('abcde');
  await new Promise((resolve) => setTimeout(resolve));
  answers.shift()?.();
  expect(await next).toBe(5);
});

test('a question that fails keeps none of the others from being asked', async () => {
  const ask = latest((text: string) => (text === 'x' ? Promise.reject(new Error('x')) : Promise.resolve(text)));
  await expect(ask('x')).rejects.toThrow('x');
  expect(await ask('y')).toBe('y');
});
