/**
 * `npm run -s bench -- viewer [--events 100000,1000000,10000000] [--captures FOLDER] [--out FILE] [--at-once]`: how long
 * somebody waits in the viewer, beside what such records are looked at with today, on made captures. Needs a display; run it
 * under xvfb-run where there is none. docs/performance.md tells what is measured and what it was.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startViewer } from './viewer/app.ts';
import { captureOf, dropCaches, sizeName } from './viewer/captures.ts';
import {
  filtering,
  filteringAtOnce,
  memory,
  opening,
  readWhole,
  scrolling,
  sorting,
  starting,
  zooming,
  type Numbers,
} from './viewer/deeds.ts';
import { browser, exported, liners, type Peer } from './viewer/peers.ts';
import { install } from './viewer/probe.ts';
import { besideOthers, tableOf, type Measured } from './viewer/table.ts';
import { tracePeers } from './viewer/trace.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000,1000000,10000000' },
    captures: { type: 'string' },
    out: { type: 'string' },
    /** The largest capture whose events are written as JSON for jq and grep. */
    'json-most': { type: 'string', default: '1000000' },
    'no-peers': { type: 'boolean', default: false },
    /** Filters are asked of each capture while it is read as well, which takes minutes. */
    'at-once': { type: 'boolean', default: false },
  },
});
const sizes = values.events.split(',').map(Number);
const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

/** Everything of the app, on one capture, that nothing was prepared for. What was found before something failed is kept. */
async function measureApp(file: string, events: number, folder: string): Promise<Numbers> {
  const found: Numbers = { 'start with the file: first rows': await starting(file) };
  if (values['at-once']) {
    Object.assign(found, named('filter at once, ', await filteringAtOnce(file, () => void dropCaches())));
  }
  const viewer = await startViewer();
  const memories: number[] = [];
  const deed = async (before: string, done: Promise<Numbers>): Promise<void> => {
    Object.assign(found, named(before, await done));
    memories.push(memory(viewer));
  };
  try {
    // The store's process starts after the window.
    await viewer.window.waitForTimeout(2000);
    found['memory with nothing open, MB'] = memory(viewer);
    await install(viewer.window);
    if (!dropCaches()) say('the file cache stays warm: only root can empty it');
    const { rows, overview } = await opening(viewer, file);
    Object.assign(found, { 'opening: first rows': rows, 'opening: overview': overview });
    await deed('scrolling at once, ', scrolling(viewer, events));
    await readWhole(viewer);
    found['memory once read, MB'] = memory(viewer);
    await deed('scrolling, ', scrolling(viewer, events));
    await deed('timeline, ', zooming(viewer, folder));
    await deed('filter, ', filtering(viewer));
    await deed('sort, ', sorting(viewer));
  } catch (error) {
    say(`${sizeName(events)}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await viewer.close();
  }
  return { ...found, 'memory, most, MB': Math.max(...memories) };
}

const named = (before: string, numbers: Numbers): Numbers =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`${before}${name}`, value]));

async function measurePeers(file: string, events: number, folder: string): Promise<Peer[]> {
  const peers = [browser(file, events)];
  if (events <= Number(values['json-most'])) {
    const json = join(folder, 'events.ndjson');
    if (exported(file, json)) peers.push(...liners(json));
    rmSync(json, { force: true });
  } else for (const name of ['jq', 'grep']) peers.push({ name, missing: 'more events than --json-most', numbers: {} });
  return [...peers, ...(await tracePeers(events, folder))];
}

const folder = mkdtempSync(join(tmpdir(), 'modtrail-bench-'));
const captures = values.captures ?? join(tmpdir(), 'modtrail-bench-captures');
try {
  mkdirSync(captures, { recursive: true });
  const measured = new Map<number, Measured>();
  const keep = (found: Measured): void => {
    measured.set(found.events, found);
    const told = {
      measured: new Date().toISOString(),
      machine: `${String(cpus().length)} cores, ${cpus()[0]?.model ?? 'unknown'}`,
      results: [...measured.values()],
    };
    if (values.out) writeFileSync(values.out, `${JSON.stringify(told, undefined, 2)}\n`);
  };
  for (const events of sizes) {
    const file = captureOf(captures, events);
    const load = loadavg()[0] ?? NaN;
    say(`${sizeName(events)}: the app, with a load of ${load.toFixed(1)} before it`);
    keep({ events, load, app: await measureApp(file, events, folder), peers: [] });
  }
  process.stdout.write(tableOf([...measured.values()]));
  for (const found of values['no-peers'] ? [] : [...measured.values()]) {
    say(`${sizeName(found.events)}: the others`);
    const peers = await measurePeers(captureOf(captures, found.events), found.events, folder);
    keep({ ...found, peers });
    process.stdout.write(`\n${besideOthers({ ...found, peers })}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
