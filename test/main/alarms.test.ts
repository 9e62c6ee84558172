/** Few notifications, whatever happens, and none that a hostile name could make into something else. */
import type { Attempt } from '#contract/attempt.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import { fail, ok } from '#contract/result.ts';
import { afterEach, expect, test, vi } from 'vitest';
import { Alarms, plain, type AlarmParts } from '../../main/app/alarms.ts';

const VIEW = { name: 'from /tmp', view: 'attempts', filter: 'file.path ~ "^/tmp"' };
const MATCHES = '(file.path ~ "^/tmp") and operation == load';

let alarms: Alarms | undefined;
afterEach(() => {
  alarms?.end();
});

const info = (more: Partial<CaptureInfo> = {}): CaptureInfo =>
  ({ hiddenModules: [], contradictions: [], ...more }) as unknown as CaptureInfo;

const hidden = (name: string): CaptureInfo =>
  info({ hiddenModules: [{ name, evidence: [7], text: '' }] as unknown as CaptureInfo['hiddenModules'] });

/** Alarms of a capture in which each filter keeps as many rows as the map says. */
function watching(totals: Map<string, number>, parts: Partial<AlarmParts> = {}) {
  const show = vi.fn<AlarmParts['show']>();
  const attempts = vi.fn<AlarmParts['attempts']>((_capture, { filter = '' }) => {
    const total = totals.get(filter) ?? 0;
    const row = { callId: total, operation: 'load', module: { name: 'evil' } } as unknown as Attempt;
    return Promise.resolve(ok({ start: 0, total, rows: total > 0 ? [row] : [] }));
  });
  const watched = {
    wanted: () => true,
    views: () => [VIEW],
    attempts,
    show,
    pace: { look: 1, tell: 60_000 },
    ...parts,
  };
  alarms = new Alarms(watched);
  return { alarms, show, attempts };
}

test('nothing is asked and nothing told unless it is wanted', async () => {
  const { alarms: quiet, show, attempts } = watching(new Map([[MATCHES, 5]]), { wanted: () => false });
  quiet.grew('c1', hidden('rootkit'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(attempts).not.toHaveBeenCalled();
  expect(show).not.toHaveBeenCalled();
});

test('a load that matches a saved view is told, with the way to its row', async () => {
  const { alarms: told, show } = watching(new Map([[MATCHES, 1]]));
  told.grew('c1', info());
  await vi.waitUntil(() => show.mock.calls.length > 0);
  expect(show).toHaveBeenCalledWith('Modtrail', 'matches “from /tmp”: load of evil', { capture: 'c1', callId: 1 });
});

test('what comes during a look, and rows that are still looked for, are told without further growth', async () => {
  const show = vi.fn<AlarmParts['show']>();
  let asked = 0;
  const attempts: AlarmParts['attempts'] = () => {
    asked++;
    if (asked === 1) alarms?.grew('c1', info());
    const row = { callId: 7, operation: 'load', module: { name: 'late' } } as unknown as Attempt;
    if (asked < 3) return Promise.resolve(ok({ start: 0, total: 0, rows: [] }));
    const progress = asked < 5 ? { progress: { done: 1, of: 2 } } : {};
    return Promise.resolve(ok({ start: 0, total: 1, rows: [row], ...progress }));
  };
  watching(new Map(), { attempts, show }).alarms.grew('c1', info());
  await vi.waitUntil(() => show.mock.calls.length > 0);
  expect(show.mock.calls[0]?.[1]).toContain('load of late');
});

test('a flood is one notification, and one that counts the rest', async () => {
  const totals = new Map([[MATCHES, 1]]);
  const { alarms: told, show, attempts } = watching(totals, { pace: { look: 1, tell: 200 } });
  told.grew('c1', info());
  await vi.waitUntil(() => show.mock.calls.length === 1);
  for (let round = 1; round <= 5; round++) {
    totals.set(MATCHES, 1 + round * 200);
    const before = attempts.mock.calls.length;
    told.grew('c1', info());
    await vi.waitUntil(() => attempts.mock.calls.length >= before + 2);
    await new Promise((resolve) => setTimeout(resolve));
  }
  await vi.waitUntil(
    () =>
      show.mock.calls.reduce((sum, [, body]) => sum + Number(/and (\d+) more/.exec(body)?.[1] ?? 0) + 1, 0) === 1001,
  );
  expect(show.mock.calls.length).toBeLessThan(6);
});

test('a hidden module is told once, and again in another capture', async () => {
  const { alarms: told, show, attempts } = watching(new Map(), { pace: { look: 1, tell: 1 } });
  for (const capture of ['c1', 'c1', 'c2']) {
    const before = attempts.mock.calls.length;
    told.grew(capture, hidden('rootkit'));
    await vi.waitUntil(() => attempts.mock.calls.length >= before + 2);
    await new Promise((resolve) => setTimeout(resolve));
  }
  await vi.waitUntil(() => show.mock.calls.length === 2);
  expect(show).toHaveBeenLastCalledWith('Modtrail', 'hidden module: rootkit', { capture: 'c2', seq: 7 });
});

test('a view that fits no attempt is passed over', async () => {
  const attempts = vi.fn<AlarmParts['attempts']>(() => Promise.resolve(fail('bad-request', 'no such field')));
  const { alarms: told, show } = watching(new Map(), { attempts });
  told.grew('c1', info());
  await vi.waitUntil(() => attempts.mock.calls.length === 2);
  expect(show).not.toHaveBeenCalled();
});

test('names are short, and hold nothing that a desktop acts on', () => {
  expect(plain('a\u001b[31m\u202eb\n<b>&amp;</b>', 100)).toBe('a\ufffd[31m\ufffdb\ufffd‹b›＆amp;‹/b›');
  expect([...plain('x'.repeat(5000), 200)]).toHaveLength(200);
});
