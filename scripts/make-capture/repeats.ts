/** Threads that repeat one failing call: the kernel's side of the recorder counts them, and says how many there were. */
import { ERROR, text } from './scene.ts';
import { MadeEvent } from './records.ts';
import { Callers, type Flood } from './flood.ts';

/** A run that goes on is told of so often. */
const FLUSH_NS = 1e9;

const LIKE = [
  { kind: 'finit_module', returned: ERROR.EBADF, args: [-1, 0, 0] },
  { kind: 'finit_module', returned: ERROR.EPERM, args: [4, 0x7ffd_0000_1000, 0] },
  { kind: 'init_module', returned: ERROR.EFAULT, args: [0, 16, 0] },
  { kind: 'delete_module', returned: ERROR.ENOENT, args: [0x5560_0000_2000, 2048, null] },
] as const;

/** One call by itself, then rows that stand for several, until the thread does something else. */
export function* repeats(flood: Flood): Generator<number> {
  const { scene, random } = flood;
  const callers = new Callers(flood, false, '/usr/local/bin/retry', 50);
  let now = flood.from;
  let left = flood.events;
  while (left > 0) {
    now += random.exponential(flood.gap * 2);
    yield Math.floor(now);
    const { kind, returned, args } = random.pick(LIKE);
    const process = callers.at(now, () => ['/usr/local/bin/retry', '--forever']);
    const texts = text(
      kind === 'finit_module' ? 1 : kind === 'init_module' ? 2 : 0,
      kind === 'delete_module' ? 'no_such' : '',
    );
    const took = 300;
    const single = scene.call(kind, Math.floor(now), scene.journal.nextCallId(), process, {
      returned,
      took,
      args,
      texts,
    });
    left--;
    const apart = random.logarithmic(800, 200_000);
    const most = random.chance(0.01) ? 400_000 : 600;
    for (let count = Math.floor(random.logarithmic(2, most)); count > 1 && left > 0; left--) {
      const here = Math.min(count, Math.max(2, Math.floor(FLUSH_NS / apart)));
      const row = new MadeEvent(kind, Math.floor(now + apart));
      now = row.ns + apart * (here - 1);
      // Told when the thread has done something else, or a second later.
      yield Math.floor(now);
      Object.assign(row, {
        callId: scene.journal.nextCallId(),
        process,
        tid: single.tid,
        compat: 0,
        like: single,
        returned,
      });
      Object.assign(row, { arg0: args[0], arg1: args[1], arg2: args[2], repeat: here, lastNs: Math.floor(now) });
      scene.journal.add(now + 500_000, row);
      count -= here;
    }
  }
}
