/** Entry of `npm run bench -- NAME [OPTION…]`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BENCHES: Readonly<Record<string, string>> = {
  inspect: 'inspect.ts',
  recorder: 'recorder.ts',
  viewer: 'viewer.ts',
  window: 'window.ts',
};

const [name = '', ...args] = process.argv.slice(2);
const entry = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (entry === undefined) {
  process.stderr.write(`usage: npm run -s bench -- ${Object.keys(BENCHES).join('|')} [OPTION…]\n`);
  process.exitCode = 2;
} else {
  const ran = spawnSync(process.execPath, [join(import.meta.dirname, entry), ...args], { stdio: 'inherit' });
  process.exitCode = ran.status ?? 1;
}
