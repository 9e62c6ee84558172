/** What a capture says of itself, as names and values. Undefined is "not recorded". */
import type { CaptureInfo } from '#contract/capture-info.ts';
import { lossWords } from '../format/losses.ts';
import { count, duration, plural, size } from '../format/numbers.ts';

export type Fact = readonly [name: string, value: string | undefined];

const COMPLETENESS: Readonly<Record<CaptureInfo['completeness'], string>> = {
  finished: 'finished by its recorder',
  unfinished: 'not finished: its recorder was stopped from outside',
  recording: 'still being recorded',
};

const yesNo = (value: boolean | undefined, yes: string, no: string): string | undefined =>
  value === undefined ? undefined : value ? yes : no;

export function machineFacts(info: CaptureInfo): Fact[] {
  return [
    ['host', info.host],
    ['kernel', info.kernel.release],
    ['version', info.kernel.version],
    ['architecture', info.kernel.architecture],
    ['boot id', info.kernel.bootId],
    ['command line', info.kernel.commandLine],
    ['taint', info.state.taints?.join(', ')],
    ['lockdown', info.state.lockdown],
    ['loading', yesNo(info.state.modulesDisabled, 'disabled until the next boot', 'allowed')],
    ['signatures', yesNo(info.state.signatureEnforced, 'enforced', 'not enforced')],
    ['loaded before', info.baselineModules === undefined ? undefined : plural(info.baselineModules, 'module')],
  ];
}

/** @param moment - writes a time in the zone that is shown. */
export function recordingFacts(
  info: CaptureInfo,
  file: string,
  moment: (text: string | undefined) => string | undefined,
): Fact[] {
  const stopped = info.stopText ?? info.stopReason;
  return [
    ['file', file],
    ['state', COMPLETENESS[info.completeness]],
    ['started', moment(info.started)],
    ['stopped', moment(info.stopped)],
    ['stopped because', stopped && [stopped, info.stopDetail].filter(Boolean).join(': ')],
    ...partFacts(info),
    ['format', String(info.formatVersion)],
    ['collector', info.collectorVersion],
    ['uuid', info.uuid],
    ['images', imagePolicy(info)],
    ['modules looked at', scanWords(info)],
    [
      'kept of texts',
      `parameters ${size(info.limits.paramValues)}, paths ${size(info.limits.path)}, argument vectors ${size(info.limits.argv)}, ${count(info.limits.ancestors)} parents`,
    ],
  ];
}

/** A recording that was rotated lies in several files. */
function partFacts({ part, previousUuid }: CaptureInfo): Fact[] {
  if (part === 1 && previousUuid === undefined) return [];
  return [['part', `${count(part)}${previousUuid === undefined ? '' : `, after ${previousUuid}`}`]];
}

function imagePolicy({ images }: CaptureInfo): string {
  const limit = `, up to ${size(images.limit)} each`;
  switch (images.policy) {
    case 'kept':
      return `bytes of all modules${limit}`;
    case 'hashed':
      return 'hashes only';
    case 'under':
      return `bytes of modules from files under ${images.under ?? 'a path'}${limit}; hashes of the others`;
  }
}

const scanWords = ({ limits: { scanSeconds } }: CaptureInfo): string =>
  scanSeconds === undefined ? 'at start and stop' : `at start and stop, and every ${duration(scanSeconds * 1e9)}`;

/** How many calls there were, and what became of the bytes. */
export function amountFacts({ calls, images }: CaptureInfo): Fact[] {
  const parts = [
    `${count(calls.recorded)} recorded`,
    `${count(calls.coalesced)} counted together with one like them`,
    `${count(calls.lost)} lost`,
  ];
  const unsure =
    Number(calls.unsure) > 0 ? `; up to ${count(calls.unsure)} more among the other records that were lost` : '';
  const notWhole = [
    images.skipped > 0 ? `${count(images.skipped)} more by hash only` : undefined,
    images.incomplete > 0 ? `${plural(images.incomplete, 'reading')} incomplete` : undefined,
  ].filter((words) => words !== undefined);
  return [
    ['calls made', `${count(calls.made)}: ${parts.join(', ')}${unsure}`],
    ['images', [`${plural(images.kept, 'image')} kept, ${size(images.bytes)}`, ...notWhole].join('; ')],
  ];
}

/** A row for each source that lost something. */
export function lossFacts({ losses }: CaptureInfo): Fact[] {
  const sources = Object.entries(losses.bySource).filter(([, lost]) => Number(lost) > 0);
  return sources.map(([source, lost]) => [count(lost), lossWords(source)]);
}
