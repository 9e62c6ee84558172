/** The version of this program. */
import { readFileSync } from 'node:fs';

/** As package.json says it. Two folders up is the root, from cli/commands and from the bundle in dist/cli alike. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
