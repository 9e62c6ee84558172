import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOST_FILTER } from '#contract/filter.ts';
import { MOST_VIEWS } from '#contract/kept-view.ts';
import { FIRST_LANES } from '#contract/lane-layout.ts';
import { FIRST_RULES } from '#contract/row-colours.ts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RecentFile } from '../../main/app/recent.ts';
import { SettingsFile } from '../../main/app/settings.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-data-'));
  file = join(folder, 'data', 'file.json');
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function garbage(bytes: string | Uint8Array): void {
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(file, bytes);
}

const DEFAULTS = {
  theme: 'system',
  timeZone: 'utc',
  zoom: 1,
  session: 'after-crash',
  alarms: false,
  panes: {},
  tables: {},
  filters: [],
  colours: FIRST_RULES,
  views: [],
  lanes: FIRST_LANES,
};

describe('settings', () => {
  test('as many views as there may be, each with the longest filter, are there the next time', () => {
    const views = Array.from({ length: MOST_VIEWS }, (_, index) => ({
      ...{ name: `view ${String(index)}`, view: 'events', filter: '\u0001'.repeat(MOST_FILTER) },
    }));
    new SettingsFile(file).change({ views });
    expect(new SettingsFile(file).current.views).toEqual(views);
  });

  test('are the defaults at first, and are kept', () => {
    const settings = new SettingsFile(file);
    expect(settings.current).toEqual(DEFAULTS);
    settings.change({ theme: 'dark', panes: { inspector: 300 } });
    settings.change({ timeZone: 'local', panes: { timeline: 200 } });
    const tables = { attempts: { columns: ['module', 'time'], widths: { module: 120 } } };
    settings.change({ tables });
    expect(new SettingsFile(file).current).toEqual({
      theme: 'dark',
      timeZone: 'local',
      zoom: 1,
      session: 'after-crash',
      alarms: false,
      panes: { inspector: 300, timeline: 200 },
      tables,
      filters: [],
      colours: FIRST_RULES,
      views: [],
      lanes: FIRST_LANES,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'data'))).toEqual(['file.json']);
  });

  test('a field that does not fit falls back alone', () => {
    garbage('{"theme":"dark","timeZone":5,"panes":{"a":"wide"},"tables":{"a":{"columns":[]}},"more":1}');
    expect(new SettingsFile(file).current).toEqual({ ...DEFAULTS, theme: 'dark' });
  });

  test('survive any file', () => {
    mkdirSync(join(folder, 'data'));
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 200 })), (bytes) => {
        writeFileSync(file, bytes);
        const { theme, timeZone, panes } = new SettingsFile(file).current;
        expect(['system', 'light', 'dark']).toContain(theme);
        expect(['utc', 'local']).toContain(timeZone);
        expect(Object.values(panes).every((size) => size >= 0)).toBe(true);
      }),
    );
  });

  test('a folder in the place of the file is no reason to stop', () => {
    mkdirSync(file, { recursive: true });
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const settings = new SettingsFile(file);
    expect(settings.current).toEqual(DEFAULTS);
    expect(settings.change({ theme: 'light' }).theme).toBe('light');
    expect(log).toHaveBeenCalled();
    expect(readdirSync(join(folder, 'data'))).toEqual(['file.json']);
  });

  test('a file larger than any that is written is not read', () => {
    garbage(JSON.stringify({ theme: 'dark' }).padEnd(33 << 20));
    expect(new SettingsFile(file).current.theme).toBe('system');
  });
});

describe('recent captures', () => {
  test('are listed by id, the newest first, each once', () => {
    const recent = new RecentFile(file);
    recent.add('/a/one.modtrail', new Date('2026-01-01T00:00:00Z'));
    recent.add('/b/two.modtrail', new Date('2026-01-02T00:00:00Z'));
    recent.add('/a/one.modtrail', new Date('2026-01-03T00:00:00Z'));
    const listed = new RecentFile(file).list();
    expect(listed.map(({ name, folder: where, opened }) => [name, where, opened])).toEqual([
      ['one.modtrail', '/a', '2026-01-03T00:00:00.000Z'],
      ['two.modtrail', '/b', '2026-01-02T00:00:00.000Z'],
    ]);
    expect(new RecentFile(file).pathOf(listed[1]?.id ?? '')).toBe('/b/two.modtrail');
    expect(JSON.stringify(listed.map(({ id }) => id))).not.toContain('modtrail');
  });

  test('an id that nothing stands behind opens nothing', () => {
    const recent = new RecentFile(file);
    recent.add('/a/one.modtrail');
    for (const id of ['', '/a/one.modtrail', '__proto__', '0'.repeat(32)]) expect(recent.pathOf(id)).toBeUndefined();
  });

  test('are few, and what is gone is forgotten', () => {
    const recent = new RecentFile(file);
    for (let count = 0; count < 40; count += 1) recent.add(`/a/${String(count)}.modtrail`);
    expect(recent.list()).toHaveLength(12);
    recent.remove('/a/39.modtrail');
    expect(new RecentFile(file).list()[0]?.name).toBe('38.modtrail');
  });

  test('the last folder is remembered beside them', () => {
    const recent = new RecentFile(file);
    expect(recent.folder).toBeUndefined();
    recent.rememberFolder('/evidence');
    recent.add('/a/one.modtrail');
    expect(new RecentFile(file).folder).toBe('/evidence');
  });

  test('an entry that does not fit is left out, the others stay', () => {
    garbage(
      JSON.stringify({
        captures: [
          { path: 'relative', opened: '2026-01-01T00:00:00Z' },
          { path: '/good', opened: '2026-01-01T00:00:00Z' },
          { path: '/bad', opened: 'yesterday' },
          7,
        ],
        folder: 9,
      }),
    );
    expect(new RecentFile(file).list().map(({ name }) => name)).toEqual(['good']);
  });

  test('survive any file', () => {
    mkdirSync(join(folder, 'data'));
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 200 })), (bytes) => {
        writeFileSync(file, bytes);
        expect(new RecentFile(file).list().length).toBeLessThanOrEqual(12);
      }),
    );
  });
});

test('a write replaces the file as a whole', () => {
  const settings = new SettingsFile(file);
  settings.change({ theme: 'dark' });
  const before = statSync(file).ino;
  settings.change({ theme: 'light' });
  expect(statSync(file).ino).not.toBe(before);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ theme: 'light' });
  expect(existsSync(`${file}.tmp`)).toBe(false);
});
