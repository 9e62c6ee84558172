/** The proposed name of a saved image: whatever a capture calls a module, it stays a plain name in the chosen folder. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageName } from '../../main/app/image-name.ts';

test.each([
  ['dummy', 'dummy.ko'],
  ['/lib/modules/6.1/kernel/drivers/net/dummy.ko', 'dummy.ko'],
  ['/lib/modules/6.12/dummy.ko.xz', 'dummy.ko.xz'],
  ['/tmp/.x (deleted)', 'x__deleted_.ko'],
  ['../../etc/passwd', 'passwd.ko'],
  ['..', 'module.ko'],
  ['', 'module.ko'],
  ['-rf', 'rf.ko'],
])('%j', (name, proposed) => {
  expect(imageName(name)).toBe(proposed);
});

test('is one plain name, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 400 }), (name) => {
      const proposed = imageName(name);
      expect(proposed).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/);
      expect(proposed.length).toBeLessThan(130);
    }),
  );
});
