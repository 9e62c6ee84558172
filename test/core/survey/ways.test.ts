/** What lists say they are about to go through: no more than what they do go through. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attemptOrder } from '#core/attempt/attempt-order.ts';
import { Attempts } from '#core/attempt/attempts.ts';
import { EventReader } from '#core/capture/events.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { PageFile } from '#core/capture/page-file.ts';
import type { Way } from '#core/capture/read-ahead.ts';
import { Filters } from '#core/filter/filters.ts';
import { eventOrder } from '#core/survey/event-order.ts';
import { FoundList } from '#core/survey/found-list.ts';
import { IndexedList } from '#core/survey/indexed-list.ts';
import type { Buildable } from '#core/survey/kept-list.ts';
import { OrderBuild } from '#core/survey/order-build.ts';
import { IndexedTexts } from '#core/texts/indexed-texts.ts';
import { removeFolders } from '../builder.ts';
import { madeCapture } from '../made.ts';

const EVENTS = 60_000;

let capture: Capture;
let attempts: Attempts;

beforeAll(() => {
  capture = openCapture(madeCapture(EVENTS, 31));
  attempts = new Attempts(capture, new EventReader(capture));
});

afterAll(() => {
  capture.close();
  removeFolders();
});

const nameOf = ({ tree, key, descending }: Way): string =>
  [tree, ...(key === undefined ? [] : [String(key)]), ...(descending ? ['from the end'] : [])].join(' ');

/** All that was named until the list was through. */
function named(make: (filters: Filters, ahead: { bring: (ways: readonly Way[]) => void }) => Buildable): string[] {
  const ways: string[] = [];
  const ahead = {
    bring: (some: readonly Way[]) => {
      ways.push(some.map(nameOf).join(', '));
    },
  };
  const filters = new Filters(capture, attempts);
  filters.texts = new IndexedTexts(capture.database);
  filters.ahead = ahead;
  const list = make(filters, ahead);
  while (list.progress) list.step(5);
  list.end();
  return ways;
}

const range = [1, EVENTS] as const;

function kept(text: string, calls: boolean, descending = false, file?: PageFile): string[] {
  return named((filters, ahead) => {
    filters.file = file;
    const filter = filters.stepwise(text, calls ? 'attempts' : 'events');
    const order = { sort: calls ? 'time' : 'seq', descending } as const;
    const query = { filter, range, descending, within: undefined };
    return new IndexedList(capture.database, {
      ...{ ...query, calls, ahead },
      other: (by) =>
        calls
          ? new OrderBuild(
              capture.database,
              attemptOrder({ ...order, sort: 'time' }, by, attempts.list),
              { first: 1, last: EVENTS },
              ahead,
            )
          : new FoundList(capture.database, { ...query, filter: by }, { ahead }),
    });
  });
}

test.each([
  ['kind == module_load', ['event_by_kind module_load']],
  ['operation == unload', ['event_by_kind delete_module']],
  ['errno == EPERM', ['event_by_return -1']],
  ['return == 0', ['event_by_return 0']],
  ['process.comm == insmod', ['event_by_process']],
  ['process.uid == 0', ['process', 'event_by_process']],
  ['duration > 0ns', ['event']],
  ['pid > 1', ['event']],
])('of events, %s: %j', (text, ways) => {
  expect(kept(text, false)).toEqual(ways);
});

test('from the end, where that is shown first', () => {
  expect(kept('pid > 1', false, true)).toEqual(['event from the end']);
  expect(kept('process.comm == insmod', true, true)).toEqual(['event_by_process', 'event_by_ns from the end']);
});

test('of images: the readings, and the calls that they are joined to', () => {
  expect(kept('image.size > 100000', false)[0]).toBe('image_fact, event, event_by_call, image_fact');
});

test('of images, where indexes are gone through by their pages: no events', () => {
  const file = new PageFile(capture.file, capture.database);
  const ways = kept('image.size > 100000', false, false, file);
  expect(ways[0]).toBe('image_fact, event_by_kind image_read, event_by_call, image_fact');
  expect(ways.join()).not.toMatch(/\bevent\b/);
  file.close();
});

test('a bare word: each table, with those that come after it', () => {
  const ways = kept('insmod', false);
  expect(ways[0]).toBe('module_fact');
  expect(ways).toContain('process, file');
  expect(ways).toContain('argument_text');
  expect(ways).not.toContain('event');
});

test('sorted by what stands in a small table: that one, and the events', () => {
  const ways = named((_, ahead) => {
    const query = eventOrder({ sort: 'uid', descending: false }, undefined);
    return new OrderBuild(capture.database, query, { first: 1, last: EVENTS }, ahead);
  });
  expect(ways).toEqual(['process, event', 'event']);
});
