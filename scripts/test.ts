/**
 * Entry of `npm test [-- PROJECT… [VITEST OPTION…]]`: sets up what the tests need, then checks and tests, two at a time.
 * The last line is `N passed, N failed, N skipped`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runChecks } from './check.ts';
import { virtualDisplay } from './display.ts';
import { inLanes, runCommand } from './parallel.ts';
import { DIST, NODE, ROOT } from './places.ts';
import { prepareWhatWorks } from './prepare.ts';
import { runEntry, say, SetupError } from './say.ts';
import { line, sum, type Slowest, type Tally } from './tally.ts';

/**
 * The projects of vitest.config.ts, in the order in which they take the least time: those that must not run side by side
 * come first, so that none of them is left for the end. The checks run like one of them.
 */
const PROJECTS = ['native', 'kernels', 'main', 'cli', 'e2e', 'lab', 'core', 'check', 'renderer', 'scripts'];

/** Projects that make calls on this kernel, which recorders of the others would see: one of them at a time. */
const CALLERS = ['e2e', 'main', 'cli', 'native'];

const disturbs = (one: string, other: string): boolean => CALLERS.includes(one) && CALLERS.includes(other);

/** Projects that open windows. They get a display of their own: another's focus and size would disturb them. */
const WINDOWED = ['e2e', 'renderer'];

/** Longest time of a project, in milliseconds. */
const LIMIT = 20 * 60_000;

async function test(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => PROJECTS.includes(arg));
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  const options = firstOption < 0 ? [] : args.slice(firstOption);
  const unknown = args.slice(0, args.length - options.length).find((arg) => !PROJECTS.includes(arg));
  if (unknown !== undefined) throw new SetupError(`unknown project ${unknown}; one of ${PROJECTS.join(', ')}`);

  const missing = await prepareWhatWorks(['view', 'app', 'collector', 'lab', 'test']);
  for (const part of missing) say(`what needs the part "${part}" of the set-up will fail or be skipped`);

  const projects = names.length > 0 ? names : PROJECTS;
  const run = (name: string): Promise<Tally> =>
    name === 'check' ? runChecks() : runProject(name, options, projects.length === 1);
  const tallies = await inLanes(projects, 2, run, disturbs);
  const total = sum(tallies);
  for (const { test, reason } of total.skipped) {
    process.stdout.write(`skipped: ${test}${reason ? ` (${reason})` : ''}\n`);
  }
  process.stdout.write(`${line(total)}\n`);
  return total.failed > 0 ? 1 : 0;
}

async function runProject(name: string, options: readonly string[], live: boolean): Promise<Tally> {
  mkdirSync(join(DIST, 'test'), { recursive: true });
  const file = join(DIST, 'test', `${name}.json`);
  rmSync(file, { force: true });
  const words = [
    ...(WINDOWED.includes(name) && existsSync('/usr/bin/xvfb-run') ? virtualDisplay() : []),
    ...[NODE, join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--project', name],
    ...['--reporter=default', `--reporter=${join(ROOT, 'scripts/tally.ts')}`],
    ...options,
  ];
  const { code, output, seconds } = await runCommand(words, LIMIT, live, { MODTRAIL_TALLY: file });
  const counted: Tally & { readonly slowest: Slowest } = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Tally & { readonly slowest: Slowest })
    : { passed: 0, failed: 1, skipped: [], slowest: [] };
  // Whatever vitest calls a failure is one, also when no test carries it.
  const tally = code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
  if (tally.failed > 0 && !live) process.stdout.write(`${output}\n`);
  const slow = counted.slowest.map((one) => `${one.file} ${one.seconds.toFixed(0)}`).join(', ');
  say(`${name}: ${line(tally)} (${seconds.toFixed(1)} s; longest ${slow})`);
  return tally;
}

await runEntry(() => test(process.argv.slice(2)));
