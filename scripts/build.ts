/** Builds the bundles: four for Node and Electron, the command line, and the renderer's page. Entry of `npm run build`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { build, type InlineConfig } from 'vite';
import { DIST, ROOT } from './places.ts';
import { runEntry, say } from './say.ts';
import { hashOf, once } from './stamp.ts';

/** A bundle: what goes in, what comes out, and what its hash depends on. */
interface Bundle {
  readonly name: string;
  readonly entry: string;
  readonly output: string;
  readonly sources: readonly string[];
}

/** Present at run time, never bundled: Electron, the native database module, a library with WebAssembly beside it. */
const EXTERNAL = ['electron', 'better-sqlite3', '@alexaltea/capstone-js'];

/** Chromium of the oldest Electron and Node of the oldest runtime that the app is started with. */
const OLDEST_CHROMIUM = 'chrome130';
const OLDEST_NODE = 'node20';

/**
 * Every Node bundle is one file two folders below the checkout (or the package's root), so that
 * `new URL('../../contract/schema.sql', import.meta.url)` means the same there as in the sources.
 */
const BUNDLES: readonly Bundle[] = [
  {
    name: 'main',
    entry: 'main/app/main.ts',
    output: 'main/main.js',
    sources: ['contract', 'core', 'main/app', 'main/rights', 'main/store'],
  },
  {
    name: 'preload',
    entry: 'main/preload/preload.ts',
    output: 'preload/preload.cjs',
    sources: ['contract', 'main/preload'],
  },
  {
    name: 'store',
    entry: 'main/store/store.ts',
    output: 'store/store.js',
    sources: ['contract', 'core', 'main/store'],
  },
  {
    name: 'helper',
    entry: 'main/store/helper.ts',
    output: 'helper/helper.js',
    sources: ['contract', 'core', 'main/store'],
  },
  { name: 'cli', entry: 'cli/main.ts', output: 'cli/main.js', sources: ['contract', 'core', 'main/rights', 'cli'] },
  { name: 'renderer', entry: 'renderer/index.html', output: 'renderer/index.html', sources: ['contract', 'renderer'] },
];

/** Vite's configuration of the renderer's page; also used by tests that build a part of it. */
export function rendererConfig(): InlineConfig {
  return {
    configFile: false,
    root: join(ROOT, 'renderer'),
    base: './',
    plugins: [vue()],
    logLevel: 'warn',
    build: {
      target: OLDEST_CHROMIUM,
      outDir: join(DIST, 'renderer'),
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
    },
  };
}

function nodeConfig(bundle: Bundle): InlineConfig {
  const [folder = '', file = ''] = bundle.output.split('/');
  return {
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'warn',
    resolve: { conditions: ['node'] },
    ssr: { noExternal: true, external: EXTERNAL, target: 'node' },
    build: {
      ssr: join(ROOT, bundle.entry),
      target: OLDEST_NODE,
      outDir: join(DIST, folder),
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        external: EXTERNAL,
        output: {
          entryFileNames: file,
          format: file.endsWith('.cjs') ? 'cjs' : 'esm',
          codeSplitting: false,
        },
      },
    },
  };
}

/** Builds every bundle whose sources changed, or only the named ones. */
export async function buildBundles(names: readonly string[] = BUNDLES.map((bundle) => bundle.name)): Promise<void> {
  const common = ['package-lock.json', 'scripts/build.ts', 'tsconfig.base.json'];
  for (const bundle of BUNDLES.filter(({ name }) => names.includes(name))) {
    if (!existsSync(join(ROOT, bundle.entry))) continue;
    const start = performance.now();
    const config = bundle.name === 'renderer' ? rendererConfig() : nodeConfig(bundle);
    const hash = hashOf([...common, ...bundle.sources]);
    const done = await once(bundle.name, hash, join(DIST, bundle.output), async () => {
      await build(config);
    });
    if (done) say(`built dist/${bundle.output} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

if (import.meta.main) {
  await runEntry(async () => {
    await buildBundles();
    return 0;
  });
}
