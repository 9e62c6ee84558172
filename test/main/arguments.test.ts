import { expect, test } from 'vitest';
import { filesOf, handover } from '../../main/app/arguments.ts';
import { proposedName, withSuffix } from '../../main/app/recorder/file-name.ts';

test('files of a packaged app', () => {
  const argv = ['/opt/modtrail', '--no-sandbox', 'a.modtrail', '/b/c.modtrail', '--flag=x', '../d'];
  expect(filesOf(argv, false, '/home/me')).toEqual(['/home/me/a.modtrail', '/b/c.modtrail', '/home/d']);
});

test('the first word of a checkout is the app itself', () => {
  expect(filesOf(['electron', '--inspect=0', '.', 'a.modtrail'], true, '/work')).toEqual(['/work/a.modtrail']);
  expect(filesOf(['electron', '.'], true, '/work')).toEqual([]);
});

test('a desktop passes files as URLs', () => {
  expect(filesOf(['modtrail', 'file:///a%20b.modtrail'], false, '/')).toEqual(['/a b.modtrail']);
  expect(filesOf(['modtrail', 'file://host/share'], false, '/x')).toEqual(['/x/file:/host/share']);
});

test('a wildcard does not open thousands', () => {
  expect(filesOf(['modtrail', ...Array.from({ length: 500 }, String)], false, '/').length).toBeLessThan(30);
});

test('the second start hands over absolute paths and nothing else', () => {
  expect(handover.safeParse({ files: ['/a'] }).success).toBe(true);
  for (const data of [undefined, {}, { files: ['a'] }, { files: [1] }, { files: '/a' }]) {
    expect(handover.safeParse(data).success).toBe(false);
  }
});

test('the proposed name', () => {
  const now = new Date('2026-11-24T05:06:07.890Z');
  expect(proposedName('web-1.example', now)).toBe('web-1.example-20261124-050607.modtrail');
  expect(proposedName('../../etc/$(x)', now)).toBe('etcx-20261124-050607.modtrail');
  expect(proposedName('漢字', now)).toBe('host-20261124-050607.modtrail');
  expect(withSuffix('/a/b')).toBe('/a/b.modtrail');
  expect(withSuffix('/a/b.modtrail')).toBe('/a/b.modtrail');
});
