/** `modtrail info`: what a capture says of itself. */
import type { CaptureInfo } from '#contract/capture-info.ts';
import { line, printable } from '../output.ts';
import { withCapture } from '../open.ts';

function counts(of: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(of)
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(', ');
}

const COMPLETENESS: Readonly<Record<CaptureInfo['completeness'], string>> = {
  finished: 'finished by its recorder',
  unfinished: 'not finished: its recorder was stopped from outside',
  recording: 'still being recorded',
};

function facts(info: CaptureInfo): [string, string][] {
  const { kernel, state } = info;
  const unknown = 'not recorded';
  const hooks = info.hooks.filter((hook) => hook.state !== 'not-needed');
  return [
    ['host', info.host ?? unknown],
    ['kernel', `${kernel.release ?? unknown} ${kernel.version ?? ''} ${kernel.architecture ?? ''}`],
    ['boot', kernel.bootId ?? unknown],
    ['command line', kernel.commandLine ?? unknown],
    ['taint', state.taints === undefined ? unknown : state.taints.length === 0 ? 'none' : state.taints.join(', ')],
    ['lockdown', state.lockdown ?? unknown],
    ['loading', state.modulesDisabled === undefined ? unknown : state.modulesDisabled ? 'disabled' : 'allowed'],
    [
      'signatures',
      state.signatureEnforced === undefined ? unknown : state.signatureEnforced ? 'enforced' : 'not enforced',
    ],
    ['started', info.started],
    ['stopped', info.stopped === undefined ? unknown : `${info.stopped} (${info.stopReason ?? ''})`],
    ['capture', `${info.uuid}, format ${String(info.formatVersion)}, collector ${info.collectorVersion}`],
    ['state', COMPLETENESS[info.completeness]],
    ['seal', 'this capture carries none'],
    ['loaded before', info.baselineModules === undefined ? unknown : `${String(info.baselineModules)} modules`],
    ['events', `${String(info.events)}: ${counts(info.eventsByKind)}`],
    ['attempts', `${String(info.attempts)}${info.attempts > 0 ? `: ${counts(info.attemptsByVerdict)}` : ''}`],
    [
      'lost',
      info.losses.intervals === 0
        ? 'nothing'
        : `${String(info.losses.lost)} records in ${String(info.losses.intervals)} intervals`,
    ],
    ...hooks.map((hook): [string, string] => [
      `hook ${hook.state}`,
      `${hook.purpose}: ${hook.mechanism} ${hook.target}${hook.reason ? ` (${hook.reason})` : ''}`,
    ]),
  ];
}

export function info(path: string, options: { json?: true }): Promise<void> {
  return withCapture(path, async (capture) => {
    const info = capture.info();
    if (options.json) return line(JSON.stringify(info));
    for (const [name, value] of facts(info)) await line(`${name.padEnd(16)} ${printable(value)}`);
  });
}
