/** What the inspector says in words: identity, hashes, signature, parameters, keys. */
import { describe, expect, test, vi } from 'vitest';
import type { IdentityPart, ModinfoPart, SignaturePart } from '#contract/inspect.ts';
import {
  identityFacts,
  passedParameters,
  signatureFacts,
  signatureWords,
  sizeFacts,
} from '../../../renderer/module/facts.ts';
import { deedOf, type ModuleKeys } from '../../../renderer/module/keys.ts';
import { roleOf } from '#contract/section-role.ts';

const hashes = (of: string): { sha256: string; sha1: string; md5: string } => ({
  sha256: `${of}-256`,
  sha1: `${of}-1`,
  md5: `${of}-5`,
});

const IDENTITY: IdentityPart = {
  ...{ name: 'dummy', names: { structure: 'dummy', modinfo: 'dummy' }, namesDiffer: false, size: 2048, problems: [] },
  ...{ hashes: { stored: hashes('stored') }, compilers: [] },
};

const VERMAGIC = { text: '6.1.0-56-amd64 SMP mod_unload', release: '6.1.0-56-amd64', flags: [], smp: true } as const;
const MODINFO = {
  ...{ entries: [], authors: [], depends: [], softdeps: [], weakdeps: [], firmware: [], namespaces: [], aliases: [] },
  ...{ retpoline: true, intree: false, staging: false, livepatch: false, test: false, problems: [] },
  vermagic: { ...VERMAGIC, unload: true, modversions: false, others: [] },
} as const satisfies ModinfoPart;

const named = (facts: readonly { name: string }[], name: string): unknown => facts.find((fact) => fact.name === name);

describe('identity', () => {
  test("the vermagic is held against the capture's kernel", () => {
    const fits = identityFacts(undefined, IDENTITY, MODINFO, '6.1.0-56-amd64');
    expect(named(fits, 'vermagic')).toMatchObject({ remark: "fits the capture's kernel" });
    const other = identityFacts(undefined, IDENTITY, MODINFO, '6.12.1');
    expect(named(other, 'vermagic')).toMatchObject({ odd: true, remark: expect.stringContaining('6.12.1') as string });
    expect(named(identityFacts(undefined, IDENTITY, MODINFO, undefined), 'vermagic')).not.toHaveProperty('remark');
  });

  test('two names that differ are a finding', () => {
    const identity = { ...IDENTITY, names: { structure: 'dummy', modinfo: 'other' }, namesDiffer: true };
    expect(named(identityFacts(undefined, identity, undefined, undefined), 'name')).toMatchObject({ odd: true });
  });

  test('what is not known has no line', () => {
    const facts = identityFacts(undefined, IDENTITY, undefined, undefined);
    expect(facts.map(({ name }) => name)).toEqual(['name']);
  });

  test('out of tree is marked', () => {
    expect(named(identityFacts(undefined, IDENTITY, MODINFO, undefined), 'in tree')).toMatchObject({
      ...{ value: 'no', odd: true },
    });
  });
});

describe('hashes', () => {
  test('of each form that there is, and no form twice', () => {
    expect(sizeFacts(IDENTITY).map(({ value }) => value)).toEqual([
      '2,048 bytes',
      'stored-256',
      'stored-1',
      'stored-5',
    ]);
    const three = { stored: hashes('a'), decompressed: hashes('b'), unsigned: hashes('c') };
    expect(sizeFacts({ ...IDENTITY, hashes: three }).filter(({ name }) => name === 'SHA-256')).toHaveLength(3);
    const same = { stored: hashes('a'), decompressed: hashes('a'), unsigned: hashes('a') };
    expect(sizeFacts({ ...IDENTITY, hashes: same }).filter(({ name }) => name === 'SHA-256')).toHaveLength(1);
  });
});

describe('the signature', () => {
  const part = (state: SignaturePart['state']): SignaturePart => ({
    ...{ state, text: '', signers: [], certificates: [], problems: [] },
  });

  test('its states are different words', () => {
    const states = ['unsigned', 'signed', 'verified', 'unverifiable', 'broken', 'malformed'] as const;
    expect(new Set(states.map((state) => signatureWords(part(state)))).size).toBe(states.length);
  });

  test('an image without one has nothing to take apart', () => {
    expect(signatureFacts(part('unsigned'))).toEqual([]);
  });
});

describe('parameters of a call', () => {
  test.each([
    ['a=1 b=2', { a: '1', b: '2' }],
    ['who="a b" x', { who: 'a b', x: '' }],
    ['  spaced=1\n', { spaced: '1' }],
    ['with-dash=3', { with_dash: '3' }],
    ['a=1 a=2', { a: '2' }],
    ['open="never closed', { open: 'never closed' }],
    ['', {}],
  ])('%o', (text, expected) => {
    expect(Object.fromEntries(passedParameters(text))).toEqual(expected);
  });
});

describe('keys', () => {
  const keys = {
    ...{ back: vi.fn(), forward: vi.fn(), find: vi.fn(), searchBytes: vi.fn(), goToOffset: vi.fn(), step: vi.fn() },
    ...{ tab: vi.fn(), toggleBytes: vi.fn(), code: vi.fn(), leave: vi.fn() },
  } satisfies ModuleKeys;
  const press = (key: string, held: Partial<KeyboardEvent> = {}, inField = false): void => {
    deedOf({ key, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held }, inField, keys)?.();
  };

  test('do what the list of keys says', () => {
    press('ArrowLeft', { altKey: true });
    press('ArrowRight', { altKey: true });
    press('f', { ctrlKey: true });
    press('g', { ctrlKey: true });
    press('PageDown', { ctrlKey: true });
    press('F3', { shiftKey: true });
    press('B');
    press('c');
    press('c', { ctrlKey: true });
    press('Escape');
    const { back, forward, find, goToOffset, toggleBytes, code, leave } = keys;
    for (const deed of [back, forward, find, goToOffset, toggleBytes, code, leave]) {
      expect(deed).toHaveBeenCalledOnce();
    }
    expect(keys.tab).toHaveBeenCalledWith(1);
    expect(keys.step).toHaveBeenCalledWith(-1);
  });

  test('leave a field what belongs to it', () => {
    vi.clearAllMocks();
    for (const key of ['b', '/', 'Backspace', 'Escape']) press(key, {}, true);
    expect([keys.toggleBytes, keys.searchBytes, keys.back, keys.leave].some((deed) => deed.mock.calls.length > 0)).toBe(
      false,
    );
  });
});

test('sections have the colour of what they are for', () => {
  const role = (name: string, type: string, flags: string): string => roleOf({ name, type, flags });
  expect(role('.text', 'PROGBITS', 'AX')).toBe('code');
  expect(role('.rela.text', 'RELA', 'I')).toBe('relocations');
  expect(role('.modinfo', 'PROGBITS', 'A')).toBe('module');
  expect(role('.gnu.linkonce.this_module', 'PROGBITS', 'WA')).toBe('module');
  expect(role('.BTF', 'PROGBITS', '')).toBe('debug');
  expect(role('.bss', 'NOBITS', 'WA')).toBe('data');
});
