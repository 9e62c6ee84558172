import { describe, expect, test } from 'vitest';
import { AddressColumn } from '#core/survey/address-column.ts';

describe('a column of addresses', () => {
  test('gives back what lies close together, in any order and with gaps', () => {
    const column = new AddressColumn();
    column.put(3, -0x3f00_0000n);
    column.put(1, -1n);
    column.put(1, -0x3f00_0040n);
    expect([column.at(1), column.at(3)]).toEqual([-0x3f00_0040n, -0x3f00_0000n]);
  });

  test('goes on with addresses that lie anywhere', () => {
    const column = new AddressColumn();
    const addresses = [-0x3f00_0000n, -0x3eff_ffc0n, 0x7fff_ffff_ffff_ffffn, -(2n ** 63n), 0n, -0x3f00_0000n];
    for (const [at, address] of addresses.entries()) column.put(at, address);
    expect(addresses.map((_, at) => column.at(at))).toEqual(addresses);
  });
});
