/** An attempt as a paragraph fit for a report, and a capture as its story. */
import type { Attempt } from '#contract/attempt.ts';

/** Letters for places without colour and shape. */
export const VERDICT_MARKS: Readonly<Record<Attempt['verdict'], string>> = {
  live: 'L',
  unloaded: 'U',
  rejected: 'R',
  'init-failed': 'F',
  'no-return': '?',
  contradiction: '!',
  removed: 'U',
  refused: 'R',
};

function origin(attempt: Attempt): string {
  const { process } = attempt;
  if (!process) return '';
  const chain = process.ancestors.map((parent) => `${parent.comm} (${String(parent.pid)})`).join(' ← ');
  const who = `uid ${String(process.uid ?? '?')}${process.auid === undefined ? '' : `, login uid ${String(process.auid)}`}`;
  return ` Caller: ${process.exe ?? process.comm}, ${who}${chain ? `, started by ${chain}` : ''}.`;
}

/** The stages as clauses, without what the summary or an earlier one has said already. */
function clauses({ stages, summary }: Attempt): string {
  const told = stages
    .filter(({ state }) => state !== 'not-reached')
    .map(({ detail }) => {
      const [what = '', why] = detail.split(/: (.*)/s);
      return why !== undefined && summary.includes(why) ? what : detail;
    });
  return told.filter((clause, at) => !told.slice(0, at).some((earlier) => earlier.includes(clause))).join('; ');
}

/** Plain text; strings from outside are as recorded and must be escaped where they are shown in a terminal. */
export function attemptStory(attempt: Attempt): string {
  const { summary } = attempt;
  const contradictions = attempt.contradictions
    .filter(({ text }) => !summary.includes(text))
    .map(({ text }) => ` ${text}`)
    .join('');
  return `${attempt.time}: ${summary}${contradictions} In order: ${clauses(attempt)}.${origin(attempt)}`;
}
