/** Wall time in words: in UTC or in the local zone, as precise as the span needs. */

export type Zone = 'utc' | 'local';

/** Digits of a second that are shown. */
export type Precision = 0 | 3 | 6 | 9;

/** Moments that a date can be made of, in milliseconds (ECMA-262, 21.4.1.1). */
const LIMIT_MS = 8.64e15;

const two = (value: number): string => String(value).padStart(2, '0');

interface Parts {
  readonly date: string;
  readonly clock: string;
  readonly fraction: string;
}

function parts(wall: bigint, zone: Zone): Parts | undefined {
  const second = 1_000_000_000n;
  const rest = ((wall % second) + second) % second;
  const milliseconds = Number((wall - rest) / 1_000_000n);
  if (Math.abs(milliseconds) > LIMIT_MS) return undefined;
  const date = new Date(milliseconds);
  const [year, month, day, hour, minute, seconds] =
    zone === 'utc'
      ? [
          date.getUTCFullYear(),
          date.getUTCMonth(),
          date.getUTCDate(),
          date.getUTCHours(),
          date.getUTCMinutes(),
          date.getUTCSeconds(),
        ]
      : [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
  return {
    date: `${String(year).padStart(4, '0')}-${two(month + 1)}-${two(day)}`,
    clock: `${two(hour)}:${two(minute)}:${two(seconds)}`,
    fraction: rest.toString().padStart(9, '0'),
  };
}

const beyond = (wall: bigint): string => `${wall.toString()} ns after 1970`;

/** "10:02:21.400" */
export function clockTime(wall: bigint, zone: Zone, precision: Precision): string {
  const found = parts(wall, zone);
  if (!found) return beyond(wall);
  return precision === 0 ? found.clock : `${found.clock}.${found.fraction.slice(0, precision)}`;
}

/** "2026-11-23 10:02:21.400" */
export function dateTime(wall: bigint, zone: Zone, precision: Precision): string {
  const found = parts(wall, zone);
  return found ? `${found.date} ${clockTime(wall, zone, precision)}` : beyond(wall);
}

/** "2026-11-23" */
export function calendarDate(wall: bigint, zone: Zone): string {
  return parts(wall, zone)?.date ?? beyond(wall);
}

/** An event's time in a cell, and in full; the text itself where it is no such time. */
export function cellTime(text: string, zone: Zone, precision: Precision): { short: string; long: string } {
  const wall = parseTime(text);
  if (wall === undefined) return { short: text, long: text };
  return { short: clockTime(wall, zone, precision), long: dateTime(wall, zone, 9) };
}

/** "2026-11-23 10:02:21": when something was written; the text itself where it is no such time. */
export function writtenTime(text: string, zone: Zone): string {
  const wall = parseTime(text);
  return wall === undefined ? text : dateTime(wall, zone, 0);
}

/** Digits that tell neighbours apart when a span of so many nanoseconds is shown. */
export function precisionFor(spanNs: number): Precision {
  if (spanNs > 3600e9) return 0;
  if (spanNs > 50e6) return 3;
  return spanNs > 50e3 ? 6 : 9;
}

/**
 * "UTC", or the local zone's name and its offset at a moment: "Europe/Berlin, UTC+01:00".
 * @param wall - nanoseconds since 1970; summer time counts as it did then
 */
export function zoneName(zone: Zone, wall: bigint): string {
  if (zone === 'utc') return 'UTC';
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const minutes = -new Date(Number(wall / 1_000_000n)).getTimezoneOffset();
  if (Number.isNaN(minutes)) return name;
  const sign = minutes < 0 ? '−' : '+';
  const offset = `UTC${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${name}, ${offset}`;
}

/** Nanoseconds since 1970 of an RFC 3339 time in UTC, as events and notes carry it; undefined for other texts. */
export function parseTime(text: string): bigint | undefined {
  const match = /^(.+T\d\d:\d\d:\d\d)\.(\d{1,9})Z$/.exec(text);
  const milliseconds = Date.parse(`${match?.[1] ?? ''}Z`);
  const fraction = BigInt((match?.[2] ?? '').padEnd(9, '0'));
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n + fraction;
}

const DAY_NS = 86_400_000_000_000n;

/**
 * Nanoseconds since 1970 of a time as a person writes it: RFC 3339 with as many digits as are known and a blank for the
 * T, in UTC or with its offset; without either, and as a time of day alone, in the zone.
 * @param after - a time of day is the first one from there on
 */
export function parseMoment(text: string, after: bigint, zone: Zone): bigint | undefined {
  const match = /^(?:(\d{4}-\d\d-\d\d)[T ]|)(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|UTC|[+-]\d\d:\d\d)?$/i.exec(
    text.trim(),
  );
  if (!match) return undefined;
  const [, date, hour = '', minute = '', second = '00', fraction = '', offset] = match;
  const where = offset === undefined ? (zone === 'utc' ? 'Z' : '') : /^(z|utc)$/i.test(offset) ? 'Z' : offset;
  const at = (day: string): bigint | undefined => {
    const milliseconds = Date.parse(`${day}T${hour}:${minute}:${second}${where}`);
    return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  };
  if (date !== undefined) return at(date);
  // A day earlier may still hold it where the offset is another one than the zone's.
  for (const days of [-1n, 0n, 1n, 2n]) {
    const found = at(calendarDate(after + days * DAY_NS, where === '' ? 'local' : 'utc'));
    if (found === undefined || found >= after - (after % 1_000_000_000n)) return found;
  }
  return undefined;
}
