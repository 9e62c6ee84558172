/** Where the parts of the app lie, in a checkout and in a package. This file and its bundle lie two folders below the root. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_NODE_API } from '../store/node-api.ts';
import type { StoreProgram } from './store-process.ts';

export interface Places {
  /** Folder of the page's files. */
  readonly page: string;
  readonly preload: string;
  readonly sample: string;
  readonly collector: string;
  readonly store: StoreProgram;
}

/**
 * What is young is looked through more often, in MB, and what is old whenever there is a fifth more of it: reading a capture
 * makes much that is short-lived, and the pages that V8 once took for that it keeps.
 */
const STORE_FLAGS = ['--max-semi-space-size=2', '--heap-growing-percent=20', '--expose-gc'];

/**
 * glibc's malloc keeps large pieces apart and gives them back when they are freed (mallopt(3)). Without this it takes larger
 * and larger ones from its heap, and where a column has moved to a larger place the old one stays a hole.
 */
const STORE_ENVIRONMENT = {
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
  // V8's helpers would each keep a heap of their own.
  MALLOC_ARENA_MAX: '1',
  // What is read ahead (core/capture/read-ahead.ts): a disk gives twice as much to so many who ask as to the four of libuv.
  UV_THREADPOOL_SIZE: '32',
};

const ROOT = join(import.meta.dirname, '../..');

/**
 * @param packaged - whether the app runs from a package.
 * @param resources - the package's folder of resources; not used in a checkout.
 */
export function findPlaces(packaged: boolean, resources: string): Places {
  const beside = packaged ? resources : ROOT;
  // A Node beside Electron cannot read inside the archive.
  const unpacked = packaged ? join(resources, 'app.asar.unpacked') : ROOT;
  const node = packaged ? join(resources, 'node/node') : join(ROOT, 'node_modules/node/bin/node');
  return {
    page: join(ROOT, 'dist/renderer'),
    preload: join(ROOT, 'dist/preload/preload.cjs'),
    sample: join(beside, 'samples/sample.modtrail'),
    collector: join(beside, packaged ? 'collector/modtrail-collector' : 'dist/collector/modtrail-collector'),
    store: {
      execPath: nodeFor(node),
      entry: join(unpacked, 'dist/store/store.js'),
      flags: STORE_FLAGS,
      environment: STORE_ENVIRONMENT,
    },
  };
}

/** Electron itself where its Node fits the database module, otherwise the Node that lies beside it. */
function nodeFor(beside: string): string {
  const fits = Number(process.versions['napi']) >= DATABASE_NODE_API;
  return fits || !existsSync(beside) ? process.execPath : beside;
}
