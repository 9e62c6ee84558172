import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OpenCapture } from '#contract/api.ts';
import type { OpenModule } from '#contract/module.ts';
import { fail, ok } from '#contract/result.ts';
import type { SessionPolicy, SessionState } from '#contract/session.ts';
import { Session, type SessionParts } from '../../main/app/session.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-session-'));
  file = join(folder, 'session.json');
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** An app of which only what is open matters. Paths that begin with /gone do not exist. */
function app(policy: SessionPolicy = 'after-crash') {
  const captures = new Map<string, { path: string; open: OpenCapture }>();
  const modules = new Map<string, { path: string; open: OpenModule }>();
  const titles: (string | undefined)[] = [];
  const openCapture: SessionParts<object>['openCapture'] = (path) => {
    if (path.startsWith('/gone')) return Promise.resolve(fail('not-found', `${path} does not exist`));
    const known = [...captures.values()].find((one) => one.path === path);
    const id = known?.open.id ?? `c${String(captures.size + 1)}`;
    const open = { id, name: path.split('/').at(-1) ?? '', folder: '/', info: {}, clock: [] } as unknown as OpenCapture;
    captures.set(id, { path, open });
    return Promise.resolve(ok(open));
  };
  const take = (path: string, more: Partial<OpenModule>): Promise<ReturnType<typeof ok<OpenModule>>> => {
    const open = { id: `m${String(modules.size + 1)}`, name: 'x.ko', facts: {}, ...more } as unknown as OpenModule;
    modules.set(open.id, { path, open });
    return Promise.resolve(ok(open));
  };
  const parts: SessionParts<object> = {
    ...{ sample: '/app/sample.modtrail', policy: () => policy, openCapture },
    ...{ captures: () => [...captures.values()].map(({ open }) => open) },
    ...{ modules: () => [...modules.values()].map(({ open }) => open) },
    ...{ pathOf: (id) => captures.get(id)?.path, moduleFile: (id) => modules.get(id)?.path },
    title: (_who, name) => titles.push(name),
    openModule: (path) => take(path, { name: path.split('/').at(-1) ?? '' }),
    openImage: ({ path, sha256, capture }, name) => take(path, { name, from: { capture, sha256 } }),
  };
  return { session: new Session(file, parts), parts, titles };
}

/** The first window; others are objects of their own. */
const WINDOW = {};

const SHA256 = 'ab'.repeat(32);

/** A run with two captures, one image and one module's file; the second tab is looked at. */
async function run(policy?: SessionPolicy): Promise<{ session: Session<object>; titles: (string | undefined)[] }> {
  const { session, parts, titles } = app(policy);
  await session.start(WINDOW);
  await parts.openCapture('/a/one.modtrail');
  await parts.openCapture('/app/sample.modtrail');
  await parts.openImage({ path: '/a/one.modtrail', sha256: SHA256, capture: 'c1' }, 'evil.ko');
  await parts.openModule('/b/plain.ko');
  const tabs = ['c1', 'c2', 'm1', 'm2'].map((id) => ({ id, place: `{"of":"${id}"}` }));
  session.keep(WINDOW, { tabs, active: 1, together: 'open' });
  return { session, titles };
}

describe('after a crash', () => {
  test('all is open again, each at its place', async () => {
    await run();
    const next = app('after-crash');
    const found = await next.session.start(WINDOW);
    expect(found.crashed).toBe(true);
    expect(found.open?.tabs.map(({ opened, place }) => [opened.name, place])).toEqual([
      ['one.modtrail', '{"of":"c1"}'],
      ['sample.modtrail', '{"of":"c2"}'],
      ['evil.ko', '{"of":"m1"}'],
      ['plain.ko', '{"of":"m2"}'],
    ]);
    expect(found.open).toMatchObject({ active: 1, together: 'open', problems: [] });
    expect(next.parts.modules()[0]?.from).toEqual({ capture: 'c1', sha256: SHA256 });
  });

  test('a capture that was read on while others were opened is told as it is then', async () => {
    await run();
    const { parts, session } = app();
    const openModule = parts.openModule;
    Object.assign(parts, {
      openModule: (path: string) => {
        Object.assign(parts, { captures: () => [{ id: 'c1', name: 'one.modtrail', info: { attempts: 9 } }] });
        return openModule(path);
      },
    });
    const { open } = await session.start(WINDOW);
    expect(open?.tabs[0]?.opened).toMatchObject({ id: 'c1', info: { attempts: 9 } });
  });

  test('what is gone is one sentence each, and the others are open', async () => {
    const { parts, session } = app();
    await session.start(WINDOW);
    for (const path of ['/a/one.modtrail', '/a/two.modtrail']) await parts.openCapture(path);
    session.keep(WINDOW, { tabs: ['c1', 'c2'].map((id) => ({ id, place: '' })), active: 1, together: 'closed' });
    writeFileSync(file, readFileSync(file, 'utf8').replace('/a/one', '/gone/one'));
    const { open } = await app().session.start(WINDOW);
    expect(open?.problems).toEqual([{ code: 'not-found', message: '/gone/one.modtrail does not exist' }]);
    expect([open?.tabs.length, open?.active]).toEqual([1, 0]);
  });

  test('a session that ends the app again and again is only offered then', async () => {
    await run();
    expect((await app().session.start(WINDOW)).open).toBeDefined();
    expect((await app().session.start(WINDOW)).open).toBeDefined();
    expect(await app().session.start(WINDOW)).toEqual({ last: ['one.modtrail', 'the sample', 'evil.ko', 'plain.ko'] });
  });

  test('a session that has held for a while counts afresh', async () => {
    await run();
    for (let start = 0; start < 4; start++) {
      const { session } = app();
      const { open } = await session.start(WINDOW);
      expect(open).toBeDefined();
      vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
      session.keep(WINDOW, { tabs: [{ id: 'c1', place: '' }], active: 0, together: 'closed' });
      vi.restoreAllMocks();
    }
  });
});

test('after an ordinary end all is offered, and opened on demand', async () => {
  (await run()).session.end();
  const { session } = app();
  expect(await session.start(WINDOW)).toEqual({ last: ['one.modtrail', 'the sample', 'evil.ko', 'plain.ko'] });
  expect((await session.reopen()).tabs).toHaveLength(4);
  expect((await session.reopen()).tabs).toEqual([]);
});

test('what is offered is still offered after a run in which nothing was opened', async () => {
  (await run()).session.end();
  const { session } = app();
  await session.start(WINDOW);
  session.keep(WINDOW, { tabs: [], active: -1, together: 'closed' });
  session.end();
  expect((await app().session.start(WINDOW)).last).toHaveLength(4);
});

test.each([
  ['always', true, true],
  ['after-crash', false, true],
  ['ask', false, false],
  ['never', false, false],
] as const)('%s: opened again after an ordinary end %s, after a crash %s', async (policy, afterEnd, afterCrash) => {
  await run(policy);
  expect((await app(policy).session.start(WINDOW)).open !== undefined).toBe(afterCrash);
  (await run(policy)).session.end();
  expect((await app(policy).session.start(WINDOW)).open !== undefined).toBe(afterEnd);
  if (policy === 'never') expect(readFileSync(file, 'utf8')).not.toContain('one.modtrail');
});

test('a page that takes the place of another finds all that is open, also what no page has told yet', async () => {
  const { session, parts } = app();
  await session.start(WINDOW);
  await parts.openCapture('/a/one.modtrail');
  session.keep(WINDOW, { tabs: [{ id: 'c1', place: '{"x":1}' }], active: 0, together: 'closed' });
  await parts.openCapture('/a/two.modtrail');
  const { open, crashed } = await session.start(WINDOW);
  expect(crashed).toBe(true);
  expect(open?.tabs.map(({ opened, place }) => [opened.id, place])).toEqual([
    ['c1', '{"x":1}'],
    ['c2', ''],
  ]);
  expect(open?.active).toBe(1);
});

test('the window is named after what is looked at', async () => {
  const { session, titles } = await run();
  const tabs: SessionState['tabs'] = [{ id: 'c1', place: '' }];
  session.keep(WINDOW, { tabs, active: 0, together: 'shown' });
  session.keep(WINDOW, { tabs: [], active: -1, together: 'closed' });
  expect(titles).toEqual(['sample.modtrail', 'Together', undefined]);
});

test('ids that nothing stands behind are not kept', async () => {
  const { session } = await run();
  session.keep(WINDOW, { tabs: [{ id: 'c9', place: '' }], active: 0, together: 'closed' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ tabs: [] });
});

describe('a damaged file', () => {
  test('an entry that does not fit is left out, the others stay', async () => {
    await run();
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { tabs: unknown[] };
    kept.tabs.splice(1, 1, { kind: 'capture', path: 'relative', place: '' }, 7);
    writeFileSync(file, JSON.stringify(kept));
    expect((await app().session.start(WINDOW)).open?.tabs.map(({ opened }) => opened.name)).toEqual([
      'one.modtrail',
      'evil.ko',
      'plain.ko',
    ]);
  });

  test('the tab that was looked at is still that one', async () => {
    await run();
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { tabs: unknown[] };
    kept.tabs.splice(0, 1, { kind: 'capture', path: 'relative', place: '' });
    writeFileSync(file, JSON.stringify(kept));
    const { open } = await app().session.start(WINDOW);
    expect(open?.tabs[open.active]?.opened.name).toBe('sample.modtrail');
  });

  test.each(['', '{', '[]', 'null', '{"ended":false}', '\u0000'.repeat(100)])('%j is no session', async (text) => {
    writeFileSync(file, text);
    expect(await app().session.start(WINDOW)).toEqual({});
  });

  test('no file at all stops the app', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        writeFileSync(file, bytes);
        const { session } = app();
        expect((await session.start(WINDOW)).open?.tabs ?? []).toEqual([]);
        session.end();
      }),
    );
  });

  test('a folder in its place is logged and no reason to stop', async () => {
    mkdirSync(file);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { session, parts } = app();
    expect(await session.start(WINDOW)).toEqual({});
    await parts.openCapture('/a/one.modtrail');
    session.keep(WINDOW, { tabs: [{ id: 'c1', place: '' }], active: 0, together: 'closed' });
    session.end();
  });
});

describe('with two windows', () => {
  const OTHER = {};

  test('a new one shows what the other one does, at its places', async () => {
    const { session } = await run();
    session.copy(WINDOW, OTHER);
    const found = await session.start(OTHER);
    expect(found.crashed).toBeUndefined();
    expect(found.open?.tabs.map(({ opened, place }) => [opened.name, place])).toHaveLength(4);
    expect(found.open?.active).toBe(1);
  });

  test('what either shows is opened again, each thing once, and what only a closed one showed is not', async () => {
    const { session } = await run();
    session.copy(WINDOW, OTHER);
    session.keep(OTHER, { tabs: [{ id: 'c2', place: '{"of":"other"}' }], active: 0, together: 'closed' });
    const both = (await app('always').session.start(WINDOW)).open;
    expect(both?.tabs.map(({ opened, place }) => [opened.name, place])).toEqual([
      ['one.modtrail', '{"of":"c1"}'],
      ['sample.modtrail', '{"of":"other"}'],
      ['evil.ko', '{"of":"m1"}'],
      ['plain.ko', '{"of":"m2"}'],
    ]);
    expect(both?.active).toBe(1);
    session.leave(WINDOW);
    const left = (await app('always').session.start(WINDOW)).open;
    expect(left?.tabs.map(({ opened }) => opened.name)).toEqual(['sample.modtrail']);
  });

  test('the page of one that ended comes back with what it showed itself', async () => {
    const { session } = await run();
    session.copy(WINDOW, OTHER);
    await session.start(OTHER);
    session.keep(OTHER, { tabs: [{ id: 'm2', place: '' }], active: 0, together: 'closed' });
    const again = await session.start(OTHER);
    expect(again).toMatchObject({ crashed: true, open: { tabs: [{ opened: { id: 'm2' } }] } });
  });
});
