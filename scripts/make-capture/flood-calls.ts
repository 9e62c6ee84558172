/** Floods of calls that fail before anything is read, and of requests that nothing answers. */
import { Callers, turns, type Flood } from './flood.ts';
import { madeFile } from './images.ts';
import { UNANSWERED } from './names.ts';
import type { Random } from './random.ts';
import type { MadeFile } from './records.ts';
import { ERROR, text } from './scene.ts';

/** Without CAP_SYS_MODULE, the kernel looks at nothing. */
export function* denied(flood: Flood): Generator<number> {
  const { scene, random, images } = flood;
  const callers = new Callers(flood, true, random.pick(['/usr/bin/kmod', '/usr/local/bin/agent', '/bin/busybox']));
  const file = random.pick(images.tree).file;
  let number = 0;
  for (const now of turns(flood, 1)) {
    yield now;
    const process = callers.at(now, () => ['modprobe', '-a', 'overlay', 'br_netfilter']);
    const facts = {
      returned: ERROR.EPERM,
      took: 250 + random.unit() * 500,
      file,
      args: [3 + (number % 4), 0x5580_1000_2000 + 16 * number, 4] as const,
    };
    scene.call('finit_module', now, scene.journal.nextCallId(), process, {
      ...facts,
      texts: text(1, number % 3 === 0 ? '' : `retry=${String(number)}`),
    });
    number++;
  }
}

const SILLY = [
  '',
  'a',
  'AAAAAAAAAAAAAAAA',
  '%s%n',
  '../../etc/passwd',
  'x=1 y=2',
  '0',
  'debug',
  '\u00e9t\u00e9',
  'a\nb',
] as const;

/** A fuzzer: all three calls with arguments that mean nothing, from several threads. */
export function* fuzz(flood: Flood): Generator<number> {
  const { scene, random } = flood;
  const callers = new Callers(flood, false, '/usr/local/bin/syz-executor', random.between(200, 5000));
  const pipe = madeFile(random, null, 'pipefs', { mode: 0o010600, size: 0, openFlags: 2 });
  const junk = madeFile(random, `/tmp/syz-${random.hex(6)}/file0`, 'tmpfs', {
    size: random.between(0, 9000),
    openFlags: 0o100002,
  });
  const wild = (): number => (random.chance(0.5) ? random.word() : random.word() * 1000 - 0x80_0000_0000);
  for (const now of turns(flood, 1)) {
    yield now;
    const process = callers.at(now, () => [
      '/usr/local/bin/syz-executor',
      'exec',
      'proc',
      String(random.between(0, 7)),
    ]);
    const took = 200 + random.unit() * 3000;
    const tid = process.pid + random.between(0, 11);
    const callId = scene.journal.nextCallId();
    const dice = random.unit();
    const said = random.chance(0.5) ? random.pick(SILLY) : random.hex(random.between(1, 40));
    if (dice < 0.45) {
      const [file, returned] = fuzzedFile(random, pipe, junk);
      scene.call('finit_module', now, callId, process, {
        returned,
        took,
        tid,
        file,
        args: [file ? 5 : wild(), wild(), wild()],
        texts: text(1, said),
      });
    } else if (dice < 0.75) {
      const texts = random.chance(0.5)
        ? [{ argument: 2, phase: 'entry', state: 'unreadable', bytes: null } as const]
        : text(2, said);
      const returned = random.pick([ERROR.EFAULT, ERROR.ENOEXEC, ERROR.EFAULT, ERROR.ENOMEM]);
      scene.call('init_module', now, callId, process, {
        returned,
        took,
        tid,
        args: [wild(), random.between(0, 90_000), wild()],
        texts,
      });
    } else {
      const returned = random.pick([ERROR.ENOENT, ERROR.ENOENT, ERROR.EFAULT]);
      scene.call('delete_module', now, callId, process, {
        returned,
        took,
        tid,
        args: [wild(), wild(), null],
        texts: text(0, said),
      });
    }
  }
}

function fuzzedFile(random: Random, pipe: MadeFile, junk: MadeFile): readonly [MadeFile | undefined, number] {
  const dice = random.unit();
  if (dice < 0.6) return [undefined, ERROR.EBADF];
  return dice < 0.8 ? [pipe, ERROR.EINVAL] : [junk, random.pick([ERROR.EINVAL, ERROR.ETXTBSY])];
}

/** Somebody removes what is not there. */
export function* missing(flood: Flood): Generator<number> {
  const { scene, random, images } = flood;
  const callers = new Callers(flood, false, '/usr/bin/kmod');
  const names = Array.from({ length: random.between(1, 40) }, () => random.pick(images.builds).name);
  for (const now of turns(flood, 1)) {
    yield now;
    const name = random.pick(names);
    const process = callers.at(now, () => ['rmmod', name]);
    const there = scene.kernel.named(name, now) !== undefined;
    const facts = { returned: there ? ERROR.EAGAIN : ERROR.ENOENT, took: 400 + random.unit() * 900 };
    scene.call('delete_module', now, scene.journal.nextCallId(), process, {
      ...facts,
      args: [scene.pointer(), 2048, null],
      texts: text(0, name),
    });
  }
}

/** A program makes the kernel ask for what nobody has. */
export function* asking(flood: Flood): Generator<number> {
  const { scene, random } = flood;
  const callers = new Callers(flood, true, '/usr/bin/python3.13', random.pick([20, 500]));
  const names = [
    random.pick(UNANSWERED),
    ...Array.from({ length: random.between(0, 30) }, (_, at) => `net-pf-${String(50 + at)}`),
  ];
  for (const now of turns(flood, 1)) {
    yield now;
    scene.request(
      now,
      callers.at(now, () => ['python3', 'probe.py']),
      random.pick(names),
    );
  }
}
