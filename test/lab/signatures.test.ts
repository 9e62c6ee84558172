/** Debian's modules and the certificate in that kernel's own image, as Debian ships both. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Certificate } from '#core/module/signature/certificate.ts';
import { readCertificates } from '#core/module/signature/certificates.ts';
import { readSignature } from '#core/module/signature/verify.ts';
import { cacheFolder } from '../../scripts/places.ts';
import { prepareKernel } from './boot/kernel.ts';

const TRIALS = 200;
const SLICE = 25;

/** A sequence of numbers below `below` that looks random and is the same in every run. */
function* numbers(below: number): Generator<number> {
  for (let state = 1; ; state = (state * 48_271) % 0x7fffffff) yield state % below;
}

function modulesOf(image: string): string[] {
  const tree = join(dirname(image), 'tree/lib/modules');
  const all = readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ko(\.xz)?$/.test(name));
  const step = Math.floor(all.length / SLICE);
  return all.sort().flatMap((name, at) => (at % step === 0 ? [join(tree, name)] : []));
}

const bytesOf = (path: string): Buffer =>
  path.endsWith('.xz') ? execFileSync('xz', ['-dc', path], { maxBuffer: 2 ** 28 }) : readFileSync(path);

describe.each(['5.10', '6.1', '6.12', '7.3'])('%s', (line) => {
  let modules: string[] = [];
  let certificates: Certificate[] = [];

  beforeAll(async () => {
    const { image } = prepareKernel(line, join(cacheFolder(), 'kernels'), () => undefined);
    modules = modulesOf(image);
    certificates = await readCertificates([image]);
  });

  test("every module of the slice verifies with the image's certificate", () => {
    expect(modules.length).toBeGreaterThanOrEqual(SLICE);
    const states = modules.map((path) => `${path}: ${readSignature(bytesOf(path), certificates).state}`);
    expect(states).toEqual(modules.map((path) => `${path}: verified`));
  });

  test('one bit changed anywhere in what is signed: broken, each time', () => {
    const bytes = bytesOf(modules[3] ?? '');
    const end = readSignature(bytes).covered?.size ?? 0;
    const bits = numbers(end * 8);
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const bit = bits.next().value as number;
      const flip = (): void => {
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      };
      flip();
      expect(readSignature(bytes, certificates).state, `bit ${String(bit)}`).toBe('broken');
      flip();
    }
    expect(readSignature(bytes, certificates).state).toBe('verified');
  });
});
