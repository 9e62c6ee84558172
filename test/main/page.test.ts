import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HEADERS, isOwnUrl, PAGE_URL, resolvePage, servePage } from '../../main/app/page.ts';

let root: string;
let folder: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'modtrail-page-'));
  folder = join(root, 'page');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets/main.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'of no type that a page has');
  writeFileSync(join(root, 'outside.js'), 'outside');
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('resolvePage', () => {
  test('finds the page and its parts', () => {
    expect(resolvePage(PAGE_URL, folder)).toBe(join(folder, 'index.html'));
    expect(resolvePage(`${PAGE_URL}assets/main.js?v=1#top`, folder)).toBe(join(folder, 'assets/main.js'));
  });

  test.each([
    'modtrail://app/..%2foutside.js',
    'modtrail://app/%252e%252e/outside.js',
    'modtrail://app/..%5coutside.js',
    'modtrail://app/index.html%00.js',
    'modtrail://app/%ff.js',
    'modtrail://other/index.html',
    'modtrail://app:80/index.html',
    'modtrail://user@elsewhere/index.html',
    'modtrail:app/index.html',
    'file:///etc/passwd',
    'https://app/index.html',
    'no url',
    '',
  ])('refuses %j', (url) => {
    expect(resolvePage(url, folder)).toBeUndefined();
  });

  test('an address above the top is the top', () => {
    const inside = join(folder, 'outside.js');
    expect(resolvePage('modtrail://app/%2e%2e/outside.js', folder)).toBe(inside);
    expect(resolvePage('modtrail://app/assets/%2e%2e/../../outside.js', folder)).toBe(inside);
  });

  test('never leaves the folder, whatever the URL says', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '%2e%2e', '%2E.', '..%2f', '%5c', '//', '%00', 'index.html', 'assets', '~', '%25'),
      fc.webSegment(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom('/', '', '\\'), (pieces, glue) => {
        const file = resolvePage(`modtrail://app/${pieces.join(glue)}`, folder);
        expect(file === undefined || file.startsWith(folder + sep)).toBe(true);
        expect(file === undefined || !file.split(sep).includes('..')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

test('isOwnUrl takes nothing for its own that only looks like it', () => {
  expect(isOwnUrl('modtrail://app/index.html')).toBe(true);
  for (const url of [
    'modtrail://app.evil/',
    'modtrail://evil/app/',
    'modtrails://app/',
    'https://app/',
    'about:blank',
    'x',
  ]) {
    expect(isOwnUrl(url)).toBe(false);
  }
});

describe('servePage', () => {
  const get = (url: string, method = 'GET'): Promise<Response> => servePage({ url, method }, folder);

  test('answers with type and policy', async () => {
    const answer = await get(`${PAGE_URL}assets/main.js`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('export {};');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('does not serve what no page consists of', async () => {
    expect((await get(`${PAGE_URL}secret.txt`)).status).toBe(404);
    expect((await get(`${PAGE_URL}missing.js`)).status).toBe(404);
    expect((await get(`${PAGE_URL}assets`)).status).toBe(404);
    expect((await get(PAGE_URL, 'POST')).status).toBe(404);
  });

  test('puts the policy on refusals too', async () => {
    const answer = await get(`${PAGE_URL}missing.js`);
    expect(answer.headers.get('content-security-policy')).toBe(HEADERS['content-security-policy']);
  });
});

test('the policy lets scripts in from the folder only', () => {
  const rules = new Map(
    (HEADERS['content-security-policy'] ?? '').split('; ').map((rule) => {
      const [name = '', ...sources] = rule.split(' ');
      return [name, sources.join(' ')];
    }),
  );
  expect(rules.get('default-src')).toBe("'none'");
  expect(rules.get('script-src')).toBe("'self'");
  expect(rules.get('style-src')).toBe("'self'");
  for (const name of [
    'connect-src',
    'frame-src',
    'worker-src',
    'object-src',
    'base-uri',
    'form-action',
    'frame-ancestors',
  ]) {
    expect(rules.get(name)).toBe("'none'");
  }
});
