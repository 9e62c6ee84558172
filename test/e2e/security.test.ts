/**
 * What a hostile page could try from inside the window, and what stands in its way. Each test makes the attempt in the
 * real app, run as a user without rights and with Chromium's sandbox on.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VERBS, type Bridge } from '#contract/api.ts';
import { launchApp, type LaunchedApp } from './app.ts';

declare global {
  interface Window {
    readonly modtrail: Bridge<File>;
    marker?: string;
  }
}

let launched: LaunchedApp;
let server: Server;
/** Where somebody listens who should never hear of the app. */
let outside: string;
const heard: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.setHeader('access-control-allow-origin', '*').end('<title>outside</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  outside = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  launched = await launchApp();
});

afterAll(async () => {
  await launched.close();
  server.close();
});

describe('the page', () => {
  test('has no Node and nothing of Electron but the verbs', async () => {
    const found = await launched.window.evaluate(() => ({
      names: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter(
        (name) => name in window,
      ),
      bridge: Object.keys(window.modtrail),
    }));
    expect(found.names).toEqual([]);
    expect([...found.bridge].sort()).toEqual([...VERBS, 'on', 'openDropped'].sort());
  });

  test('cannot replace a verb', async () => {
    const replaced = await launched.window.evaluate(() => {
      const before = window.modtrail.settings;
      Reflect.set(window.modtrail, 'settings', () => 'forged');
      Reflect.set(window, 'modtrail', {});
      return window.modtrail.settings !== before;
    });
    expect(replaced).toBe(false);
  });

  test('runs in a process with a system call filter, without new rights, in a namespace of its own', async () => {
    const [page, main] = await launched.app.evaluate(({ BrowserWindow }) => [
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
      process.pid,
    ]);
    const status = readFileSync(`/proc/${String(page)}/status`, 'utf8');
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).not.toMatch(/^Uid:\t0/m);
    expect(readlinkSync(`/proc/${String(page)}/ns/user`)).not.toBe(readlinkSync(`/proc/${String(main)}/ns/user`));
  });
});

describe('code from elsewhere does not run', () => {
  test('an inline script', async () => {
    const ran = await launched.window.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.marker = "inline"';
      document.body.append(script);
      await new Promise((resolve) => setTimeout(resolve, 100));
      script.remove();
      return window.marker;
    });
    expect(ran).toBeUndefined();
  });

  test('an inline handler', async () => {
    const ran = await launched.window.evaluate(async () => {
      const image = document.createElement('img');
      image.setAttribute('onerror', 'window.marker = "handler"');
      image.src = 'data:image/png;base64,AAAA';
      document.body.append(image);
      await new Promise((resolve) => setTimeout(resolve, 200));
      image.remove();
      return window.marker;
    });
    expect(ran).toBeUndefined();
  });

  test.each(['eval', 'Function', 'timer'])('text through %s', async (way) => {
    const outcome = await launched.window.evaluate(
      (how) =>
        new Promise<string>((resolve) => {
          // A turn later this is the page's own code; a driver's evaluation is allowed more.
          setTimeout(() => {
            try {
              if (how === 'eval') globalThis.eval('window.marker = "eval"');
              if (how === 'Function') new Function('window.marker = "Function"')();
              if (how === 'timer') setTimeout('window.marker = "timer"' as unknown as () => void, 0);
            } catch (error) {
              resolve(error instanceof Error ? error.name : 'other');
              return;
            }
            setTimeout(() => {
              resolve(window.marker ?? 'nothing');
            }, 100);
          });
        }),
      way,
    );
    expect(outcome).toBe(way === 'timer' ? 'nothing' : 'EvalError');
  });

  test.each(['script', 'worker', 'frame'])('a %s from data, blob or the network', async (kind) => {
    const outcomes = await launched.window.evaluate(
      async ({ what, far }) => {
        const blob = URL.createObjectURL(new Blob(['window.marker = 1'], { type: 'text/javascript' }));
        const one = (url: string): Promise<string> =>
          new Promise((resolve) => {
            if (what === 'worker') {
              try {
                const worker = new Worker(url);
                worker.onerror = () => resolve('refused');
                setTimeout(() => resolve('silent'), 500);
              } catch {
                resolve('refused');
              }
              return;
            }
            const element = document.createElement(what === 'frame' ? 'iframe' : 'script');
            element.src = url;
            element.onerror = () => resolve('refused');
            element.onload = () => {
              // A refused frame shows an error page, into which its parent cannot look.
              const inside = element instanceof HTMLIFrameElement ? element.contentDocument : document;
              resolve(inside === null ? 'refused' : 'loaded');
            };
            document.body.append(element);
            setTimeout(() => resolve('refused'), 1000);
          });
        return await Promise.all([blob, 'data:text/javascript,window.marker=1', `${far}/code.js`].map(one));
      },
      { what: kind, far: outside },
    );
    expect(outcomes.filter((outcome) => outcome === 'loaded')).toEqual([]);
    expect(await launched.window.evaluate(() => window.marker)).toBeUndefined();
    expect(heard).toEqual([]);
  });
});

describe('the window stays where it is', () => {
  const places = ['file:///etc/passwd', 'data:text/html,hello', 'javascript:1', 'modtrail://elsewhere/', 'OUT'];

  test.each(places)('location = %s', async (place) => {
    const target = place === 'OUT' ? `${outside}/away` : place;
    const before = launched.window.url();
    await launched.window.evaluate((url) => {
      document.body.dataset['stayed'] = 'yes';
      location.href = url;
    }, target);
    await launched.window.waitForTimeout(300);
    expect(launched.window.url()).toBe(before);
    expect(await launched.window.evaluate(() => document.body.dataset['stayed'])).toBe('yes');
    expect(heard).toEqual([]);
  });

  test('an empty page is left at once', async () => {
    const before = launched.window.url();
    await launched.window.evaluate(() => {
      location.href = 'about:blank';
    });
    await launched.window.waitForURL(before);
    await launched.window.waitForFunction(() => 'modtrail' in window);
    expect(await launched.window.evaluate(() => window.modtrail.settings())).toMatchObject({ ok: true });
  });

  test('a form that is sent', async () => {
    const before = launched.window.url();
    await launched.window.evaluate((url) => {
      const form = document.createElement('form');
      form.action = url;
      form.method = 'post';
      document.body.append(form);
      form.submit();
    }, `${outside}/form`);
    await launched.window.waitForTimeout(300);
    expect(launched.window.url()).toBe(before);
    expect(heard).toEqual([]);
  });

  test('no second window opens', async () => {
    const opened = await launched.window.evaluate((url) => {
      const link = document.createElement('a');
      link.href = url;
      link.target = '_blank';
      document.body.append(link);
      link.click();
      return [window.open(url), window.open('about:blank'), window.open(location.href)].map(String);
    }, outside);
    expect(opened).toEqual(['null', 'null', 'null']);
    expect(await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(heard).toEqual([]);
  });

  test('a webview stays an unknown element', async () => {
    const active = await launched.window.evaluate(() => {
      const view = document.createElement('webview');
      view.setAttribute('src', 'about:blank');
      document.body.append(view);
      return view.shadowRoot !== null || 'getWebContentsId' in view;
    });
    expect(active).toBe(false);
  });
});

describe('the network is out of reach', () => {
  test('for the page', async () => {
    const outcomes = await launched.window.evaluate(async (far) => {
      const told = async (work: () => Promise<unknown>): Promise<string> => {
        try {
          await work();
          return 'reached';
        } catch {
          return 'refused';
        }
      };
      const socket = (): Promise<unknown> =>
        new Promise((resolve, reject) => {
          const line = new WebSocket(far.replace('http', 'ws'));
          line.onopen = resolve;
          line.onerror = reject;
        });
      const picture = (): Promise<unknown> =>
        new Promise((resolve, reject) => {
          const image = new Image();
          image.onload = resolve;
          image.onerror = reject;
          image.src = `${far}/picture.png`;
        });
      navigator.sendBeacon(`${far}/beacon`, 'x');
      return {
        fetch: await told(() => fetch(far)),
        quiet: await told(() => fetch(far, { mode: 'no-cors' })),
        file: await told(() => fetch('file:///etc/passwd')),
        socket: await told(socket),
        picture: await told(picture),
      };
    }, outside);
    expect(outcomes).toEqual({
      fetch: 'refused',
      quiet: 'refused',
      file: 'refused',
      socket: 'refused',
      picture: 'refused',
    });
    expect(heard).toEqual([]);
  });

  test("for the page's session, whatever asks", async () => {
    const outcome = await launched.app.evaluate(async ({ session }, far) => {
      try {
        const { status } = await session.defaultSession.fetch(far);
        return String(status);
      } catch (error) {
        return error instanceof Error ? error.message : 'refused';
      }
    }, outside);
    expect(outcome).toMatch(/ERR_BLOCKED_BY_CLIENT/);
    expect(heard).toEqual([]);
  });

  test('and no process is there for it', async () => {
    const services = await launched.app.evaluate(({ app }) =>
      app.getAppMetrics().map(({ serviceName }) => serviceName),
    );
    expect(services.filter((name) => name?.startsWith('network'))).toEqual([]);
  });

  test('for names: no host is looked up', async () => {
    const outcome = await launched.app.evaluate(async ({ session }) => {
      try {
        return JSON.stringify(await session.defaultSession.resolveHost('localhost.example'));
      } catch (error) {
        return error instanceof Error ? error.message : 'refused';
      }
    });
    expect(outcome).toMatch(/ERR_NAME_NOT_RESOLVED/);
  });
});

describe('permissions are refused', () => {
  test('each that a page can ask for', async () => {
    const answers = await launched.window.evaluate(async () => {
      const told = async (work: () => Promise<unknown>): Promise<string> => {
        try {
          await work();
          return 'granted';
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error);
        }
      };
      const position = (): Promise<unknown> =>
        new Promise((resolve, reject) => {
          navigator.geolocation.getCurrentPosition(resolve, (error) => {
            reject(new DOMException(error.message, error.code === 1 ? 'NotAllowedError' : 'other'));
          });
        });
      return {
        notifications: await Notification.requestPermission(),
        geolocation: await told(position),
        microphone: await told(() => navigator.mediaDevices.getUserMedia({ audio: true })),
        camera: await told(() => navigator.mediaDevices.getUserMedia({ video: true })),
        screen: await told(() => navigator.mediaDevices.getDisplayMedia()),
        clipboard: await told(() => navigator.clipboard.readText()),
      };
    });
    expect(answers.notifications).toBe('denied');
    expect(answers.geolocation).toBe('NotAllowedError');
    expect(answers.clipboard).toBe('NotAllowedError');
    for (const device of [answers.microphone, answers.camera, answers.screen]) expect(device).not.toBe('granted');
  });
});

/** Argument lists that fit no verb. */
const WRONG: readonly (readonly unknown[])[] = [
  [{ toString: 'x' }, 1, 2, 3],
  ['c1', { sort: 'rowid; drop table event' }, 'more', null],
];

const PAGE = { sort: 'time', descending: false, start: 0, limit: 10 };

describe('messages are checked', () => {
  test.each(VERBS)('%s refuses arguments that do not fit', async (verb) => {
    for (const args of WRONG) {
      const answer = await launched.window.evaluate(
        ({ name, given }) => (window.modtrail[name] as (...all: unknown[]) => Promise<unknown>)(...given),
        { name: verb, given: [...args] },
      );
      expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    }
  });

  test.each([
    ['a page without end', 'attempts', ['c1', { ...PAGE, limit: 1e9 }]],
    ['a page farther from the end than one has rows', 'events', ['c1', { ...PAGE, start: -1001 }]],
    ['a column that does not exist', 'events', ['c1', { ...PAGE, sort: '__proto__' }]],
    ['a field that does not belong there', 'attempts', ['c1', { ...PAGE, path: '/etc/passwd' }]],
    ['a timeline of a fraction', 'timeline', ['c1', { fromNs: 0.5, toNs: 1, columns: 10 }]],
    ['a moment beyond 64 bits', 'timeline', ['c1', { fromNs: '99999999999999999999', toNs: 1, columns: 10 }]],
    ['a path instead of an id', 'openRecent', ['/etc/passwd']],
    ['a theme that does not exist', 'changeSettings', [{ theme: 'pink' }]],
    ['a setting that does not exist', 'changeSettings', [{ collector: '/bin/sh' }]],
  ] as const)('%s', async (_what, verb, args) => {
    const answer = await launched.window.evaluate(
      ({ name, given }) => (window.modtrail[name] as (...all: unknown[]) => Promise<unknown>)(...given),
      { name: verb, given: [...args] as unknown[] },
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  });

  test('a dropped file that is none has no path', async () => {
    const answer = await launched.window.evaluate(() =>
      window.modtrail.openDropped(new File(['x'], '/etc/passwd'), 'show'),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  });

  test('a frame inside the page has no bridge', async () => {
    const bridges = await launched.window.evaluate(async () => {
      const blank = document.createElement('iframe');
      const written = document.createElement('iframe');
      written.srcdoc = '<p>hello</p>';
      document.body.append(blank, written);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return [blank, written].map((frame) => typeof (frame.contentWindow as Window | null)?.modtrail);
    });
    expect(bridges).toEqual(['undefined', 'undefined']);
  });

  test('another window with the same page and bridge is not listened to', async () => {
    const answer = await launched.app.evaluate(async ({ app, BrowserWindow }) => {
      const preload = `${app.getAppPath()}/dist/preload/preload.cjs`;
      const foreign = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await foreign.loadURL('modtrail://app/');
      const told: unknown = await foreign.webContents.executeJavaScript('window.modtrail.settings()');
      foreign.destroy();
      return told;
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  });
});

// The first cookie would make Chromium ask the desktop's keyring for a key, and that a person for a password.
test('no cookie is kept, also where the page sets one', async () => {
  const read = await launched.window.evaluate(() => {
    document.cookie = 'a=b; max-age=1000000';
    return document.cookie;
  });
  expect(read).toBe('');
  const kept = await launched.app.evaluate(({ session }) => session.defaultSession.cookies.get({}));
  expect(kept).toEqual([]);
});

describe("the app's own scheme", () => {
  test.each([
    'modtrail://app/../main/main.js',
    'modtrail://app/%2e%2e/main/main.js',
    'modtrail://app/..%2fmain%2fmain.js',
    'modtrail://app//etc/passwd',
    'modtrail://app/index.html%00.js',
    'modtrail://other/index.html',
  ])('%s is not found', async (url) => {
    const status = await launched.app.evaluate(async ({ session }, address) => {
      return (await session.defaultSession.fetch(address)).status;
    }, url);
    expect(status).toBe(404);
  });

  test('every answer carries the policy', async () => {
    const headers = await launched.app.evaluate(async ({ session }) => {
      const answer = await session.defaultSession.fetch('modtrail://app/');
      return Object.fromEntries(answer.headers.entries());
    });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});
