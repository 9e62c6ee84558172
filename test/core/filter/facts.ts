/** The values of every field, read off the rows as the readers give them: what the compiled conditions are held against. */
import type { Attempt } from '#contract/attempt.ts';
import type { Argument, Event, FileFact, Process } from '#contract/event.ts';
import { fromWide, type Wide } from '#contract/wide.ts';

/** A moment: of wall time, and since the capture's start. */
export interface When {
  readonly wallNs: bigint;
  readonly sinceStartNs: bigint;
}

export type Fact = string | bigint | boolean | When;

/** By field, no value where it is absent. */
export type Facts = Readonly<Record<string, readonly Fact[]>>;

const some = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);
const whole = (value: Wide | null | undefined): bigint[] =>
  value === undefined || value === null ? [] : [fromWide(value)];

/** RFC 3339 with nanoseconds in UTC, as nanoseconds since 1970. */
export function wallNs(time: string): bigint {
  const [seconds = '', fraction = ''] = time.replace('Z', '').split('.');
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** capabilities(7), by bit. */
const CAPABILITIES =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service ' +
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin ' +
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override ' +
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore';

function processFacts(process: Process | undefined): Facts {
  const effective = process?.capabilities && BigInt(process.capabilities.effective);
  return {
    'process.comm': some(process?.comm),
    'process.exe': some(process?.exe),
    'process.argv': some(process?.argv?.join(' ')),
    'process.pid': whole(process?.pid),
    'process.ppid': whole(process?.ppid),
    'process.uid': whole(process?.uid),
    'process.gid': whole(process?.gid),
    'process.euid': whole(process?.euid),
    'process.egid': whole(process?.egid),
    'process.auid': whole(process?.auid),
    'process.session': whole(process?.session),
    'process.cgroup': some(process?.cgroup),
    'process.caps':
      effective === undefined
        ? []
        : CAPABILITIES.split(' ').flatMap((name, bit) =>
            (effective >> BigInt(bit)) & 1n ? [`CAP_${name.toUpperCase()}`] : [],
          ),
    'process.ancestor': (process?.ancestors ?? []).map(({ comm }) => comm),
    'process.key': some(process && `${String(process.pid)}@${String(process.startNs)}`),
    'process.ancestor.key': (process?.ancestors ?? []).map(({ pid, startNs }) => `${String(pid)}@${String(startNs)}`),
    'process.ancestor.pid': (process?.ancestors ?? []).map(({ pid }) => BigInt(pid)),
    'process.mntns': whole(process?.namespaces?.mnt),
    'process.pidns': whole(process?.namespaces?.pid),
    'process.netns': whole(process?.namespaces?.net),
    'process.userns': whole(process?.namespaces?.user),
  };
}

function fileFacts(file: FileFact | undefined): Facts {
  return {
    'file.path': some(file?.path),
    'file.name': some(file?.path?.split('/').at(-1)),
    'file.type': some(file?.type),
    'file.fs': some(file?.fs),
    'file.size': whole(file?.size),
    'file.inode': whole(file?.inode),
    'file.device': some(file?.device),
    'file.links': whole(file?.links),
    'file.deleted': some(file?.deleted),
    'file.mode': some(file?.mode).map((mode) => BigInt(parseInt(mode, 8))),
    'file.uid': whole(file?.uid),
    'file.gid': whole(file?.gid),
  };
}

function argumentFacts(args: readonly Argument[]): Facts {
  const named = (name: string): Argument | undefined => args.find((argument) => argument.name === name);
  const values = named('param_values');
  const number = (name: string): bigint[] => whole(named(name)?.value as Wide | null | undefined);
  return {
    param_values: [
      ...(typeof values?.value === 'string' ? [values.value] : []),
      ...some(values?.atKernel?.text),
      ...some(values?.atReturn?.text),
    ],
    flags: number('flags').map((flags) => BigInt.asUintN(32, flags)),
    fd: number('fd'),
    len: number('len'),
  };
}

/** @param attempt of a call */
export function factsOf(event: Event, attempt: Attempt | undefined, startNs: bigint): Facts {
  const module = attempt ? attempt.module : event.module;
  return {
    seq: [BigInt(event.seq)],
    time: [{ wallNs: wallNs(event.time), sinceStartNs: fromWide(event.ns) - startNs }],
    kind: [event.kind],
    operation: some(attempt?.operation),
    verdict: some(attempt?.verdict),
    contradiction: (attempt?.contradictions ?? []).map(({ code }) => code),
    hidden: attempt ? [attempt.contradictions.some(({ code }) => code === 'live-but-unlisted')] : [],
    'call.id': whole(event.callId),
    return: whole(event.returnValue),
    errno: some(event.errno),
    pending: attempt ? [event.pending === true] : [],
    duration: whole(event.durationNs),
    repeat: [BigInt(event.repeat)],
    compat: attempt ? [event.compat === true] : [],
    pid: whole(event.pid),
    tid: whole(event.tid),
    ...argumentFacts(event.args ?? []),
    ...processFacts(event.process),
    ...fileFacts(event.file),
    'image.sha256': some(event.image?.sha256),
    'image.size': whole(event.image?.size),
    'image.received': whole(event.image?.received),
    'image.state': some(event.image?.state),
    'module.name': some(module?.name),
    'module.taints': module?.taints ?? [],
    'module.version': some(module?.version),
    'module.srcversion': some(module?.srcversion),
    'module.signed': some(module?.signatureOk),
    'module.address': some(module?.address).map(BigInt),
    'module.base': some(module?.base).map(BigInt),
    'module.size': whole(module?.size),
    'request.name': some(event.request?.name),
    lost: whole(event.lost),
    'loss.source': some(event.lossSource),
  };
}

/** Whose values a bare word is looked for in. */
export const SEARCHED = [
  ...['kind', 'errno', 'process.comm', 'process.exe', 'process.argv', 'process.cgroup', 'file.path', 'param_values'],
  ...['image.sha256', 'module.name', 'module.version', 'request.name'],
];
