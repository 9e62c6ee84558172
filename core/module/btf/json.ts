/** A type as JSON, from its bytes: the same as `describe` makes of it. */
import type { JsonBytes } from '../json/bytes.ts';
import type { Namer } from './namer.ts';
import { ENUM, ENUM64, type Btf, type BtfType } from './raw.ts';
import { kindOf, wideValue } from './types.ts';

export function writeType(out: JsonBytes, btf: Btf, type: BtfType, namer: Namer): void {
  out.raw(`{"kind":"${kindOf(type)}",`);
  if (writeName(out, '"name":', type.name, namer)) out.raw(',');
  out.raw('"size":');
  out.number(type.info);
  out.raw(',"members":[');
  const step = type.kind === ENUM ? 8 : 12;
  for (let index = 0, at = type.at + 12; index < type.count; index += 1, at += step) {
    out.raw(index === 0 ? '{' : ',{');
    const named = writeName(out, '"name":', btf.bytes.u32(at), namer);
    if (named) out.raw(',');
    if (type.kind === ENUM || type.kind === ENUM64) writeValue(out, btf, type, at);
    else writeMember(out, btf, type, at, namer);
    out.raw('}');
  }
  out.raw('],"range":{"offset":');
  out.number(type.at);
  out.raw(',"size":');
  out.number(type.size);
  out.raw('}}');
}

function writeName(out: JsonBytes, key: string, offset: number, namer: Namer): boolean {
  const name = namer.name(offset);
  if (name === undefined) return false;
  out.raw(key);
  out.text(name);
  return true;
}

function writeValue(out: JsonBytes, btf: Btf, type: BtfType, at: number): void {
  out.raw('"value":');
  if (type.kind === ENUM64) out.value(wideValue(btf, type, at));
  else out.number(type.flag ? btf.bytes.i32(at + 4) : btf.bytes.u32(at + 4));
}

/** The place in bits; of a bit field with its width in the same word. */
function writeMember(out: JsonBytes, { bytes }: Btf, type: BtfType, at: number, namer: Namer): void {
  const offset = bytes.u32(at + 8);
  const size = type.flag ? offset >>> 24 : 0;
  const text = namer.type(bytes.u32(at + 4));
  out.raw('"bit":');
  out.number(type.flag ? offset & 0xffffff : offset);
  if (text === undefined) return;
  out.raw(',"type":');
  out.text(size > 0 ? `${text} : ${String(size)}` : text);
}
