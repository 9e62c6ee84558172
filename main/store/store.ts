/**
 * The store process: answers main's questions about captures, one after the other. It holds no window and no right of
 * its own; a capture that crashes it costs the request that was being answered.
 */
import { availableParallelism } from 'node:os';
import { fail, type Result } from '#contract/result.ts';
import { createModuleStore } from '#core/store/modules.ts';
import { createStore } from '#core/store/store.ts';
import { DATABASE_NODE_API } from './node-api.ts';
import { request, SHAPES, type Answer, type Request } from './messages.ts';
import { objection } from './shapes.ts';

const UNFIT = 3;

// The database module does not fail on an older Node-API, it crashes; main chooses a Node that fits.
if (Number(process.versions['napi']) < DATABASE_NODE_API || !process.send) {
  process.stderr.write(
    `modtrail store: started by main only, on a Node with Node-API ${String(DATABASE_NODE_API)}; ` +
      `this one has ${String(process.versions['napi'])}\n`,
  );
  process.exit(UNFIT);
}

/** On one processor a thread that helps only takes turns. */
const HELPER = availableParallelism() > 1 ? new URL('../helper/helper.js', import.meta.url) : undefined;

const captures = createStore(HELPER);
/** All verbs; a process is used for captures or for modules. */
const store = { ...captures, ...createModuleStore() };

/** Answers one request. Whatever is thrown here is a defect: its text goes to the log and not to the screen. */
async function answerTo({ verb, args }: Request): Promise<Result<unknown>> {
  const checked = SHAPES[verb].safeParse(args);
  if (!checked.success) return fail('bad-request', `${verb} was asked with ${objection(checked.error)}`);
  try {
    // The shape above is that verb's own; TypeScript cannot follow the pair through the union.
    const method = store[verb] as (...args: unknown[]) => Result<unknown> | Promise<Result<unknown>>;
    return await method(...checked.data);
  } catch (error) {
    process.stderr.write(`modtrail store: ${verb}: ${error instanceof Error ? String(error.stack) : String(error)}\n`);
    return fail('unexpected', `a defect in Modtrail kept ${verb} from being answered; its log has the details`);
  }
}

let working = false;

/** Rest after which what lists and readings have left behind is given back, in milliseconds. */
const TIDY_MS = 1000;

/**
 * V8 counts columns for little and comes to look at them only when it is asked for memory, which at rest nobody does. Of the
 * pages that it has emptied it gives back all only in what it calls the last resort.
 */
const tidy = setTimeout(() => {
  void globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}, TIDY_MS).unref();

/**
 * The same of what is young, while there is work: buffers with the texts of many rows lie outside of what V8 watches, and
 * their pieces of the heap are not given back once something else came to lie behind them.
 */
const SWEEP_MS = 100;
let swept = 0;

function sweep(): void {
  const now = performance.now();
  if (now < swept + SWEEP_MS) return;
  swept = now;
  void globalThis.gc?.({ type: 'minor', execution: 'sync' });
}

/** What captures have not read yet goes on between requests, a moment at a time. */
function work(): void {
  working = captures.work();
  sweep();
  if (working) setImmediate(work);
  else tidy.refresh();
}

process.on('message', (message) => {
  const checked = request.safeParse(message);
  if (!checked.success) {
    process.stderr.write(`modtrail store: a message that is no request: ${objection(checked.error)}\n`);
    return;
  }
  const { data } = checked;
  void answerTo(data).then((result) => {
    const reply: Answer = { id: data.id, result };
    if (!working) setImmediate(work);
    working = true;
    process.send?.(reply, (error: Error | null) => {
      // Main is gone; the disconnect that follows ends this process.
      if (error) process.stderr.write(`modtrail store: nobody takes the answer: ${error.message}\n`);
    });
  });
});

// Main is gone, or has no use for this process any more.
process.on('disconnect', () => {
  captures.closeAll();
  process.exit(0);
});
