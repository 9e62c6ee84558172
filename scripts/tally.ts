/** Counting of test results, and the reporter with which vitest hands them over. */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** What a run of tests came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly { readonly test: string; readonly reason: string }[];
}

/** Adds up tallies. */
export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, { passed }) => total + passed, 0),
    failed: tallies.reduce((total, { failed }) => total + failed, 0),
    skipped: tallies.flatMap(({ skipped }) => skipped),
  };
}

/** `N passed, N failed, N skipped`. */
export function line({ passed, failed, skipped }: Tally): string {
  return `${String(passed)} passed, ${String(failed)} failed, ${String(skipped.length)} skipped`;
}

/** Counts what vitest ran; a file that broke before its first test counts as one failure, so does a stray error. */
export function count(modules: readonly TestModule[], strayErrors: number): Tally {
  const skipped: { test: string; reason: string }[] = [];
  let passed = 0;
  let failed = strayErrors;
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') passed += 1;
      else if (result.state === 'skipped') skipped.push({ test: test.fullName, reason: result.note ?? '' });
      else failed += 1;
    }
  }
  return { passed, failed, skipped };
}

/** The files that took longest, with their seconds. */
export type Slowest = readonly { readonly file: string; readonly seconds: number }[];

export function slowest(modules: readonly TestModule[], most = 4): Slowest {
  return modules
    .map((module) => ({ file: basename(module.moduleId, '.test.ts'), seconds: module.diagnostic().duration / 1000 }))
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, most);
}

/** Writes the tally, and which files were slow, to the file that MODTRAIL_TALLY names. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly unknown[]): void {
    const file = process.env['MODTRAIL_TALLY'];
    if (!file) return;
    writeFileSync(file, JSON.stringify({ ...count(modules, strayErrors.length), slowest: slowest(modules) }));
  }
}
