/** Declared parameters: names, types and descriptions of .modinfo, permissions of the records in __param. */
import type { Parameter, ParametersPart } from '#contract/inspect.ts';
import { Problems } from './failure.ts';
import type { ModuleImage } from './image.ts';
import type { Making } from './inspect.ts';

/** Fields of one record: struct kernel_param of include/linux/moduleparam.h. */
interface Record {
  readonly permissions: string;
  readonly flags?: readonly ('unsafe' | 'hardware')[];
  readonly range: { readonly offset: number; readonly size: number };
}

const UNSAFE = 1;
const HARDWARE = 2;

export function parametersPart({ image, part }: Making): ParametersPart {
  const problems = new Problems();
  const types = new Map<string, string>();
  const descriptions = new Map<string, string>();
  for (const { key, value } of part('modinfo')?.entries ?? []) {
    if (key !== 'parm' && key !== 'parmtype') continue;
    const colon = value.indexOf(':');
    if (colon === -1) problems.add('.modinfo', `${key} "${value.slice(0, 80)}" has no colon`);
    else (key === 'parm' ? descriptions : types).set(value.slice(0, colon), value.slice(colon + 1));
  }
  let records = new Map<string, Record>();
  problems.attempt(() => {
    records = readRecords(image, problems);
  });
  const names = [...new Set([...types.keys(), ...descriptions.keys(), ...records.keys()])].toSorted();
  const entries = names.map((name): Parameter => {
    const type = types.get(name);
    const description = descriptions.get(name);
    return {
      name,
      ...(type === undefined ? {} : { type }),
      ...(description === undefined ? {} : { description }),
      ...records.get(name),
    };
  });
  return { entries, problems: problems.all() };
}

/** name, mod, ops: three pointers; u16 perm, s8 level, u8 flags; then the argument's pointer. */
function readRecords(image: ModuleImage, problems: Problems): Map<string, Record> {
  const found = new Map<string, Record>();
  const section = image.filled('__param');
  if (!section) return found;
  const { bytes } = image;
  const word = image.header.wide ? 8 : 4;
  const size = 5 * word;
  const pointers = image.pointers(section);
  const { range } = section;
  if (range.size % size !== 0) problems.add('__param', `${String(range.size)} bytes are no whole number of records`);
  for (let at = 0; at + size <= range.size; at += size) {
    const from = range.offset + at;
    const name = image.textAt(pointers.get(at), 256);
    if (name === undefined) {
      problems.add('__param', `record ${String(at / size)} has no name`, from);
      continue;
    }
    const bits = bytes.u8(from + 3 * word + 3);
    const flags: ('unsafe' | 'hardware')[] = [];
    if (bits & UNSAFE) flags.push('unsafe');
    if (bits & HARDWARE) flags.push('hardware');
    found.set(name, {
      permissions: bytes
        .u16(from + 3 * word)
        .toString(8)
        .padStart(4, '0'),
      ...(flags.length > 0 ? { flags } : {}),
      range: { offset: from, size },
    });
  }
  return found;
}
