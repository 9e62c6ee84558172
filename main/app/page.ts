/**
 * The app's own scheme: `modtrail://app/…` is the page's folder and nothing else. Answers carry the headers that keep
 * the page from loading, running or reaching anything that is not in that folder.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export const SCHEME = 'modtrail';
export const HOST = 'app';
export const PAGE_URL = `${SCHEME}://${HOST}/`;

/** Only what the page consists of has a type; anything else is not found. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Positions and sizes that Vue computes are style attributes.
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "frame-src 'none'",
  "worker-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
  'cache-control': 'no-store',
};

/** Whether a URL is on the app's own scheme and host. */
export function isOwnUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host } = new URL(text);
  return protocol === `${SCHEME}:` && host === HOST;
}

/**
 * The file that a URL of the page names.
 * @returns an absolute path inside the folder, or undefined: a foreign URL, a path that leads out of the folder, or a
 *   type of file that the page does not have.
 */
export function resolvePage(text: string, folder: string): string | undefined {
  if (!isOwnUrl(text)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(new URL(text).pathname);
  } catch {
    return undefined;
  }
  // The URL parser has resolved `..`; what is left of that kind had an encoded slash, which no honest link has.
  if (/[\0\\%]/.test(path) || path.split('/').includes('..')) return undefined;
  const file = join(folder, path === '/' ? 'index.html' : path);
  return file.startsWith(folder + sep) && extname(file) in TYPES ? file : undefined;
}

/** Answers one request of the page. */
export async function servePage(
  request: { readonly url: string; readonly method: string },
  folder: string,
): Promise<Response> {
  const file = request.method === 'GET' ? resolvePage(request.url, folder) : undefined;
  if (file === undefined) return new Response(null, { status: 404, headers: HEADERS });
  try {
    const bytes = await readFile(file);
    return new Response(new Uint8Array(bytes), { headers: { ...HEADERS, 'content-type': TYPES[extname(file)] ?? '' } });
  } catch {
    return new Response(null, { status: 404, headers: HEADERS });
  }
}
