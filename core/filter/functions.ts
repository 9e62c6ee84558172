/** Functions that conditions call: what SQL cannot say of a value, and what only the judge knows of a call. */
import type { Verdict } from '#contract/attempt.ts';
import { toWide, unsigned64 } from '#contract/wide.ts';
import type Database from 'better-sqlite3';
import { disagree, type TextBytes } from '../attempt/changed-texts.ts';
import { nameOfFile } from '../attempt/attempt-order.ts';
import { briefCells } from '../attempt/calls.ts';
import type { Judge, Judgement } from '../attempt/judge.ts';
import { readable } from '../capture/columns.ts';
import { shownPath } from '../capture/files.ts';
import { argvText } from '../capture/processes.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** What is not in the rows but follows from them. Answers from memory: no query runs while another one does. */
export interface Judging {
  /** Brings into memory what the other questions need; before a statement that asks them. */
  readonly judge: Judge;
  readonly survey: {
    verdictAt(seq: number): Verdict | undefined;
    /** seq of the load that a call without one of its own shared. */
    sharedLoad(seq: number): bigint | undefined;
    /** Of what the kernel loaded, or freed, in a call. */
    kernelsName(callId: number, loaded: boolean): string | undefined;
  };
}

const shownText = (value: unknown): string | null =>
  typeof value === 'string' || Buffer.isBuffer(value) ? readable(value) : null;

function filePath(fs: unknown, inode: unknown, path: unknown): string | null {
  const wide = typeof inode === 'bigint' ? toWide(unsigned64(inode)) : undefined;
  return shownPath(shownText(fs) ?? undefined, wide, shownText(path) ?? undefined) ?? null;
}

const baseName = (path: unknown): string | null =>
  typeof path === 'string' ? path.slice(path.lastIndexOf('/') + 1) : null;

/** Columns of BRIEF. */
const BRIEF_CELLS = 9;

/** Patterns that are kept ready. */
const KEPT = 100;

/** Adds the functions to a connection. */
export function addFilterFunctions(database: Database.Database, judging: Judging): void {
  addTextFunctions(database);
  // The arguments are the columns of BRIEF; before the last ones, whether the call has read an image.
  const judged = (cells: readonly unknown[]): Judgement =>
    judging.judge.judge(briefCells(cells), () => cells[BRIEF_CELLS] === 1n);
  const varargs = { varargs: true } as const;
  database.function('verdict_at', (seq: unknown) => judging.survey.verdictAt(Number(seq)) ?? null);
  database.function('disagreement_of', varargs, (...cells: unknown[]) => judged(cells).disagreement ?? null);
  database.function('shared_load', (seq: unknown) => judging.survey.sharedLoad(Number(seq)) ?? null);
  database.function('kernels_name', (callId: unknown, loaded: unknown) =>
    typeof callId === 'bigint' ? (judging.survey.kernelsName(Number(callId), loaded === 1n) ?? null) : null,
  );
}

/** Adds those that need nothing but what they are given. */
export function addTextFunctions(database: Database.Database): void {
  const pure = { deterministic: true } as const;
  database.function('shown_text', pure, shownText);
  database.function('file_path', pure, filePath);
  database.function('argv_text', pure, argvText);
  database.function('base_name', pure, baseName);
  database.function('module_of_path', pure, (path: unknown) =>
    typeof path === 'string' ? (nameOfFile(path) ?? null) : null,
  );

  // Bytes and state of one reading after the other.
  database.function('texts_differ', { ...pure, varargs: true }, (...cells: unknown[]) => {
    const readings = [0, 2, 4].flatMap((at): TextBytes[] => {
      const bytes = cells[at];
      if (typeof bytes !== 'string' && !Buffer.isBuffer(bytes)) return [];
      return [{ bytes: Buffer.from(bytes), cut: cells[at + 1] === 'cut' }];
    });
    return disagree(readings) ? 1 : 0;
  });

  const patterns = new Map<unknown, Pattern | undefined>();
  const patternOf = (source: unknown): Pattern | undefined => {
    if (patterns.has(source)) return patterns.get(source);
    const compiled = compilePattern(String(source));
    if (patterns.size >= KEPT) patterns.clear();
    const pattern = typeof compiled === 'string' ? undefined : compiled;
    patterns.set(source, pattern);
    return pattern;
  };
  database.function('text_matches', pure, (source: unknown, text: unknown) =>
    typeof text === 'string' ? (patternOf(source)?.test(text) ? 1 : 0) : null,
  );
}
