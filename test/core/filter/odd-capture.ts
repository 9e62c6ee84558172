/** A capture of what rarely happens, each thing once or twice, for filters to be held against. */
import { CaptureBuilder } from '../builder.ts';

const WALL = 1_700_000_000_000_000_000n;

/** Half of an address space that is negative as SQLite keeps it. */
const KERNEL = -(2n ** 40n);

/** Returns the path. */
export function buildOddCapture(): string {
  const capture = new CaptureBuilder();
  // A clock that was set forward, back, and back again over the same stretch.
  capture.clock(0, WALL);
  capture.clock(1_010_000, WALL + 1_010_000n + 5_000n);
  capture.clock(1_040_000, WALL + 1_040_000n - 20_000n);
  capture.clock(1_060_000, WALL + 1_060_000n - 3_600_000_000_000n);

  const init = capture.process({ detail: 'ancestor', pid: 1, comm: 'systemd', uid: 0 });
  const shell = capture.process({ detail: 'ancestor', pid: 50, parent_pid: 1, parent_id: init, comm: 'ba"sh\\' });
  const bytes = capture.process({ pid: 60, parent_id: shell, comm: Buffer.from([0x65, 0x76, 0xff, 0x69, 0x6c]) });
  const program = capture.file('/usr/bin/insmod', 900, { fs_name: 'ext4' });
  const caller = capture.process({
    ...{
      pid: 100,
      parent_id: shell,
      parent_pid: 50,
      uid: 1000,
      gid: 1000,
      euid: 0,
      egid: 0,
      login_uid: 1000,
      session_id: 3,
    },
    ...{ exe_file_id: program, argv: Buffer.from('insmod\0-f\0/tmp/évil.ko\0'), argv_state: 'whole' },
    ...{ cap_effective: -1n, cap_permitted: -1n, cap_bounding: 0x1ffffffffffn, cgroup: '/user.slice/50%_x' },
    ...{ mnt_ns: 4026531840, pid_ns: 4026531836, net_ns: 4026531992, user_ns: 4026531837 },
  });
  const half = capture.process({ pid: 101, parent_id: bytes, cap_effective: 0x10000, login_uid: 0 });
  // Parents in a ring, made to hang readers.
  const ring = capture.process({ pid: 7, comm: 'ring' });
  capture.database.prepare('UPDATE process SET parent_id = ? WHERE id = ?').run(ring, ring);

  const good = capture.file('/lib/modules/a-good_one.ko.xz', 11, { size: 4096, uid: 0, gid: 0, fs_name: 'xfs' });
  const same = capture.file('/lib/modules/a-good_one.ko.xz', 11, { size: 4096, uid: 0, gid: 0, fs_name: 'xfs' });
  const deleted = capture.file('/tmp/evil.ko', 12, { links: 0, size: -1n, mode: 0o100777, fs_name: 'tmpfs' });
  const memfd = capture.file('/memfd:x', -5, { links: 0, fs_name: 'tmpfs', mode: null, uid: 4294967295n });
  const pipe = capture.file('', 77, { path: null, fs_name: 'pipefs', mode: 0o010600 });
  const anonymous = capture.file('/[eventpoll]', 78, { fs_name: 'anon_inodefs', dev_major: null });
  const latin = capture.file('', 79, { path: Buffer.from([0x2f, 0x74, 0xe9, 0x2e, 0x6b, 0x6f]), mode: 0o040755 });

  // One load, and calls at the same moment that shared it or did not.
  capture.call({ ns: 1_020_000, returned: 0, took: 9000, file: good, process: caller, text: 'a=1 b=2' });
  capture.image(1, 4096, 1_021_000, { sha256: Buffer.alloc(32, 0xab), state: 'kept', received: 4096 });
  capture.image(1, 9000, 1_021_500, { reason: 'decompressed', sha256: Buffer.alloc(32, 0xcd), state: 'skipped' });
  const loaded = capture.load(1, Number(KERNEL), 'kernels_word', 1_022_000);
  capture.database
    .prepare('UPDATE module_fact SET version = ?, srcversion = ?, sig_ok = 1, base = ?, size = ? WHERE seq = ?')
    .run('1.0 beta', 'ABCDEF', KERNEL + 4096n, 65536, loaded);
  capture.call({ ns: 1_021_000, returned: 0, took: 9000, file: same, process: half, late: true });
  capture.call({ ns: 1_022_000, returned: 0, took: 9000, file: good, process: half });
  capture.image(3, 4096, 1_023_000);
  capture.call({ ns: 1_023_000, returned: -1, took: 9000, file: good });

  // Refused, again and again; the rows that stand for several point at the first.
  capture.call({ ns: 1_031_000, returned: -8, file: deleted, process: bytes, args: [5, 4096, 3], text: 'x' });
  capture.image(5, 100, 1_031_100, { reason: 'limit' });
  const first =
    1 + Number(capture.database.prepare("SELECT max(seq) FROM event WHERE kind = 'finit_module'").pluck().get()) - 1;
  capture.call({
    ns: 1_032_000,
    returned: -8,
    repeat: 40,
    lastNs: 1_039_000,
    like: first,
    process: bytes,
    args: [null, null, null],
  });

  // Texts that changed between readings, and one that did not.
  capture.call({
    ns: 1_041_000,
    returned: -22,
    file: memfd,
    text: 'a',
    textInKernel: 'b',
    textAtReturn: 'ab',
    process: ring,
  });
  capture.call({
    ns: 1_042_000,
    returned: -22,
    file: pipe,
    text: Buffer.from([0xff, 0x41]),
    textAtReturn: 'A',
  });
  capture.call({ kind: 'init_module', ns: 1_043_000, returned: -1, args: [4096n, -1n, 8192], text: '50%_\\x' });
  capture.call({ kind: 'init_module', ns: 1_043_500, args: [4096, 700, 0] });

  // Loads whose init failed, that lied, that went; removals of all kinds.
  capture.call({ ns: 1_044_000, returned: -12, file: latin, process: caller, args: [-1n, 4096, -1n] });
  capture.load(11, 0x2000, 'failing', 1_044_100);
  capture.free(11, 0x2000, 'failing', 1_044_200);
  capture.call({ ns: 1_045_000, returned: 0, file: anonymous });
  capture.call({ ns: 1_046_000, returned: 0, file: good, process: caller });
  capture.load(13, 0x3000, 'short-lived', 1_046_100);
  capture.call({ kind: 'delete_module', ns: 1_047_000, returned: 0, args: [4096, 0x800, null], text: 'short_lived' });
  capture.free(14, 0x3000, 'short_lived', 1_047_100);
  capture.call({ kind: 'delete_module', ns: 1_048_000, returned: -2, args: [4096, 0x200, null], text: 'nothing' });
  capture.call({
    kind: 'delete_module',
    ns: 1_048_500,
    returned: 0,
    args: [4096, 0xa00, null],
    textAtReturn: 'late name',
  });
  capture.call({ kind: 'delete_module', ns: 1_049_000, args: [4096, 0, null] });
  capture.call({ ns: 1_050_000, returned: -1, file: good });
  capture.load(18, 0x4000, 'kept', 1_050_100);
  capture.database.prepare('UPDATE event SET compat = 1 WHERE call_id IN (5, 14)').run();

  // A module that all views but one show.
  capture.call({ ns: 1_051_000, returned: 0, file: good, process: caller });
  capture.load(19, 0x5000, 'rootkit', 1_051_100);
  const shows = [{ name: 'rootkit', address: 0x5000, base: 0x9000, state: 'Live' }];
  for (const ns of [1_061_000, 1_071_000]) {
    capture.look(
      [1, 2].flatMap((pass) => [
        { view: 'proc_modules', pass, modules: [] } as const,
        { view: 'kernel_tree', pass, modules: shows } as const,
      ]),
      ns,
    );
  }
  capture.request('fs-Ext4', half, 1_052_000);
  capture.request('netdev-\u00fc', init, 1_053_000);
  capture.loss('ring-call', 7, 1_090_000, 1_091_000);
  const nobodys = capture.load(null, 0x6000, 'nobodys', 1_092_000);
  // Bits that have no name, the last of which makes a negative number.
  capture.database
    .prepare('UPDATE module_fact SET taints = ? WHERE seq = ?')
    .run(-(2n ** 63n) + (1n << 19n) + 0x1000n, nobodys);
  return capture.finish();
}
