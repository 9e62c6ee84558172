/** What a capture says of itself. */
import type { CaptureInfo, HookFact } from '#contract/capture-info.ts';
import { toWide, type Wide } from '#contract/wide.ts';
import type { Survey } from '../attempt/survey.ts';
import type { ImageCounts } from '../image/image-counts.ts';
import { captureContradictions } from '../attempt/capture-contradictions.ts';
import type { LossInterval } from '../attempt/facts.ts';
import { LOST_CALLS, UNSURE_CALLS } from '../attempt/losses.ts';
import { taintNames } from '../reference/taints.ts';
import { formatWall } from './clock-map.ts';
import { anyText, integer, integerOrNone, plainText, small, smallOrNone, word, type Row } from './columns.ts';
import { definedOnly } from './defined.ts';
import { CaptureError } from './failure.ts';
import type { Capture } from './open.ts';
import { STOP_REASONS } from './stop-reasons.ts';

function hooks(capture: Capture): HookFact[] {
  return capture.database
    .prepare<[], Row>('SELECT * FROM hook ORDER BY id')
    .all()
    .map((row) =>
      definedOnly<HookFact>({
        purpose: plainText(row, 'purpose'),
        mechanism: plainText(row, 'mechanism'),
        target: plainText(row, 'target'),
        state: word(row, 'state', ['attached', 'unavailable', 'not-needed'] as const),
        reason: anyText(row, 'reason'),
      }),
    );
}

function stateOf(row: Row): CaptureInfo['state'] {
  const taint = integerOrNone(row, 'taint');
  const flag = (name: string): boolean | undefined => {
    const value = smallOrNone(row, name);
    return value === undefined ? undefined : value !== 0;
  };
  return definedOnly<CaptureInfo['state']>({
    taint: taint === undefined ? undefined : toWide(taint),
    taints: taint === undefined ? undefined : taintNames(taint),
    lockdown: anyText(row, 'lockdown'),
    modulesDisabled: flag('modules_disabled'),
    signatureEnforced: flag('signature_enforced'),
  });
}

/** Records that were lost by those sources. */
const lostIn = (losses: readonly LossInterval[], counted: ReadonlySet<string>): bigint =>
  losses.reduce((total, { source, lost }) => total + (counted.has(source) ? BigInt(lost) : 0n), 0n);

function lossesOf(losses: readonly LossInterval[]): CaptureInfo['losses'] {
  const sources = new Set(losses.map(({ source }) => source));
  const sum = (counted: ReadonlySet<string>): Wide => toWide(lostIn(losses, counted));
  return {
    intervals: losses.length,
    lost: sum(sources),
    calls: sum(LOST_CALLS),
    images: sum(new Set(['ring-image'])),
    bySource: Object.fromEntries([...sources].map((source) => [source, sum(new Set([source]))])),
  };
}

function callsOf({ list, judge }: Survey): CaptureInfo['calls'] {
  const coalesced = list.coalesced();
  const lost = lostIn(judge.facts.losses, LOST_CALLS);
  return {
    recorded: list.size,
    coalesced: toWide(coalesced),
    lost: toWide(lost),
    made: toWide(BigInt(list.size) + coalesced + lost),
    unsure: toWide(lostIn(judge.facts.losses, UNSURE_CALLS)),
  };
}

function imagesOf(counts: ImageCounts, row: Row): CaptureInfo['images'] {
  return definedOnly<CaptureInfo['images']>({
    ...counts,
    bytes: toWide(counts.bytes),
    policy: word(row, 'image_policy', ['kept', 'hashed', 'under'] as const),
    under: anyText(row, 'images_under'),
    limit: toWide(integer(row, 'image_limit')),
  });
}

/** Commits are numbered from 1; counting them would read them all. */
function sealSummary(capture: Capture, row: Row): CaptureInfo['seal'] {
  const commits = small(
    capture.database.prepare<[], Row>('SELECT coalesce(max(id), 0) AS n FROM seal').get() ?? {},
    'n',
  );
  return { state: commits === 0 ? 'none' : 'present', commits, signed: row['signing_key'] !== null };
}

/**
 * What was read of the capture so far; `progress` tells how far that is.
 * @throws CaptureError 'damaged' where the recorder was stopped before it wrote the first row
 */
export function readInfo(capture: Capture, survey: Survey): CaptureInfo {
  const row = capture.database.prepare<[], Row>('SELECT * FROM capture').get();
  if (!row) throw new CaptureError('damaged', `${capture.path} says nothing of its recording`);
  const stop = capture.database.prepare<[], Row>('SELECT * FROM capture_stop').get();
  // Each for itself, so that each is one look into the index.
  const moment = (which: 'min' | 'max'): bigint | undefined =>
    integerOrNone(capture.database.prepare<[], Row>(`SELECT ${which}(ns) AS ns FROM event`).get() ?? {}, 'ns');
  const { facts, hidden } = survey.judge;
  const { progress } = survey;
  const started = integer(row, 'started_boot_ns');
  const scanNs = integerOrNone(row, 'scan_interval_ns');
  const stopped = stop && integer(stop, 'stopped_boot_ns');
  return definedOnly<CaptureInfo>({
    uuid: plainText(row, 'uuid'),
    formatVersion: capture.format,
    collectorVersion: plainText(row, 'collector_version'),
    host: anyText(row, 'host'),
    kernel: definedOnly<CaptureInfo['kernel']>({
      release: anyText(row, 'kernel_release'),
      version: anyText(row, 'kernel_version'),
      architecture: anyText(row, 'architecture'),
      commandLine: anyText(row, 'command_line'),
      bootId: anyText(row, 'boot_id'),
    }),
    state: stateOf(row),
    started: formatWall(integer(row, 'started_wall_ns')),
    startedNs: toWide(started),
    stopped: stop && formatWall(integer(stop, 'stopped_wall_ns')),
    stoppedNs: stopped === undefined ? undefined : toWide(stopped),
    stopReason: stop && plainText(stop, 'reason'),
    stopText: stop && STOP_REASONS[plainText(stop, 'reason')],
    stopDetail: stop && anyText(stop, 'detail'),
    completeness: capture.completeness,
    firstNs: toWide(moment('min') ?? started),
    lastNs: toWide(moment('max') ?? started),
    events: survey.events,
    eventsByKind: survey.eventsByKind,
    attempts: survey.list.size,
    attemptsByVerdict: survey.list.counts(),
    progress,
    losses: lossesOf(facts.losses),
    calls: callsOf(survey),
    images: imagesOf(survey.imageCounts, row),
    hiddenModules: hidden,
    contradictions: progress ? [] : captureContradictions(capture, facts, started),
    part: small(row, 'part'),
    previousUuid: row['previous_uuid'] === null ? undefined : plainText(row, 'previous_uuid'),
    hooks: hooks(capture),
    baselineModules: facts.loadedAtStart?.names.size,
    limits: definedOnly<CaptureInfo['limits']>({
      paramValues: small(row, 'param_values_limit'),
      path: small(row, 'path_limit'),
      argv: small(row, 'argv_limit'),
      ancestors: small(row, 'ancestor_limit'),
      ringBytes: small(row, 'ring_bytes'),
      imageRingBytes: small(row, 'image_ring_bytes'),
      scanSeconds: scanNs === undefined ? undefined : Number(scanNs) / 1e9,
    }),
    seal: sealSummary(capture, row),
  });
}
