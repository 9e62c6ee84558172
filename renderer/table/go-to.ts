/** Reads what somebody wants to go to: a row's number, a call, a moment. */
import { parseMoment, type Zone } from '../format/time.ts';

export type Target =
  | { readonly kind: 'seq'; readonly seq: number }
  | { readonly kind: 'call'; readonly callId: number }
  /** Nanoseconds since 1970. */
  | { readonly kind: 'wall'; readonly wall: bigint }
  /** Nanoseconds since the capture's first moment. */
  | { readonly kind: 'offset'; readonly offset: number };

const UNITS: Readonly<Record<string, number>> = {
  ...{ ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, sec: 1e9 },
  ...{ min: 60e9, m: 60e9, h: 3600e9, d: 86_400e9 },
};

/** "1 h 2 min", "12.5" (seconds); undefined where it is no duration */
function durationOf(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1e9;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-zµ]+)\s*/gi)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined;
  let sum = 0;
  for (const [, amount, unit = ''] of parts) {
    const factor = Object.hasOwn(UNITS, unit.toLowerCase()) ? UNITS[unit.toLowerCase()] : undefined;
    if (factor === undefined) return undefined;
    sum += Number(amount) * factor;
  }
  return sum;
}

/**
 * @param plain - what a bare number stands for
 * @param start - nanoseconds since 1970 of the capture's first moment: a time of day is the first one after it
 */
export function targetOf(text: string, plain: 'seq' | 'call', start: bigint, zone: Zone): Target | undefined {
  const wanted = text.trim();
  const number = /^(seq|call|#)?\s*(\d{1,15})$/i.exec(wanted);
  if (number) {
    const name = (number[1] ?? plain).toLowerCase();
    const value = Number(number[2]);
    return name === 'call' ? { kind: 'call', callId: value } : { kind: 'seq', seq: value };
  }
  const after = /^\+\s*(.+)$/.exec(wanted)?.[1];
  if (after !== undefined) {
    const offset = durationOf(after);
    return offset === undefined ? undefined : { kind: 'offset', offset };
  }
  const wall = parseMoment(wanted, start, zone);
  return wall === undefined ? undefined : { kind: 'wall', wall };
}
