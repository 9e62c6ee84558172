/** Texts are read when nobody asks anything, of a recording that grows only once somebody has asked for one. */
import { afterAll, afterEach, expect, test } from 'vitest';
import { Attempts } from '#core/attempt/attempts.ts';
import { EventReader } from '#core/capture/events.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { Filters } from '#core/filter/filters.ts';
import { HeldTexts } from '#core/texts/held-texts.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';

afterAll(removeFolders);

let capture: Capture;
afterEach(() => {
  capture.close();
});

function heldTexts(): HeldTexts {
  const built = new CaptureBuilder();
  built.call({ returned: -1, text: 'debug=1' });
  capture = openCapture(built.finish());
  const attempts = new Attempts(capture, new EventReader(capture));
  attempts.survey.step(Infinity);
  // With the functions of filters.
  void new Filters(capture, attempts);
  return new HeldTexts(capture.database, attempts.survey);
}

const find = (texts: HeldTexts): boolean =>
  texts.find({ source: 'argument_text.bytes', test: { kind: 'contains', part: 'debug' } }) !== undefined;

test('of a capture that is there', () => {
  const texts = heldTexts();
  expect(find(texts)).toBe(false);
  expect(texts.step(Infinity, false)).toBe(true);
  expect(find(texts)).toBe(true);
});

test('of one that grows', () => {
  const texts = heldTexts();
  expect(texts.step(Infinity, true)).toBe(true);
  expect(find(texts)).toBe(false);
  expect(texts.step(Infinity, true)).toBe(true);
  expect(find(texts)).toBe(true);
});

test('of one that has grown, once it grows no more', () => {
  const texts = heldTexts();
  texts.step(Infinity, true);
  texts.step(Infinity, false);
  expect(find(texts)).toBe(true);
});
