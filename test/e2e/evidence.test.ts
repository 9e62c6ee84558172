/** Bytes out of a capture, and the walk over its seal, in the real app and with nothing but the keyboard. */
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import { SAMPLE } from '../../scripts/places.ts';
import { CaptureBuilder, removeFolders } from '../core/builder.ts';
import { answerOpen, answerSave, launchApp, type LaunchedApp } from './app.ts';
import { toldAttempts } from './told.ts';
import { folderFor, giveTo, testUser } from './user.ts';
import { grid, inspector, notices, ready } from './window.ts';

/** More than one row of bytes. */
const BYTES = randomBytes(700_000);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');

let launched: LaunchedApp;
let folder: string;
let attempts: Attempt[];

/** A capture with one of everything that this file looks at. Returns its path. */
function build(path: string): string {
  const capture = new CaptureBuilder(undefined, path);
  const load = (name: string): number => {
    const file = capture.file(`/lib/modules/${name}.ko`, 17);
    return capture.call({ returned: 0, process: capture.process(), file, text: 'a=1' });
  };
  const first = load('dummy');
  capture.keptImage(first, BYTES);
  capture.load(first, 0x1000, 'dummy');
  const raced = capture.call({ returned: 0, text: 'a=1', textInKernel: 'a=2', textAtReturn: 'a=1' });
  capture.keptImage(raced, BYTES);
  capture.load(raced, 0x2000, 'raced');
  const cut = load('cut');
  capture.keptImage(cut, randomBytes(600_000), [[0, 262_144]]);
  capture.load(cut, 0x3000, 'cut');
  const skipped = load('skipped');
  capture.image(skipped, 5000, capture.tick(), {
    ...{ received: 5000, state: 'skipped', reason: 'no-images', sha256: randomBytes(32) },
  });
  capture.load(skipped, 0x4000, 'skipped');
  const single = capture.call({ returned: -1, args: [-1, 0, 0] });
  const now = capture.tick();
  capture.call({
    ...{ returned: -1, args: [-1, 0, 0], ns: now, repeat: 5000, lastNs: now + 2_000_000 },
    like: Number(capture.database.prepare('SELECT seq FROM event WHERE call_id = ?').pluck().get(single)),
  });
  hide(
    capture,
    ['skipped', 0x4000],
    [
      ['dummy', 0x1000],
      ['raced', 0x2000],
      ['cut', 0x3000],
    ],
  );
  return capture.finish();
}

/** A snapshot in which the kernel's address tree still shows a module that its list lacks. */
function hide(capture: CaptureBuilder, hidden: readonly [string, number], others: readonly [string, number][]): void {
  const ns = capture.tick();
  const seq = capture.event('snapshot', { ns });
  capture.insert('snapshot_fact', { seq, reason: 'stop', from_ns: ns, to_ns: ns + 100 });
  for (const pass of [1, 2]) {
    for (const view of ['kernel_list', 'kernel_tree', 'proc_modules']) {
      const shown = view === 'kernel_tree' ? [...others, hidden] : others;
      const at = { from_ns: ns + pass * 10, to_ns: ns + pass * 10 + 5, modules: shown.length };
      const id = capture.insert('snapshot_view', { seq, view, pass, state: 'whole', ...at });
      for (const [name, address] of shown) {
        const known = view === 'proc_modules' ? null : address;
        capture.insert('snapshot_module', { view_id: id, name, address: known, state: 'Live', size: 16384 });
      }
    }
  }
}

beforeAll(async () => {
  const user = testUser();
  folder = folderFor(user);
  const path = build(join(folder, 'evidence.modtrail'));
  giveTo(user, path);
  attempts = toldAttempts(path);
  launched = await launchApp({ files: [path], user });
  await ready(launched.window);
});

afterAll(async () => {
  await launched.close();
  removeFolders();
});

/** Presses a key until the focus is on something that matches. */
async function keysTo(selector: string, key = 'Tab', most = 80): Promise<void> {
  const { window } = launched;
  for (let i = 0; i < most; i++) {
    if (await window.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await window.keyboard.press(key);
  }
  throw new Error(`${String(most)} times ${key} do not lead to ${selector}`);
}

/** Selects the attempt of that module, and goes into the inspector. */
async function inspect(module: string): Promise<void> {
  const { window } = launched;
  const index = attempts.findIndex((attempt) => attempt.module?.name === module);
  await grid(window, 'Attempts').focus();
  await window.keyboard.press('Home');
  for (let i = 0; i < index; i++) await window.keyboard.press('ArrowDown');
  await inspector(window)
    .locator(`[data-call-id="${String(attempts[index]?.callId)}"]`)
    .waitFor();
  await window.keyboard.press('Enter');
}

const sizeWords = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

describe('an image', () => {
  test('is saved bit for bit, and the window says so', async () => {
    const { app, window, home } = launched;
    const out = join(home, 'dummy.ko');
    await answerSave(app, out);
    await inspect('dummy');
    const image = inspector(window).locator('[data-image]');
    expect(await image.locator('[data-sha256]').innerText()).toBe(SHA256);
    await expect.poll(() => image.locator('[data-image-loads]').innerText()).toMatch(/^2 times in this capture/);
    await keysTo('[data-save-image]');
    await window.keyboard.press('Enter');
    await image.locator('[data-image-saved]', { hasText: 'saved as dummy.ko' }).waitFor();
    expect(await image.locator('[data-image-saved]').innerText()).toContain(sizeWords(BYTES.length));
    expect(readFileSync(out).equals(BYTES)).toBe(true);
    expect((statSync(out).mode & 0o777).toString(8)).toBe('600');
    // Nothing of the way there is left.
    expect(readdirSync(home).filter((name) => name.includes('dummy'))).toEqual(['dummy.ko']);
  });

  test('replaces a file only because the dialog has asked, and then whole', async () => {
    const { app, window, home } = launched;
    const out = join(home, 'there.ko');
    writeFileSync(out, 'x'.repeat(1_000_000));
    giveTo(launched.user, out);
    await answerSave(app, out);
    await inspect('raced');
    await keysTo('[data-save-image]');
    await window.keyboard.press('Enter');
    await inspector(window).locator('[data-image-saved]', { hasText: 'saved as there.ko' }).waitFor();
    expect(readFileSync(out).equals(BYTES)).toBe(true);
  });

  test('is not saved where nothing can be written, and says why', async () => {
    const { app, window, home } = launched;
    await answerSave(app, join(home, 'no such folder', 'x.ko'));
    await inspect('dummy');
    await keysTo('[data-save-image]');
    await window.keyboard.press('Enter');
    await notices(window).first().waitFor();
    expect(await notices(window).first().innerText()).toContain('no such folder');
    await window.keyboard.press('Escape');
    await notices(window).first().waitFor({ state: 'detached' });
  });

  test('a closed dialog writes nothing', async () => {
    const { app, window, home } = launched;
    await answerSave(app, undefined);
    const before = readdirSync(home);
    await inspect('dummy');
    await keysTo('[data-save-image]');
    await window.keyboard.press('Enter');
    await expect.poll(() => inspector(window).locator('[data-save-image]').isEnabled()).toBe(true);
    expect(readdirSync(home)).toEqual(before);
  });

  test.each([
    ['cut', 'incomplete: 262,144 of 600,000 bytes arrived, no hash'],
    ['skipped', 'hash kept, bytes not kept: this recording kept no bytes of modules'],
  ])('%s: says what is there, and the button says why it does nothing', async (module, words) => {
    const { window } = launched;
    await inspect(module);
    const image = inspector(window).locator('[data-image]');
    expect(await image.locator('[data-image-words]').innerText()).toBe(words);
    await keysTo('[data-save-image]');
    expect(await image.locator('[data-save-image]').getAttribute('aria-disabled')).toBe('true');
    const reason = (await image.locator('[data-save-image]').getAttribute('aria-describedby')) ?? '';
    expect(await window.locator(`[id="${reason}"]`).innerText()).toBe(words);
  });

  test('the hash is copied', async () => {
    const { app, window } = launched;
    await inspect('dummy');
    await keysTo('[data-copy-hash]');
    await window.keyboard.press('Enter');
    await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toBe(SHA256);
  });
});

test('parameters that were changed on the way are shown as they were at each moment', async () => {
  const { window } = launched;
  await inspect('raced');
  const readings = inspector(window).locator('[data-argument=param_values] [data-readings]');
  expect(await readings.locator('[data-reading]').allInnerTexts()).toEqual(['"a=1"', '"a=2"', '"a=1"']);
  expect(await readings.innerText()).toContain('changed while the call was under way');
});

test('a hidden module is told above everything, on its lane and with the snapshot that gave it away', async () => {
  const { window } = launched;
  const bar = window.locator('[data-finding=hidden]');
  expect(await bar.innerText()).toContain('skipped is missing from');
  await window.locator('.lane', { hasText: 'skipped' }).locator('svg.mark').waitFor();
  await bar.getByRole('button', { name: 'Show' }).focus();
  await window.keyboard.press('Enter');
  const list = window.locator('[data-hidden-modules]');
  expect(await list.locator('tbody tr').count()).toBe(1);
  await keysTo('[data-hidden-modules] tbody td:last-child button:last-of-type');
  await window.keyboard.press('Enter');
  const snapshot = inspector(window).locator('[data-snapshot]');
  await snapshot.waitFor();
  expect(await snapshot.innerText()).toContain('skipped: missing from');
  await window.locator('[data-view=attempts]').click();
});

test('calls that were counted together lead to the one that was recorded whole', async () => {
  const { window } = launched;
  const repeated = attempts.find(({ repeat }) => repeat > 1);
  await window.locator('[data-view=attempts]').click();
  await ready(window);
  await grid(window, 'Attempts').focus();
  await window.keyboard.press('End');
  const pane = inspector(window);
  await pane.locator(`[data-call-id="${String(repeated?.callId)}"]`).waitFor();
  expect(await pane.locator('[data-repeats]').innerText()).toContain('5,000 identical failing calls');
  await window.keyboard.press('Enter');
  await keysTo('[data-like]');
  await window.keyboard.press('Enter');
  await pane.locator(`[data-seq="${String(repeated?.likeSeq)}"]`).waitFor();
  await window.locator('[data-view=attempts]').click();
});

/** Opens a copy of the sample, which its recorder has sealed, after `spoil` has changed it. */
async function openSealed(name: string, spoil?: string): Promise<void> {
  const { app, window, user } = launched;
  const path = join(folder, name);
  copyFileSync(SAMPLE, path);
  if (spoil !== undefined) {
    const database = new Database(path);
    const { changes } = database.prepare(spoil).run();
    database.close();
    expect(changes).toBe(1);
  }
  giveTo(user, path);
  await answerOpen(app, path);
  await window.locator('[data-open-menu]').focus();
  await window.keyboard.press('Enter');
  await window.getByRole('menuitem').first().waitFor();
  await window.keyboard.press('Enter');
  await window.locator('.title .name', { hasText: name }).waitFor();
  await ready(window);
}

describe('the seal', () => {
  async function verify(): Promise<string> {
    const { window } = launched;
    await keysTo('[data-view=capture]');
    await window.keyboard.press('Enter');
    await keysTo('[data-verify]');
    await window.keyboard.press('Enter');
    const seal = window.locator('[data-seal][data-seal-state]');
    await seal.waitFor();
    return (await seal.getAttribute('data-seal-state')) ?? '';
  }

  test('of an untouched capture holds', async () => {
    const { window } = launched;
    await openSealed('sealed.modtrail');
    expect(await window.locator('[data-seal-state-line]').innerText()).toBe('seal not verified');
    expect(await verify()).toBe('holds');
    expect(await window.locator('[data-seal-result]').innerText()).toContain('seal holds');
    expect(await window.locator('[data-seal-state-line]').innerText()).toBe('seal holds');
    expect(await window.locator('[data-finding=seal]').count()).toBe(0);
  });

  test('of one with a changed cell is broken, its row named for as long as the capture is open', async () => {
    const { window } = launched;
    const seq = new Database(SAMPLE, { readonly: true })
      .prepare<[], number>('SELECT max(seq) FROM module_fact')
      .pluck()
      .get();
    await openSealed('forged.modtrail', `UPDATE module_fact SET name = 'innocent' WHERE seq = ${String(seq)}`);
    expect(await verify()).toBe('broken');
    const banner = window.locator('[data-finding=seal]');
    const words = `row ${String(seq)} of table module_fact was changed`;
    expect(await banner.innerText()).toContain(words);
    expect(await window.locator('[data-first-wrong]').innerText()).toContain(words);
    for (const view of ['attempts', 'events', 'reference', 'capture']) {
      await window.locator(`[data-view=${view}]`).click();
      await window.keyboard.press('Escape');
      expect(await banner.innerText()).toContain(words);
    }
  });
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  test.each(['attempts', 'capture'])('axe finds nothing in %s', async (view) => {
    const { window } = launched;
    await window.emulateMedia({ colorScheme });
    await window.locator(`[data-view=${view}]`).click();
    if (view === 'attempts') {
      await grid(window, 'Attempts').focus();
      await window.keyboard.press('Home');
      await inspector(window).locator('[data-image]').waitFor();
    } else await window.locator('[data-seal]').waitFor();
    const { violations } = await new AxeBuilder({ page: window }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
  });
});

test('another capture does not inherit what was found', async () => {
  const { window } = launched;
  await openSealed('again.modtrail');
  expect(await window.locator('[data-finding=seal]').count()).toBe(0);
  expect(await window.locator('[data-seal-state-line]').innerText()).toBe('seal not verified');
});

test('the page has no error in its console', () => {
  expect(launched.console().filter((line) => line.startsWith('error') || line.startsWith('warning'))).toEqual([]);
});
