/** `modtrail info`: what a capture says of itself. */
import type { CaptureInfo } from '#contract/capture-info.ts';
import { printable } from '#contract/printable.ts';
import type { Wide } from '#contract/wide.ts';
import { line } from '../output.ts';
import { withCapture } from '../open.ts';

function counts(of: Readonly<Record<string, Wide | undefined>>): string {
  return Object.entries(of)
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(', ');
}

const COMPLETENESS: Readonly<Record<CaptureInfo['completeness'], string>> = {
  finished: 'finished by its recorder',
  unfinished: 'not finished: its recorder was stopped from outside',
  recording: 'still being recorded',
};

function stopped({ stopped, stopReason, stopText, stopDetail }: CaptureInfo): string | undefined {
  if (stopped === undefined) return undefined;
  const detail = stopDetail === undefined ? '' : `: ${stopDetail}`;
  return `${stopped}, because ${stopText ?? stopReason ?? 'of a reason that is not recorded'}${detail}`;
}

function sealText({ state, commits, signed }: CaptureInfo['seal']): string {
  if (state === 'none') return 'this capture carries none';
  return `${String(commits)} commits, ${signed ? 'signed' : 'not signed'}; modtrail verify checks it`;
}

function callsText({ made, recorded, coalesced, lost, unsure }: CaptureInfo['calls']): string {
  const more = Number(unsure) > 0 ? `; up to ${String(unsure)} more among the other records that were lost` : '';
  return `${String(made)} made: ${String(recorded)} recorded, ${String(coalesced)} coalesced, ${String(lost)} lost${more}`;
}

const POLICIES: Readonly<Record<CaptureInfo['images']['policy'], (under: string) => string>> = {
  kept: () => 'all are kept',
  hashed: () => 'only hashes are kept',
  under: (under) => `those of files under ${under} are kept`,
};

function imagesText({ kept, bytes, skipped, incomplete, policy, under, limit }: CaptureInfo['images']): string {
  const found = `${String(kept)} kept (${String(bytes)} bytes), ${String(skipped)} hashed only, ${String(incomplete)} incomplete`;
  return `${found}; ${POLICIES[policy](under ?? '')}, up to ${String(limit)} bytes each`;
}

/** One line for each, or one that says that there are none. */
function hiddenText({ hiddenModules, eventsByKind }: CaptureInfo): string[] {
  if (hiddenModules.length > 0) return hiddenModules.map(({ firstTime, text }) => `${firstTime}: ${text}`);
  const looks = eventsByKind.snapshot ?? 0;
  return [looks === 0 ? 'not looked for' : `none found in ${String(looks)} snapshots`];
}

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
    ['stopped', stopped(info) ?? unknown],
    ['capture', `${info.uuid}, format ${String(info.formatVersion)}, collector ${info.collectorVersion}`],
    ['state', COMPLETENESS[info.completeness]],
    ...(info.part === 1
      ? []
      : [['part', `${String(info.part)}, after ${info.previousUuid ?? unknown}`] as [string, string]]),
    ['seal', sealText(info.seal)],
    ['loaded before', info.baselineModules === undefined ? unknown : `${String(info.baselineModules)} modules`],
    ['events', `${String(info.events)}: ${counts(info.eventsByKind)}`],
    ['calls', callsText(info.calls)],
    ['images', imagesText(info.images)],
    ['attempts', `${String(info.attempts)}${info.attempts > 0 ? `: ${counts(info.attemptsByVerdict)}` : ''}`],
    [
      'lost',
      info.losses.intervals === 0
        ? 'nothing'
        : `${String(info.losses.lost)} records in ${String(info.losses.intervals)} intervals: ${counts(info.losses.bySource)}`,
    ],
    ...hiddenText(info).map((text): [string, string] => ['hidden modules', text]),
    ...info.contradictions.map(({ time, text }): [string, string] => ['contradiction', `${time}: ${text}`]),
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
