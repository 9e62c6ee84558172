/** A filter's text in pieces, each drawn in one way. */
import type { FilterProblem, FilterToken } from '#contract/filter.ts';

export interface Segment {
  readonly text: string;
  readonly kind: FilterToken['kind'] | 'plain';
  readonly wrong: boolean;
}

/** What stands for something that is missing at the end: room for a mark. */
const MISSING = '\u00a0';

/**
 * @param text - as it stands in the field
 * @param reading - of a text that may be an earlier one: it holds as far as both begin alike
 */
export function segmentsOf(
  text: string,
  reading: {
    readonly text: string;
    readonly tokens: readonly FilterToken[];
    readonly problems: readonly FilterProblem[];
  },
): readonly Segment[] {
  let same = 0;
  while (same < text.length && text[same] === reading.text[same]) same += 1;
  const current = text === reading.text;
  const kinds = new Array<Segment['kind']>(text.length).fill('plain');
  for (const { from, to, kind } of reading.tokens) {
    if (to <= same || (from < same && current)) kinds.fill(kind, from, Math.min(to, text.length));
  }
  const wrong = new Array<boolean>(text.length).fill(false);
  let missing = false;
  for (const { column, length } of current ? reading.problems : []) {
    const from = column - 1;
    if (from >= text.length) missing = true;
    else wrong.fill(true, from, Math.min(from + Math.max(length, 1), text.length));
  }
  const segments: { text: string; kind: Segment['kind']; wrong: boolean }[] = [];
  for (let at = 0; at < text.length; at++) {
    const kind = kinds[at] ?? 'plain';
    const bad = wrong[at] ?? false;
    const last = segments.at(-1);
    if (last?.kind === kind && last.wrong === bad) last.text += text[at] ?? '';
    else segments.push({ text: text[at] ?? '', kind, wrong: bad });
  }
  return missing ? [...segments, { text: MISSING, kind: 'plain', wrong: true }] : segments;
}
