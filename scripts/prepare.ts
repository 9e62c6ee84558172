/**
 * The set-up, part by part. Entry of `npm run setup`, which does all of it, and of verbs that need one part:
 * `prepare.ts view app collector lab test`.
 */
import { ensurePackages } from './apt.ts';
import { buildBundles } from './build.ts';
import { ensureCollector } from './collector.ts';
import { ensureRuntime } from './runtime.ts';
import { runEntry, say, SetupError } from './say.ts';

/** `view` is what Electron needs of the system, `app` is Electron and the bundles. */
const NAMES = ['view', 'app', 'collector', 'lab', 'test'] as const;

/** A part of the set-up. */
export type Part = (typeof NAMES)[number];

const PARTS: Readonly<Record<Part, () => Promise<void>>> = {
  view: () => Promise.resolve(ensurePackages(['view'])),
  app: async () => {
    await ensureRuntime();
    await buildBundles();
  },
  collector: ensureCollector,
  lab: () => Promise.resolve(ensurePackages(['lab'])),
  test: () => Promise.resolve(ensurePackages(['test'])),
};

/** Prepares the named parts one after the other; the first that cannot work throws its SetupError. */
export async function prepare(parts: readonly Part[]): Promise<void> {
  for (const part of parts) await PARTS[part]();
}

/**
 * Prepares what works and tells what does not.
 * @returns the parts that could not be prepared.
 */
export async function prepareWhatWorks(parts: readonly Part[]): Promise<Part[]> {
  const failed: Part[] = [];
  for (const part of parts) {
    try {
      await PARTS[part]();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(`${part}: ${error.message}`);
      failed.push(part);
    }
  }
  return failed;
}

function isPart(name: string): name is Part {
  return NAMES.some((part) => part === name);
}

if (import.meta.main) {
  await runEntry(async () => {
    const names = process.argv.slice(2);
    const unknown = names.find((name) => !isPart(name));
    if (unknown !== undefined) throw new SetupError(`unknown part ${unknown}; one of ${NAMES.join(', ')}`);
    const parts = names.filter(isPart);
    await prepare(parts.length > 0 ? parts : NAMES);
    return 0;
  });
}
