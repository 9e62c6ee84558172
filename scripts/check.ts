/** Entry of `npm run check`: all checks, two at a time, each with its result and what it found. */
import { checks, type Check } from './checks.ts';
import { inLanes } from './parallel.ts';
import { runEntry, say } from './say.ts';
import { line, type Tally } from './tally.ts';

/** Lines of a check's output that are shown. */
const MOST_LINES = 60;

/** Runs the checks. Each counts as one test. */
export async function runChecks(): Promise<Tally> {
  const tallies = await inLanes(checks(), 2, runCheck);
  return {
    passed: tallies.filter(({ passed }) => passed).length,
    failed: tallies.filter(({ passed, skip }) => !passed && skip === undefined).length,
    skipped: tallies.flatMap(({ name, skip }) => (skip === undefined ? [] : [{ test: name, reason: skip }])),
  };
}

async function runCheck(check: Check): Promise<{ name: string; passed: boolean; skip?: string }> {
  if (check.skip !== undefined) {
    say(`${check.name}: skipped, ${check.skip}`);
    return { name: check.name, passed: false, skip: check.skip };
  }
  const { code, output, seconds } = await check.run();
  say(`${check.name}: ${code === 0 ? 'fine' : 'FAILED'} (${seconds.toFixed(1)} s)`);
  if (code !== 0) process.stdout.write(beginning(output));
  return { name: check.name, passed: code === 0 };
}

function beginning(output: string): string {
  const lines = output.trimEnd().split('\n');
  const more = lines.length > MOST_LINES ? [`… and ${String(lines.length - MOST_LINES)} lines more`] : [];
  return `${[...lines.slice(0, MOST_LINES), ...more].join('\n')}\n`;
}

if (import.meta.main) {
  await runEntry(async () => {
    const tally = await runChecks();
    process.stdout.write(`${line(tally)}\n`);
    return tally.failed > 0 ? 1 : 0;
  });
}
