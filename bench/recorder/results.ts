/** From the guest's lines to numbers that can be compared. */

/** Names of the tools, in the order in which they are shown. `counted`: the tracepoints alone, which nobody reads. */
export const TOOLS = [
  'none',
  'modtrail',
  'modtrail-fentry',
  'modtrail-raw',
  'modtrail-no-images',
  'perf',
  'trace-cmd',
  'bpftrace',
  'auditd',
  'counted',
] as const;

export type Tool = (typeof TOOLS)[number];

/** Every number that was measured, by tool and by what it is of. */
export type Measured = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** Reads lines `ROUND TOOL WHAT NUMBER…`; others are skipped. */
export function readResults(text: string): Measured {
  const measured = new Map<string, Map<string, number[]>>();
  for (const line of text.split('\n')) {
    const [, tool = '', what = '', ...numbers] = line.split(' ');
    const values = numbers.map(Number);
    if (!tool || values.length === 0 || values.some((value) => !Number.isFinite(value))) continue;
    const ofTool = measured.get(tool) ?? new Map<string, number[]>();
    measured.set(tool, ofTool);
    ofTool.set(what, [...(ofTool.get(what) ?? []), ...values]);
  }
  return measured;
}

export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 ? middle : middle - 1] ?? 0, sorted[middle] ?? 0];
  return (low + high) / 2;
}

/** One tool's row. What could not be measured is undefined. */
export interface Row {
  readonly tool: Tool;
  readonly ran: boolean;
  /** Times as many as without any tool. */
  readonly getppid: number | undefined;
  readonly dummy: number | undefined;
  readonly large: number | undefined;
  /** Percent of one core, MiB. */
  readonly idleCpu: number | undefined;
  readonly idleMemory: number | undefined;
  /** Of the flood: calls made, percent of them that were lost, percent of one core, MB on disk. */
  readonly made: number | undefined;
  readonly lost: number | undefined;
  readonly floodCpu: number | undefined;
  readonly floodMegabytes: number | undefined;
  /** Bytes a call. */
  readonly identical: number | undefined;
  readonly distinct: number | undefined;
}

export interface Settings {
  readonly idle: number;
  readonly flood: number;
  readonly distinct: number;
}

export function rowsOf(measured: Measured, settings: Settings): Row[] {
  return TOOLS.map((tool) => {
    const all = (what: string, of: string = tool): readonly number[] => measured.get(of)?.get(what) ?? [];
    const ratio = (what: string): number | undefined => divide(median(all(what)), median(all(what, 'none')));
    const one = (what: string): number | undefined => all(what).at(-1);
    const made = one('flood-made');
    const empty = one('empty-bytes') ?? 0;
    const bytes = one('flood-bytes');
    const distinct = one('distinct-bytes');
    return {
      tool,
      ran: tool === 'none' || all('getppid').length > 0,
      getppid: ratio('getppid'),
      dummy: ratio('dummy'),
      large: ratio('large'),
      idleCpu: percent(one('idle-cpu-ms'), settings.idle * 1000),
      idleMemory: divide(one('idle-rss-kib'), 1024),
      made,
      lost: lossOf(tool, all('flood-recorded'), made),
      floodCpu: percent(one('flood-cpu-ms'), settings.flood * 1000),
      floodMegabytes: divide(bytes, 1e6),
      identical: bytes === undefined ? undefined : divide(bytes - empty, made),
      distinct: distinct === undefined ? undefined : divide(distinct - empty, settings.distinct),
    };
  });
}

function divide(value: number | undefined, by: number | undefined): number | undefined {
  return value === undefined || !by ? undefined : value / by;
}

function percent(value: number | undefined, of: number): number | undefined {
  return value === undefined ? undefined : (100 * value) / of;
}

/** Percent. The recorder counts its losses; perf and trace-cmd count two records a call, one of its entry and one of its return. */
function lossOf(tool: Tool, recorded: readonly number[], made: number | undefined): number | undefined {
  const [first, second] = recorded;
  if (first === undefined || made === undefined) return undefined;
  if (tool.startsWith('modtrail')) return percent(second, made);
  const calls = tool === 'perf' || tool === 'trace-cmd' ? first / 2 : first;
  return Math.max(0, 100 - (100 * calls) / made);
}
