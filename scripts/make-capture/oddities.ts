/** What an analyst looks for among all the rest: loads from nowhere, forged returns, a module that hides. */
import { madeFile, madeImage, TAINT, type MadeImage } from './images.ts';
import { load } from './loads.ts';
import type { Place, Places } from './places.ts';
import type { Random } from './random.ts';
import type { MadeFile, MadeProcess } from './records.ts';
import { ERROR, O_NONBLOCK, text, type Scene } from './scene.ts';
import type { Timeline } from './timeline.ts';

/** Events that one of them needs at most. */
export const ODDITY = 4;

interface Oddity {
  readonly scene: Scene;
  readonly random: Random;
  readonly now: number;
  readonly process: MadeProcess;
  readonly place: Place;
  /** Seen nowhere else. */
  readonly image: MadeImage;
}

type Kind = (oddity: Oddity) => void;

const TMPFS = 'tmpfs';

function dropped(random: Random, image: MadeImage, path: string, links: number): MadeFile {
  return madeFile(random, path, TMPFS, {
    size: image.file.size,
    links,
    mode: links === 0 ? 0o100777 : 0o100644,
    age: -1e9,
    openFlags: 0o100002,
  });
}

/** Loads of which everything is right but where the image came from. */
const deleted: Kind = ({ scene, random, now, process, image }) => {
  load(scene, now, process, image, { file: dropped(random, image, `/tmp/.cache/${image.name}.ko`, 0) });
};
const memfd: Kind = ({ scene, random, now, process, image }) => {
  load(scene, now, process, image, { file: dropped(random, image, '/memfd:systemd journal', 0) });
};
const tmpfs: Kind = ({ scene, random, now, process, image }) => {
  load(scene, now, process, image, { file: dropped(random, image, `/dev/shm/.${random.hex(8)}/.font cache.ko`, 1) });
};
const overlay: Kind = ({ scene, random, now, process, place, image }) => {
  const path = `/usr/local/lib/${image.name}.ko`;
  load(scene, now, process, image, {
    file: madeFile(random, path, 'overlay', { size: image.file.size, device: place.overlay }),
  });
};
const memory: Kind = ({ scene, now, process, image }) => {
  load(scene, now, process, image, { memory: true, parameters: 'who=nobody' });
};
const slow: Kind = ({ scene, random, now, process, image }) => {
  load(scene, now, process, image, { init: random.logarithmic(6e7, 4e8), parameters: 'wait=1' });
};

/** Success, and the kernel loaded nothing. */
const forged: Kind = ({ scene, now, process, image }) => {
  const callId = scene.journal.nextCallId();
  scene.read(now + 200_000, callId, process, image.file.size, image.sha256);
  const file = { ...image.file, id: 0, inode: image.file.inode + 1 };
  scene.call('finit_module', now, callId, process, { returned: 0, took: 900_000, file, texts: text(1, '') });
};

/** An error, and the kernel loaded it and kept it. */
const kept: Kind = ({ scene, now, process, image }) => {
  const module = scene.kernel.load(image, now);
  if (!module) return;
  const callId = scene.journal.nextCallId();
  scene.read(now + 200_000, callId, process, image.file.size, image.sha256);
  scene.loaded(now + 500_000, callId, process, module);
  scene.call('finit_module', now, callId, process, {
    returned: ERROR.EBUSY,
    took: 2_000_000,
    file: image.file,
    texts: text(1, '', true),
  });
  module.loading = false;
  module.liveAt = Infinity;
};

/** The module is loaded and taken out of every list. */
const hidden: Kind = ({ scene, random, now, process, image }) => {
  const file = dropped(random, image, `/tmp/.cache/${image.name}.ko`, 0);
  load(scene, now, process, image, { file });
  const module = scene.kernel.named(image.name, now);
  if (module) module.hidden = true;
};

/** Loaded, and no call is recorded that did it. */
const uncalled: Kind = ({ scene, now, process, image }) => {
  const module = scene.kernel.load(image, now);
  if (!module) return;
  scene.loaded(now, null, process, module);
  module.loading = false;
  module.liveAt = Infinity;
};

/** The parameters are others when the call returns. */
const changed: Kind = ({ scene, now, process, image }) => {
  const module = scene.kernel.load(image, now);
  if (!module) return;
  const callId = scene.journal.nextCallId();
  scene.read(now + 200_000, callId, process, image.file.size, image.sha256);
  scene.loaded(now + 500_000, callId, process, module);
  const texts = [
    ...text(1, 'mode=safe', true),
    { argument: 1, phase: 'return', state: 'whole', bytes: 'mode=raw' } as const,
  ];
  scene.call('finit_module', now, callId, process, { returned: 0, took: 9_000_000, file: image.file, texts });
  module.loading = false;
  module.liveAt = now + 9_000_000;
};

/** The call never comes back: its init hangs. */
const stuck: Kind = ({ scene, now, process, image }) => {
  const module = scene.kernel.load(image, now);
  if (!module) return;
  const callId = scene.journal.nextCallId();
  scene.read(now + 200_000, callId, process, image.file.size, image.sha256);
  scene.loaded(now + 500_000, callId, process, module);
  scene.call('finit_module', now, callId, process, {
    returned: null,
    file: image.file,
    texts: text(1, 'wait=-1', true),
  });
};

/** Success, and the kernel freed nothing. */
const denied: Kind = ({ scene, now, process, image }) => {
  const facts = {
    returned: 0,
    took: 5000,
    args: [scene.pointer(), O_NONBLOCK, null],
    texts: text(0, image.name),
  } as const;
  scene.call('delete_module', now, scene.journal.nextCallId(), process, facts);
};

/** Texts that are no text, and calls of 32-bit programs. */
const strange: Kind = ({ scene, random, now, process, image }) => {
  const texts = [
    [{ argument: 1, phase: 'entry', state: 'whole', bytes: Buffer.from([0xff, 0xfe, 0x41, 0x80]) }],
    [{ argument: 1, phase: 'entry', state: 'cut', bytes: 'A'.repeat(4096) }],
    [{ argument: 1, phase: 'entry', state: 'null', bytes: null }],
  ] as const;
  const facts = { returned: ERROR.EINVAL, took: 4000, file: image.file, texts: random.pick(texts) };
  scene.call('finit_module', now, scene.journal.nextCallId(), process, facts).compat = 1;
};

/** What nobody looks at twice. */
const NAMES = [
  'acpi_ext',
  'hid_fw',
  'usb_aux',
  'netfilter_tmr',
  'kthread_mon',
  'snd_shadow',
  'nvme_hot',
  'i2c_link',
] as const;

/** Who does such things, by name and by program. */
const PROGRAMS = [
  ['insmod', '/usr/bin/kmod'],
  ['python3', '/usr/bin/python3.13'],
  ['perl', '/usr/bin/perl'],
  ['fetch', '/tmp/.cache/fetch'],
  ['kworker/0:1H', '/tmp/.cache/fetch'],
] as const;

/** In the order in which small captures get them. */
const KINDS: readonly Kind[] = [
  ...[deleted, stuck, forged, memfd, kept, hidden, uncalled, changed],
  ...[denied, memory, slow, tmpfs, overlay, strange],
];

export const ODDITY_KINDS = KINDS.length;

/** Each kind of them in turn, so many in all. */
export function* oddities(scene: Scene, places: Places, timeline: Timeline, count: number): Generator<number> {
  const random = scene.random.branch('oddities');
  const moments = Array.from({ length: count }, () => timeline.moment(random.unit() * timeline.busy)).sort(
    (a, b) => a - b,
  );
  for (const [at, now] of moments.entries()) {
    yield now;
    const place = random.pick(random.chance(0.7) ? places.sessions : places.containers);
    const name = `${random.pick(NAMES)}_${random.hex(4)}`;
    const path = `/home/${place.name}/build/${name}.ko`;
    const image = madeImage(random, name, path, 'ext4', { taints: TAINT.foreign | TAINT.unsigned, age: 1e12 });
    const starter = random.pick(place.starters);
    const [comm, program] = random.pick(PROGRAMS);
    const process = places.process(starter, comm, program, [comm, `${name}.ko`], place.root, now - 3e6);
    KINDS[at % KINDS.length]?.({ scene, random, now, process, place, image });
  }
}
