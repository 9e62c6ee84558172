import { expect, test } from 'vitest';
import type { TimelineMark } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import { CaptureClock } from '../../../renderer/format/clock.ts';
import { markWords, walk } from '../../../renderer/timeline/mark-walk.ts';

const firstNs = toWide(1_000n);
const clock = new CaptureClock({ firstNs }, []);
const mark = (callId: number, ns: bigint): TimelineMark => ({
  callId,
  seq: callId,
  ns: toWide(ns),
  verdict: 'live',
  count: 1,
});
const marks = [mark(1, 1_010n), mark(2, 1_020n), mark(3, 1_020n)];

test('goes from mark to mark, also between those of one moment', () => {
  expect(walk(marks, clock, { callId: 1, at: 10 }, 'next')?.callId).toBe(2);
  expect(walk(marks, clock, { callId: 2, at: 20 }, 'next')?.callId).toBe(3);
  expect(walk(marks, clock, { callId: 3, at: 20 }, 'before')?.callId).toBe(2);
});

test('starts at the first or the last, and ends there', () => {
  expect(walk(marks, clock, undefined, 'next')?.callId).toBe(1);
  expect(walk(marks, clock, undefined, 'before')?.callId).toBe(3);
  expect(walk(marks, clock, { callId: 3, at: 20 }, 'next')).toBeUndefined();
  expect(walk(marks, clock, { callId: 1, at: 10 }, 'before')).toBeUndefined();
});

test('from an attempt that shares a mark with others goes by time', () => {
  expect(walk(marks, clock, { callId: 9, at: 15 }, 'next')?.callId).toBe(2);
  expect(walk(marks, clock, { callId: 9, at: 15 }, 'before')?.callId).toBe(1);
});

test('a mark is named by its module, or by how many it stands for', () => {
  expect(markWords({ ...mark(1, 1_000n), label: 'nf_tables' })).toBe('nf_tables: live');
  expect(markWords({ ...mark(1, 1_000n), count: 1200 })).toMatch(/^1.?200 calls: live$/);
});
