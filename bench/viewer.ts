/**
 * `npm run -s bench -- viewer [--events 100000,1000000,10000000] [--captures FOLDER] [--out FILE]`: how long somebody waits in the
 * viewer, beside what such records are looked at with today, on made captures. Needs a display; run it under xvfb-run where
 * there is none. docs/performance.md tells what is measured and what it was.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startViewer } from './viewer/app.ts';
import { captureOf, dropCaches, sizeName } from './viewer/captures.ts';
import { filtering, memory, opening, readWhole, scrolling, sorting, zooming, type Numbers } from './viewer/deeds.ts';
import { browser, exported, liners, type Peer } from './viewer/peers.ts';
import { install } from './viewer/probe.ts';
import { tableOf, type Measured } from './viewer/table.ts';
import { tracePeers } from './viewer/trace.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000,1000000,10000000' },
    captures: { type: 'string' },
    out: { type: 'string' },
    /** The largest capture whose events are written as JSON for jq and grep. */
    'json-most': { type: 'string', default: '1000000' },
    'no-peers': { type: 'boolean', default: false },
  },
});
const sizes = values.events.split(',').map(Number);
const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

/** Everything of the app, on one capture, that nothing was prepared for. */
async function measureApp(file: string, events: number, folder: string): Promise<Numbers> {
  const viewer = await startViewer();
  try {
    const started = memory(viewer);
    await install(viewer.window);
    if (!dropCaches()) say('the file cache stays warm: only root can empty it');
    const { rows, overview } = await opening(viewer, file);
    const memories = [memory(viewer)];
    const early = await scrolling(viewer, events);
    await readWhole(viewer);
    memories.push(memory(viewer));
    const scrolled = await scrolling(viewer, events);
    const zoomed = await zooming(viewer, folder);
    memories.push(memory(viewer));
    const filtered = await filtering(viewer);
    memories.push(memory(viewer));
    const sorted = await sorting(viewer);
    memories.push(memory(viewer));
    return {
      'opening: first rows': rows,
      'opening: overview': overview,
      ...named('scrolling at once, ', early),
      ...named('scrolling, ', scrolled),
      ...named('timeline, ', zoomed),
      ...named('filter, ', filtered),
      ...named('sort, ', sorted),
      'memory with nothing open, MB': started,
      'memory once read, MB': memories[1],
      'memory, most, MB': Math.max(...memories),
    };
  } finally {
    await viewer.close();
  }
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
  const measured: Measured[] = [];
  for (const events of sizes) {
    const file = captureOf(captures, events);
    say(`${sizeName(events)}: the app, with a load of ${loadavg()[0]?.toFixed(1) ?? '?'} before it`);
    const app = await measureApp(file, events, folder);
    say(`${sizeName(events)}: the others`);
    measured.push({ events, app, peers: values['no-peers'] ? [] : await measurePeers(file, events, folder) });
  }
  process.stdout.write(tableOf(measured));
  const told = {
    measured: new Date().toISOString(),
    machine: `${String(cpus().length)} cores, ${cpus()[0]?.model ?? 'unknown'}`,
    load: loadavg(),
    results: measured,
  };
  if (values.out) writeFileSync(values.out, `${JSON.stringify(told, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
