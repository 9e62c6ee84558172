/** The timeline's foot: how the recording went (its ends, clock steps, silences), and losses, with words where they fit. */
import type { TimelineClockStep, TimelineSilence } from '#contract/timeline.ts';
import { duration } from '../format/numbers.ts';
import { FONT, type Sheet } from './draw.ts';
import { LabelRoom, type Stretch } from './label-room.ts';
import { LANE, lossWords, xOf, type PlacedLoss } from './layout.ts';
import { toX } from './span.ts';
import { textWidth } from './text-width.ts';
import type { Offset } from '../format/clock.ts';

/** Something in the recording's lane. */
export interface PlacedPart extends Stretch {
  readonly kind: 'end' | 'step' | 'silence';
  readonly words: string;
  readonly seq?: number;
  readonly moment: Offset;
}

/** Narrower ones would not be seen. */
const LEAST = 3;

export const stepWords = ({ stepNs }: TimelineClockStep): string => {
  const length = Number(stepNs);
  return `clock set ${length < 0 ? 'back' : 'forward'} by ${duration(Math.abs(length))}`;
};

export const silenceWords = (length: number): string => `${duration(length)} asleep, or not recording`;

/**
 * What is in sight, in the order in which it gets room for words.
 * @param ended - undefined while the recording goes on
 * @param cut - the recorder did not finish: nothing tells when it ended, only what it wrote last
 */
export function placeParts(
  sheet: Pick<Sheet, 'span' | 'clock' | 'width'>,
  began: Offset,
  ended: Offset | undefined,
  cut: boolean,
  steps: readonly TimelineClockStep[],
  silences: readonly TimelineSilence[],
): PlacedPart[] {
  const { span, clock, width } = sheet;
  const end = (moment: Offset, words: string): PlacedPart => {
    const x = Math.round(toX(span, moment, width));
    return { kind: 'end', left: x, right: x + 1, words, moment };
  };
  return [
    ...silences.map(({ seq, fromNs, toNs }): PlacedPart => {
      const [left, from] = [xOf(span, clock, fromNs, width), clock.offset(fromNs)];
      const right = Math.max(xOf(span, clock, toNs, width), left + LEAST);
      return { kind: 'silence', left, right, words: silenceWords(clock.offset(toNs) - from), seq, moment: from };
    }),
    ...steps.map((step): PlacedPart => {
      const x = Math.round(xOf(span, clock, step.ns, width));
      return {
        kind: 'step',
        left: x,
        right: x + 1,
        words: stepWords(step),
        seq: step.seq,
        moment: clock.offset(step.ns),
      };
    }),
    end(began, 'recording began'),
    ...(ended === undefined ? [] : [end(ended, cut ? 'last record' : 'recording ended')]),
  ].filter(({ left, right }) => right >= 0 && left <= width);
}

/** Lines and shades through lanes; the words are in the foot. */
export function drawPartLines({ context, height, width, palette }: Sheet, parts: readonly PlacedPart[]): void {
  for (const { kind, left, right } of parts) {
    if (kind === 'silence') {
      context.fillStyle = palette('--shade');
      context.fillRect(Math.max(left, 0), 0, Math.min(right, width) - Math.max(left, 0), height);
    }
    context.strokeStyle = palette(kind === 'end' ? '--text-soft' : '--warning');
    context.lineWidth = 1;
    context.setLineDash(kind === 'end' ? [] : [3, 3]);
    context.beginPath();
    for (const x of kind === 'silence' ? [left, right] : [left]) {
      context.moveTo(Math.round(x) + 0.5, 0);
      context.lineTo(Math.round(x) + 0.5, height);
    }
    context.stroke();
    context.setLineDash([]);
  }
}

/** @param top - of the recording's lane */
export function drawPartWords({ context, width, palette }: Sheet, parts: readonly PlacedPart[], top: number): void {
  const room = new LabelRoom(
    width,
    parts.map(({ kind, left, right }) => (kind === 'silence' ? { left, right: left + 1 } : { left, right })),
  );
  context.textAlign = 'left';
  for (const { kind, left, right, words } of parts) {
    // A silence is empty, so that its own words may stand in it.
    const place = room.beside({ left, right: kind === 'silence' ? left + 1 : right }, textWidth(context, FONT, words));
    if (place === undefined) continue;
    context.fillStyle = palette(kind === 'end' ? '--text-soft' : '--warning');
    context.fillText(words, place, top + LANE / 2);
  }
}

/** Hatched: here the capture is blind. */
export function drawLosses(sheet: Sheet, losses: readonly PlacedLoss[], top: number, height: number): void {
  const { context, width, palette } = sheet;
  const room = new LabelRoom(width, losses);
  for (const loss of losses) {
    const { left, right } = loss;
    context.save();
    context.beginPath();
    context.rect(left, top + 5, right - left, height - 10);
    context.clip();
    context.strokeStyle = palette('--warning');
    context.lineWidth = 2;
    context.beginPath();
    for (let x = Math.max(left, 0) - height; x < Math.min(right, width); x += 6) {
      context.moveTo(x, top + height);
      context.lineTo(x + height, top);
    }
    context.stroke();
    context.restore();
    const words = lossWords(loss);
    const place = room.beside(loss, textWidth(context, FONT, words));
    if (place === undefined) continue;
    context.fillStyle = palette('--text');
    context.textAlign = 'left';
    context.fillText(words, place, top + height / 2);
  }
}
