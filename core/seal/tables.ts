/** The tables that a seal covers, in its order, and how their rows are read and hashed (docs/seal.md). */
import { createHash, hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { schemaText } from '../capture/schema.ts';

export interface SealedTable {
  readonly name: string;
  /** The first column. */
  readonly key: string;
  /** What to select for one row, column by column; a column that can hold text takes two places. */
  readonly cells: string;
  /** By column: whether it can hold text. */
  readonly textual: readonly boolean[];
}

/** No recorder writes a longer cell; one that is longer is not read, and is no cell of the recording. */
const LONGEST_CELL = 1024 * 1024;

/** Takes the place of what no recorder writes: nothing that is sealed is a REAL. */
const FOREIGN = '0.5';

/** The bytes of a text are wanted as they are, and not as what JavaScript makes of them. */
function cell(name: string, textual: boolean): string {
  if (!textual) return `CASE WHEN typeof(${name}) IN ('integer', 'null') THEN ${name} ELSE ${FOREIGN} END`;
  const long = `WHEN octet_length(${name}) > ${String(LONGEST_CELL)} THEN ${FOREIGN}`;
  return `CASE ${long} WHEN typeof(${name}) = 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END, typeof(${name}) = 'text'`;
}

const UNSEALED = new Set(['seal', 'seal_part', 'seal_signature']);

function readTables(): SealedTable[] {
  const memory = new Database(':memory:');
  memory.exec(schemaText());
  const names = memory.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const tables = names
    .filter((name) => !UNSEALED.has(name))
    .map((name): SealedTable => {
      const columns = memory.pragma(`table_info(${name})`) as { name: string; type: string }[];
      const textual = columns.map(({ type }) => type !== 'INTEGER');
      const cells = columns.map((column, at) => cell(`"${column.name}"`, textual[at] === true)).join(', ');
      return { name, key: `"${columns[0]?.name ?? ''}"`, cells, textual };
    });
  memory.close();
  return tables;
}

let known: readonly SealedTable[] | undefined;

export function sealedTables(): readonly SealedTable[] {
  return (known ??= readTables());
}

const TAGS = { null: 0, integer: 1, text: 2, blob: 3, foreign: 255 } as const;

/** Room for one row; grows to the longest one. */
let room = Buffer.alloc(4096);

/** A row as bytes, in `room`; their number. */
function serialise(cells: readonly unknown[], { textual }: SealedTable): number {
  let at = 0;
  let place = 0;
  for (const isTextual of textual) {
    const value = cells[place++];
    const isText = isTextual && cells[place++] === 1n;
    const length = Buffer.isBuffer(value) ? value.length : 0;
    if (at + 9 + length > room.length) room = Buffer.concat([room], (at + 9 + length) * 2);
    if (value === null) {
      room[at++] = TAGS.null;
    } else if (typeof value === 'bigint') {
      room[at++] = TAGS.integer;
      at = room.writeBigInt64LE(value, at);
    } else if (Buffer.isBuffer(value)) {
      room[at++] = isText ? TAGS.text : TAGS.blob;
      at = room.writeBigInt64LE(BigInt(length), at);
      at += value.copy(room, at);
    } else {
      room[at++] = TAGS.foreign;
    }
  }
  return at;
}

/** SHA-256 of a row, whose cells are as the table's `cells` select them. */
export function rowDigest(cells: readonly unknown[], table: SealedTable): Buffer {
  const length = serialise(cells, table);
  return hash('sha256', room.subarray(0, length), 'buffer');
}

/** Bytes of a row as far as they matter for how much is read at once. */
export function rowSize(cells: readonly unknown[]): number {
  let size = 0;
  for (const value of cells) size += Buffer.isBuffer(value) ? value.length : 8;
  return size;
}

/** 64-bit integers, little-endian, after one another. */
export function integers(...values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, at) => bytes.writeBigInt64LE(BigInt.asIntN(64, value), at * 8));
  return bytes;
}

export function sha256() {
  return createHash('sha256');
}
