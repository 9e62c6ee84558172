/** What the kernel said of a module. */
import type { ModuleFact } from '#contract/event.ts';
import { taintNames } from '../reference/taints.ts';
import { addressOrNone, anyText, integerOrNone, smallOrNone, unsignedWideOrNone, type Row } from './columns.ts';
import { definedOnly } from './defined.ts';

/** @param row a row of module_fact */
export function readModule(row: Row): ModuleFact {
  const taints = integerOrNone(row, 'taints');
  const signature = smallOrNone(row, 'sig_ok');
  return definedOnly<ModuleFact>({
    name: anyText(row, 'name') ?? '',
    nameFrom: 'kernel',
    taints: taints === undefined ? undefined : taintNames(taints),
    version: anyText(row, 'version'),
    srcversion: anyText(row, 'srcversion'),
    signatureOk: signature === undefined ? undefined : signature !== 0,
    address: addressOrNone(row, 'address'),
    base: addressOrNone(row, 'base'),
    size: unsignedWideOrNone(row, 'size'),
    initSize: unsignedWideOrNone(row, 'init_size'),
    parameterCount: smallOrNone(row, 'parameter_count'),
  });
}
