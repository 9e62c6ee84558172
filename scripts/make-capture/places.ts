/**
 * Where processes live: the host's services and sessions, and containers. Fifty of them, each with as many processes as a
 * machine has, though a capture has one host only.
 */
import { madeFile } from './images.ts';
import type { Random } from './random.ts';
import type { MadeFile, MadeProcess, Surroundings } from './records.ts';

export const PLACES = 50;

const ALL_CAPABILITIES = 0x1ff_ffff_ffff;
/** What a container has by default: CAP_SYS_MODULE is not among it. */
const CONTAINED = 0xa804_25fb;

/** Inodes of the first namespaces (include/linux/proc_ns.h). */
const FIRST = { mount: 0xf000_0001, pid: 0xefff_fffc, net: 0xf000_0000, user: 0xefff_fffd } as const;

const UNSET = null;
const LARGEST_PID = 4_194_304;

export interface Place {
  readonly kind: 'services' | 'session' | 'container' | 'pod';
  readonly name: string;
  /** May load modules. */
  readonly root: Surroundings;
  /** May not. */
  readonly plain: Surroundings;
  /** Long-lived processes that start others; at least one. */
  readonly starters: readonly MadeProcess[];
  readonly overlay: readonly [number, number];
}

export class Places {
  readonly all: readonly Place[];
  readonly host: Place;
  readonly sessions: readonly Place[];
  readonly containers: readonly Place[];
  readonly udev: MadeProcess;
  readonly kthreadd: MadeProcess;
  readonly init: MadeProcess;
  readonly #random: Random;
  readonly #programs = new Map<string, MadeFile>();
  #pid = 2;

  constructor(random: Random) {
    this.#random = random;
    const host = this.#surroundings({ cgroup: '/init.scope', cgroupId: 17 });
    const plain = { ...host, uid: 65534, euid: 65534, capabilities: 0, bounding: 0 };
    const start = 30_000_000;
    this.init = {
      ...this.process(undefined, 'systemd', '/usr/lib/systemd/systemd', ['/sbin/init'], host, start),
      pid: 1,
      pidInside: 1,
    };
    this.kthreadd = {
      ...this.process(undefined, 'kthreadd', undefined, undefined, { ...host, cgroup: '/' }, start),
      pid: 2,
      pidInside: 2,
    };
    const udev = { ...host, cgroup: '/system.slice/systemd-udevd.service', cgroupId: 220 };
    this.udev = this.process(
      this.init,
      'systemd-udevd',
      '/usr/lib/systemd/systemd-udevd',
      ['/usr/lib/systemd/systemd-udevd'],
      udev,
      9e8,
    );
    const daemons = [
      'cron',
      'dbus-daemon',
      'NetworkManager',
      'dockerd',
      'libvirtd',
      'tuned',
      'snapd',
      'nvidia-persiste',
    ];
    const starters = daemons.map((name, at) =>
      this.process(
        this.init,
        name,
        `/usr/sbin/${name}`,
        [`/usr/sbin/${name}`],
        this.#service(name, at, host),
        1.5e9 + at * 2e7,
      ),
    );
    this.host = { kind: 'services', name: 'host', root: host, plain, starters, overlay: [259, 2] };
    this.sessions = Array.from({ length: 14 }, (_, at) => this.#session(at, host));
    this.containers = Array.from({ length: PLACES - 15 }, (_, at) => this.#container(at, host, start));
    this.all = [this.host, ...this.sessions, ...this.containers];
  }

  #surroundings(facts: Partial<Surroundings>): Surroundings {
    return {
      ...{
        uid: 0,
        euid: 0,
        loginUid: UNSET,
        sessionId: UNSET,
        capabilities: ALL_CAPABILITIES,
        bounding: ALL_CAPABILITIES,
      },
      ...{ mountSpace: FIRST.mount, pidSpace: FIRST.pid, netSpace: FIRST.net, userSpace: FIRST.user, ownPids: false },
      ...{ cgroupId: 1, cgroup: '/' },
      ...facts,
    };
  }

  #service(name: string, at: number, host: Surroundings): Surroundings {
    return { ...host, cgroup: `/system.slice/${name}.service`, cgroupId: 300 + at * 7 };
  }

  /** Somebody who logged in, became root for some of what they do, and left shells open. */
  #session(at: number, host: Surroundings): Place {
    const random = this.#random;
    const uid = 1000 + at;
    const cgroup = `/user.slice/user-${String(uid)}.slice/session-${String(at + 3)}.scope`;
    const own = { loginUid: uid, sessionId: at + 3, cgroup, cgroupId: 5000 + at * 31 };
    const plain = { ...host, ...own, uid, euid: uid, capabilities: 0 };
    const root = { ...host, ...own };
    const start = 4e9 + at * 3e8;
    const daemon = this.process(
      this.init,
      'sshd',
      '/usr/sbin/sshd',
      ['sshd: listener'],
      this.#service('ssh', 40, host),
      2e9,
    );
    const login = this.process(
      daemon,
      'sshd-session',
      '/usr/lib/openssh/sshd-session',
      [`sshd: user${String(at)}@pts/${String(at)}`],
      plain,
      start,
    );
    const shell = this.process(
      login,
      random.pick(['bash', 'zsh', 'fish']),
      '/usr/bin/bash',
      ['-bash'],
      plain,
      start + 2e8,
    );
    const screen = this.process(shell, 'tmux: server', '/usr/bin/tmux', ['tmux', 'new'], plain, start + 4e8);
    const inner = this.process(screen, 'bash', '/usr/bin/bash', ['-bash'], plain, start + 5e8);
    const sudo = this.process(inner, 'sudo', '/usr/bin/sudo', ['sudo', '-i'], root, start + 7e8);
    const starters = [this.process(sudo, 'bash', '/usr/bin/bash', ['-bash'], root, start + 8e8), shell, inner];
    return { kind: 'session', name: `user${String(at)}`, root, plain, starters, overlay: [259, 2] };
  }

  #container(at: number, host: Surroundings, start: number): Place {
    const random = this.#random;
    const id = random.hex(64);
    const pod = at % 3 === 2;
    const name = random.pick([
      'ci-runner',
      'web',
      'db',
      'build',
      'cache',
      'fuzz',
      'agent',
      'batch',
      'proxy',
      'storage',
    ]);
    const cgroup = pod
      ? `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${random.hex(32)}.slice/cri-containerd-${id}.scope`
      : `/system.slice/docker-${id}.scope`;
    const space = 0xf000_0100 + at * 16;
    const spaces = {
      mountSpace: space,
      pidSpace: space + 3,
      netSpace: space + 4,
      ownPids: true,
      cgroup,
      cgroupId: 9000 + at * 53,
    };
    const root = { ...host, ...spaces };
    const plain = { ...root, capabilities: CONTAINED, bounding: CONTAINED };
    const begun = start + 3e9 + at * 2e8;
    const shim = this.process(
      this.init,
      'containerd-shim',
      '/usr/bin/containerd-shim-runc-v2',
      ['/usr/bin/containerd-shim-runc-v2', '-id', id],
      host,
      begun,
    );
    const first = this.process(
      shim,
      name,
      `/usr/local/bin/${name}`,
      [`/usr/local/bin/${name}`, '--foreground'],
      plain,
      begun + 1e8,
      1,
    );
    const workers = Array.from({ length: random.between(3, 10) }, (_, number) =>
      this.process(
        first,
        `${name.slice(0, 12)}-${String(number)}`,
        `/usr/local/bin/${name}`,
        [`${name}: worker ${String(number)}`],
        plain,
        begun + 2e8 + number * 1e7,
      ),
    );
    const shell = this.process(first, 'sh', '/bin/busybox', ['sh', '-c', './entry.sh'], root, begun + 4e8);
    return { kind: pod ? 'pod' : 'container', name, root, plain, starters: [shell, ...workers], overlay: [0, 61 + at] };
  }

  /** The file of a program; one row however many run it. */
  program(path: string, who: Surroundings): MadeFile {
    const filesystem = who.ownPids ? 'overlay' : 'ext4';
    const key = `${path} ${String(who.mountSpace)}`;
    let file = this.#programs.get(key);
    if (!file) {
      const size = this.#random.between(14_000, 2_000_000);
      file = madeFile(this.#random, path, filesystem, { size, mode: 0o100755, openFlags: 0o100040 });
      this.#programs.set(key, file);
    }
    return file;
  }

  /** A process that starts at that moment. */
  process(
    parent: MadeProcess | undefined,
    comm: string,
    path: string | undefined,
    argv: readonly string[] | undefined,
    who: Surroundings,
    start: number,
    pidInside?: number,
  ): MadeProcess {
    this.#pid = this.#pid >= LARGEST_PID ? 300 : this.#pid + 1;
    const pid = this.#pid;
    return {
      ...{ callerId: 0, ancestorId: 0, parent, pid, start: Math.floor(start), comm: comm.slice(0, 15), who },
      pidInside: pidInside ?? (who.ownPids ? 2 + (pid % 30_000) : pid),
      exe: path === undefined ? undefined : this.program(path, who),
      argv: argv ? Buffer.from(`${argv.join('\0')}\0`) : null,
    };
  }
}
