import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ok, type Result } from '#contract/result.ts';
import { answer, isOwnPage } from '../../main/app/gate.ts';

type Sender = Parameters<typeof isOwnPage>[0];
type Window = NonNullable<Parameters<typeof isOwnPage>[1]>;

/** A page as Electron tells it: its contents and its top frame. */
function page(url: string): { contents: Window; frame: NonNullable<Sender['senderFrame']> } {
  const frame = { url };
  return { contents: { mainFrame: frame } as Window, frame };
}

describe('isOwnPage', () => {
  const own = page('modtrail://app/index.html');

  test('the top frame of the own window', () => {
    expect(isOwnPage({ sender: own.contents, senderFrame: own.frame }, own.contents)).toBe(true);
  });

  test('not a frame below it, even of the same address', () => {
    const inner = { url: 'modtrail://app/index.html' };
    expect(isOwnPage({ sender: own.contents, senderFrame: inner }, own.contents)).toBe(false);
  });

  test('not a frame that is gone', () => {
    expect(isOwnPage({ sender: own.contents, senderFrame: null }, own.contents)).toBe(false);
  });

  test('not another window', () => {
    const other = page('modtrail://app/index.html');
    expect(isOwnPage({ sender: other.contents, senderFrame: other.frame }, own.contents)).toBe(false);
    expect(isOwnPage({ sender: other.contents, senderFrame: other.frame }, undefined)).toBe(false);
  });

  test.each(['about:blank', 'data:text/html,x', 'https://app/', 'file:///x', 'modtrail://evil/', ''])(
    'not %j',
    (url) => {
      const away = page(url);
      expect(isOwnPage({ sender: away.contents, senderFrame: away.frame }, away.contents)).toBe(false);
    },
  );
});

describe('answer', () => {
  const shape = z.tuple([z.string()]);

  test('passes on what fits', async () => {
    expect(await answer('verb', shape, true, ['x'], (text) => Promise.resolve(ok(text)))).toEqual(ok('x'));
  });

  test('does not even look at what a stranger says', async () => {
    const handle = vi.fn<(text: string) => Promise<Result<string>>>();
    expect(await answer('verb', shape, false, ['x'], handle)).toMatchObject({ error: { code: 'bad-request' } });
    expect(handle).not.toHaveBeenCalled();
  });

  test('refuses what does not fit, naming the place', async () => {
    const handle = vi.fn<(text: string) => Promise<Result<string>>>();
    const refused = await answer('verb', shape, true, [1], handle);
    expect(refused).toMatchObject({
      error: { code: 'bad-request', message: expect.stringContaining('verb') as string },
    });
    expect(handle).not.toHaveBeenCalled();
  });

  test('a defect is one sentence on the screen and a stack in the log', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const told = await answer('verb', shape, true, ['x'], (text) => Promise.reject(new Error(`secret detail ${text}`)));
    expect(told).toMatchObject({ ok: false, error: { code: 'unexpected' } });
    expect(JSON.stringify(told)).not.toContain('secret detail');
    expect(String(log.mock.calls[0]?.[0])).toMatch(/secret detail[\s\S]*gate\.test/);
    log.mockRestore();
  });
});
