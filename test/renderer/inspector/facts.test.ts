/** Texts that were read several times, and calls that were counted together, as the inspector draws them. */
import '../page.ts';
import { describe, expect, test } from 'vitest';
import type { Argument } from '#contract/event.ts';
import RepeatFacts from '../../../renderer/inspector/RepeatFacts.vue';
import TextReadings from '../../../renderer/inspector/TextReadings.vue';
import { rendered, textOf } from '../rendered.ts';

describe('a text argument', () => {
  const bare: Argument = {
    ...{ name: 'param_values', type: 'const char*', origin: 'U', toctou: true, optional: true, pointer: '0x1000' },
  };
  const argument: Argument = { ...bare, value: 'a=1', text: 'a=1', state: 'whole', readAt: 'entry' };
  const draw = async (more: Partial<Argument>): Promise<string> =>
    textOf(await rendered(TextReadings, { argument: { ...argument, ...more } }));

  test('is one value where all readings agree', async () => {
    expect(await draw({})).toBe('"a=1"');
    expect(await draw({ atKernel: { state: 'whole', text: 'a=1' } })).toBe('"a=1"');
  });

  test('stands there with all readings where they differ, and is called what it is', async () => {
    const text = await draw({
      atKernel: { state: 'whole', text: 'a=2' },
      atReturn: { state: 'whole', text: 'a=3' },
    });
    expect(text).toContain('at entry "a=1"');
    expect(text).toContain('in the kernel "a=2"');
    expect(text).toContain('at return "a=3"');
    expect(text).toContain('The text was changed while the call was under way.');
  });

  test('says when it was read, where that was late, and that it was cut', async () => {
    expect(await draw({ readAt: 'return' })).toBe('"a=1" read at return');
    expect(await draw({ state: 'cut' })).toBe('"a=1"… cut');
  });

  test('is not made up where nothing could be read', async () => {
    expect(textOf(await rendered(TextReadings, { argument: { ...bare, state: 'unreadable' } }))).toBe('not readable');
  });

  test('is text, whatever it holds', async () => {
    const html = await rendered(TextReadings, { argument: { ...argument, text: '<img src=x onerror=y>' } });
    expect(html).not.toContain('<img');
  });
});

test('counted calls say how many they were, in which time, and which one was recorded whole', async () => {
  const call = {
    repeat: 5001,
    firstTime: '2026-11-24T10:00:00.000000000Z',
    // The clock on the wall was set back meanwhile.
    lastTime: '2026-11-24T09:00:02.500000000Z',
    ...{ firstNs: 7_000_000_000, lastNs: 9_500_000_000 },
    likeSeq: 17,
  };
  const html = await rendered(RepeatFacts, { call });
  const text = textOf(html);
  expect(text).toContain('Stands for 5,001 identical failing calls of one thread');
  expect(text).toContain('10:00:00.000000000');
  expect(text).toContain('within 2.50 s, 2,000 calls a second');
  expect(html).toMatch(/data-like[^>]*>\s*#17</);
});
