/** The inspector in the real app: a module out of the sample, and a real one of a distribution's kernel. */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import Database from 'better-sqlite3';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODULE_TABS } from '#contract/module.ts';
import { cacheFolder, SAMPLE } from '../../scripts/places.ts';
import { answerOpen, chooseInMenu, launchApp, type LaunchedApp } from './app.ts';
import { sampleBytes } from '../core/module/sample-modules.ts';
import { signer } from '../core/module/signature/signed.ts';
import { folderFor, giveTo, testUser, type TestUser } from './user.ts';
import { dropFile, notices, ready, rows } from './window.ts';

/** Kernels that the lab has unpacked. */
const KERNELS = join(cacheFolder(), 'kernels');

/** A real module of some size, plain or compressed, where the lab's kernels are there. */
function realModule(name: string): string | undefined {
  const folders = existsSync(KERNELS) ? readdirSync(KERNELS) : [];
  for (const kernel of folders.filter((folder) => /^\d.*-amd64$/.test(folder)).toSorted()) {
    const modules = join(KERNELS, kernel, 'tree/lib/modules', kernel, 'kernel/drivers/net');
    const found = [`${name}.ko`, `${name}.ko.xz`].map((file) => join(modules, file)).find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The kernel that a module was built for: it holds the certificate that its modules are signed with. */
const kernelOf = (module: string): string => join(module.split('/tree/')[0] ?? '', 'vmlinuz');

const REAL = realModule('dummy');
if (REAL === undefined) console.warn(`no kernel in ${KERNELS}: what needs a distribution's module is skipped`);

const view = (window: Page) => window.locator('[data-module-view]');
const copied = (app: LaunchedApp): Promise<string> => app.app.evaluate(({ clipboard }) => clipboard.readText());

/** Offset of a byte in the code of init: the first that is no call or jump. */
async function codeByte(window: Page): Promise<number> {
  await window.locator('[data-tab=overview]').click();
  await window.locator('[data-entry=init]').click();
  await window.locator('[data-instruction="1"]').click();
  const words = await window.locator('[data-belongs] .mono').first().innerText();
  return Number(words);
}

/** A folder with a certificate that signed nothing. */
function certificates(user: TestUser): string {
  const folder = folderFor(user);
  const made = signer(['-newkey', 'rsa:2048']);
  const path = join(folder, 'other.pem');
  copyFileSync(made.certificate, path);
  giveTo(user, path);
  made.remove();
  return folder;
}

/** Runs axe over the window in both schemes. */
async function expectAccessible(window: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page: window }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
}

describe('an image of the capture', () => {
  let launched: LaunchedApp;
  /** Where the capture says that its modules were built: a folder of this machine, empty at first. */
  let built: string;

  beforeAll(async () => {
    const user = testUser();
    built = folderFor(user);
    const capture = join(built, 'sample.modtrail');
    copyFileSync(SAMPLE, capture);
    const database = new Database(capture);
    database
      .prepare(`UPDATE file SET path = replace(path, '/home/analyst/build', ?) WHERE path LIKE '/home/analyst/%'`)
      .run(built);
    database.close();
    giveTo(user, capture);
    launched = await launchApp({ files: [capture], user });
    await ready(launched.window);
  });
  afterAll(() => launched.close());

  test('is opened from the list of images with the keys, and left with Escape', async () => {
    const { window, app } = launched;
    await chooseInMenu(app, 'show-images');
    await rows(window).first().waitFor();
    const grid = window.getByRole('grid', { name: 'Images' });
    await grid.focus();
    // Most images of the sample are known by their hash alone; the bar says so of those.
    const inspect = window.locator('[data-inspect]');
    do await window.keyboard.press('ArrowDown');
    while (await inspect.isDisabled());
    await window.keyboard.press('Enter');
    await view(window).waitFor();
    await window.locator('[data-identity]').waitFor();
    expect(await window.locator('[data-shown]').innerText()).toMatch(/ attempts$/);
    await window.keyboard.press('Escape');
    await window.getByRole('grid', { name: 'Images' }).waitFor();
    expect(await notices(window).count()).toBe(0);
  });

  test('says which attempts handed it to the kernel, each a link', async () => {
    const { window } = launched;
    await window.locator('[data-view=module]').click();
    await window.locator('[data-tab=seen]').click();
    const call = window.locator('[data-seen-call]').first();
    const id = await call.getAttribute('data-seen-call');
    await call.click();
    await window
      .locator(`[data-call-id="${String(id)}"]`)
      .first()
      .waitFor();
  });

  test('is compared with the file that it came from, once that is on this machine', async () => {
    const { window, user } = launched;
    await window.locator('[data-view=module]').click();
    await window.locator('[data-tab=compare]').click();
    const origin = window.locator('[data-compare-origin]');
    await origin.click();
    await notices(window).getByText('is not on this machine').waitFor();
    await notices(window).getByRole('button', { name: 'Dismiss' }).first().click();
    const path = (await origin.getAttribute('title'))
      ?.split(/, | on this machine/)
      .find((one) => one.startsWith(built));
    const bytes = sampleBytes('mt_badmagic.ko');
    bytes.write('tampered', bytes.indexOf('license='), 'latin1');
    writeFileSync(path ?? '', bytes);
    giveTo(user, path ?? '');
    await origin.click();
    await window.locator('[data-compared-with]').getByText('mt_badmagic.ko').waitFor();
    await window.locator('[data-difference-group=modinfo]').click();
    await rows(window).filter({ hasText: 'license' }).first().waitFor();
    expect(await notices(window).count()).toBe(0);
  });

  test('is compared with a file that is dropped there', async () => {
    const { window, user } = launched;
    const path = join(built, 'dropped.ko');
    writeFileSync(path, sampleBytes('mt_base.ko'));
    giveTo(user, path);
    await dropFile(window, window.locator('[data-compare]'), path);
    await window.locator('[data-compared-with]').getByText('dropped.ko').waitFor();
    await window.locator('[data-compare-summary]').waitFor();
    await window.locator('.dropping').waitFor({ state: 'detached' });
    expect(await notices(window).count()).toBe(0);
  });

  test('is compared with another one of the capture', async () => {
    const { window } = launched;
    const images = window.locator('[data-compare-image]');
    await images.selectOption({ index: 1 });
    await window.locator('[data-compare-summary]').waitFor();
    await window.locator('[data-difference-group=modinfo]').click();
    await window.locator('[data-difference]').first().click();
    expect(await window.locator('[data-hex] .lit').count()).toBeGreaterThan(0);
    await expectAccessible(window);
    await window.locator('[data-tab=signature]').click();
    await window.getByText('sig_ok').first().waitFor();
    await window.keyboard.press('Escape');
    await view(window).waitFor({ state: 'detached' });
  });

  test('is accessible in the list of images', async () => {
    await launched.window.locator('[data-view=images]').click();
    await rows(launched.window).first().waitFor();
    await expectAccessible(launched.window);
  });
});

describe.skipIf(REAL === undefined)('a real module', () => {
  let launched: LaunchedApp;
  let file: string;

  beforeAll(async () => {
    const user = testUser();
    const folder = folderFor(user);
    file = join(folder, (REAL ?? '').split('/').at(-1) ?? '');
    copyFileSync(REAL ?? '', file);
    giveTo(user, file);
    launched = await launchApp({ files: [file], user });
    await view(launched.window).waitFor();
  });
  afterAll(() => launched.close());

  test('is named on the command line, and tells what it is', async () => {
    const { window } = launched;
    const identity = window.locator('[data-identity]');
    await identity.getByText('dummy', { exact: true }).waitFor();
    expect(await identity.innerText()).toMatch(/vermagic\s+\d+\.\d+/);
    // In one line with its name, and not over what is below.
    expect((await window.locator('[data-entry-size]').first().boundingBox())?.height).toBeLessThan(30);
    await window.locator('[data-verdict-fact]').nth(4).waitFor();
    expect(await window.locator('[data-shown]').innerText()).toMatch(/^module from a file, [\d,]+ bytes/);
  });

  test('every fact of the verdict line leads to what proves it', async () => {
    const { window } = launched;
    const facts = window.locator('[data-verdict-fact]');
    for (let index = 0; index < (await facts.count()); index++) {
      await facts.nth(index).click();
      await window.locator('[role=tab][data-state=active]').waitFor();
    }
    expect(await notices(window).count()).toBe(0);
  });

  test.each(MODULE_TABS)('the tab %s is accessible in both schemes', async (tab) => {
    const { window } = launched;
    await window.locator(`[data-tab=${tab}]`).click();
    await window.waitForTimeout(300);
    await expectAccessible(window);
  });

  test('a section lights its bytes up, and a byte says what it belongs to', async () => {
    const { window } = launched;
    await window.locator('[data-tab=sections]').click();
    await window.locator('[data-narrow]').fill('.modinfo');
    const row = rows(window).filter({ hasText: '.modinfo' }).first();
    await row.click();
    await window.locator('[data-belongs]').getByText('.modinfo', { exact: true }).waitFor();
    await window.keyboard.press('Control+c');
    await window.locator('[data-copy-row]').click();
    await expect.poll(() => copied(launched)).toMatch(/^\d+\t\.modinfo\tPROGBITS\tA\t0x/);
    expect(await window.locator('[data-hex] .lit').count()).toBeGreaterThan(0);
    await window.locator('[data-hex]').focus();
    await window.keyboard.press('ArrowRight');
    await window.locator('[data-belongs]').getByText('.modinfo + 0x1').click();
    await window.locator('[role=tab][data-state=active][data-tab=sections]').waitFor();
  });

  test('bytes are searched, gone to and copied as what is wanted', async () => {
    const { window } = launched;
    await window.locator('[data-tab=hex]').click();
    await window.keyboard.press('/');
    await window.keyboard.type('7f 45');
    await window.locator('[data-search-kind]').selectOption('bytes');
    await window.locator('[data-found]').getByText('hit').waitFor();
    await window.locator('[data-search-bytes]').press('Enter');
    await window.locator('[data-found]').getByText(/^1 of/).waitFor();
    await window.locator('[data-hex]').focus();
    await window.keyboard.press('Control+c');
    await expect.poll(() => copied(launched)).toBe('7f 45');
    await window.keyboard.press('Control+g');
    await window.keyboard.type('0x1');
    await window.keyboard.press('Enter');
    await window.locator('[data-belongs]').getByText('0x1', { exact: true }).waitFor();
    await window.locator('[data-copy-as]').click();
    await window.locator('[data-copy-form=base64]').click();
    await expect.poll(() => copied(launched)).toBe(Buffer.from('E').toString('base64'));
  });

  test('the find box finds over all tabs, and leads there and back', async () => {
    const { window } = launched;
    await window.locator('[data-tab=overview]').click();
    await window.keyboard.press('Control+f');
    await window.keyboard.type('numdummies');
    await window.locator('[data-found-in=parameters]').first().waitFor();
    await window.locator('[data-found-in=parameters]').first().click();
    await window.locator('[role=tab][data-state=active][data-tab=parameters]').waitFor();
    await window.locator('[data-find]').press('Escape');
    await window.locator('[data-find]').press('Escape');
    await window.keyboard.press('Alt+ArrowLeft');
    await window.locator('[role=tab][data-state=active][data-tab=overview]').waitFor();
    await window.keyboard.press('Alt+ArrowRight');
    await window.locator('[role=tab][data-state=active][data-tab=parameters]').waitFor();
  });

  test('code is reached from the overview, follows links with the keys, lights its bytes up and is copied', async () => {
    const { window } = launched;
    await window.locator('[data-tab=overview]').click();
    await window.locator('[data-entry=init]').click();
    await window.locator('[data-code-name]').getByText('dummy_init_module', { exact: true }).waitFor();
    expect(await window.locator('[data-hex] .lit').count()).toBeGreaterThan(0);
    await window.locator('[data-copy-function]').click();
    await expect
      .poll(() => copied(launched))
      .toMatch(/^dummy_init_module {2}\.init\.text\+0x0, \d+ bytes\n.+call __fentry__/);
    await window.locator('[data-code-list]').focus();
    await window.keyboard.press('Home');
    await window.keyboard.press('Control+c');
    await expect.poll(() => copied(launched)).toBe('call __fentry__  ; entry for ftrace');
    await window.keyboard.press('Enter');
    await window.locator('[role=tab][data-state=active][data-tab=symbols]').waitFor();
    await rows(window).filter({ hasText: '__fentry__' }).first().waitFor();
    await window.keyboard.press('Alt+ArrowLeft');
    await window.locator('[data-code-name]').getByText('dummy_init_module', { exact: true }).waitFor();
    await window.locator('[data-find-in-code]').fill('dummy_setup');
    await window.locator('[data-code] [role=status]').getByText('hit').waitFor();
    await window.keyboard.press('Enter');
    await window.locator('[data-instruction][aria-selected=true] [data-target=dummy_setup]').click();
    await window.locator('[data-code-name]').getByText('dummy_setup', { exact: true }).waitFor();
  });

  test('code is reached from the list of functions, by name, from a byte and by the find box', async () => {
    const { window } = launched;
    const name = window.locator('[data-code-name]');
    await window.locator('[data-tab=functions]').click();
    await window.locator('[data-narrow]').fill('dummy_xmit');
    await window.keyboard.press('Enter');
    await window.locator('[data-amount]').getByText('1', { exact: true }).waitFor();
    await window.keyboard.press('ArrowDown');
    await window.keyboard.press('Enter');
    await name.getByText('dummy_xmit', { exact: true }).waitFor();
    await window.locator('[data-go-to-function]').fill('dummy_cleanup_module');
    await window.keyboard.press('Enter');
    await name.getByText('dummy_cleanup_module', { exact: true }).waitFor();
    await window.locator('[data-tab=sections]').click();
    await window.locator('[data-narrow]').fill('');
    await rows(window).filter({ hasText: '.exit.text' }).first().click();
    await window.locator('[data-belongs]').getByText('.exit.text', { exact: true }).waitFor();
    await window.locator('[data-hex]').first().focus();
    await window.keyboard.press('c');
    await name.getByText('dummy_cleanup_module', { exact: true }).waitFor();
    await window.keyboard.press('Control+f');
    await window.keyboard.type('alloc_netdev_mqs');
    await window.locator('[data-found-in=code]').first().click();
    await name.getByText('dummy_init_module', { exact: true }).waitFor();
    await window.locator('[data-instruction][aria-selected=true] [data-target=alloc_netdev_mqs]').waitFor();
    await window.locator('[data-find]').press('Escape');
    await window.locator('[data-find]').press('Escape');
  });

  test('is compared with a changed copy: the function that differs, in both, beside each other', async () => {
    const { window, app, user, home } = launched;
    const other = join(home, 'changed.ko');
    const bytes = readFileSync(file);
    const at = bytes.indexOf('numdummies');
    bytes.write('numdummiez', at, 'latin1');
    bytes.writeUInt8(0x90, await codeByte(window));
    writeFileSync(other, bytes);
    giveTo(user, other);
    await window.locator('[data-tab=compare]').click();
    await answerOpen(app, other);
    await window.locator('[data-compare-file]').click();
    await window.locator('[data-compare-summary]').waitFor();
    await window.locator('[data-difference-group=functions]').click();
    const row = rows(window).filter({ hasText: 'dummy_init_module' }).first();
    await row.click();
    expect(await window.locator('[data-hex] .lit').count()).toBeGreaterThan(0);
    await window.locator('[data-bytes-there]').click();
    await window.getByText('in changed.ko, the other one').waitFor();
    await window.getByRole('grid', { name: 'Differences' }).focus();
    await window.keyboard.press('Enter');
    await expect.poll(() => window.locator('[data-code-pair] [data-code-list]').count()).toBe(2);
    await expectAccessible(window);
    await window.keyboard.press('Escape');
    await window.locator('[data-code-pair]').waitFor({ state: 'detached' });
    await window.locator('[data-copy-difference]').click();
    await expect.poll(() => copied(launched)).toMatch(/^dummy_init_module: \.init\.text, \d+ bytes/);
    await window.locator('[data-compare-none]').click();
    expect(await notices(window).count()).toBe(0);
  });

  test('a signature is held against certificates that are given, and no longer after they are forgotten', async () => {
    const { window, app } = launched;
    await window.locator('[data-tab=signature]').click();
    await window.locator('[data-signature-state=signed]').waitFor();
    await answerOpen(app, '/etc/hostname');
    await window.locator('[data-certificate-files]').click();
    await notices(window).getByText('there is no certificate in it').waitFor();
    await notices(window).getByRole('button', { name: 'Dismiss' }).first().click();
    await answerOpen(app, certificates(launched.user));
    await window.locator('[data-certificate-folder]').click();
    await window.locator('[data-signature-state=unverifiable]').waitFor();
    await window.locator('[data-certificates]').getByText('Held against 1 certificate').waitFor();
    await expectAccessible(window);
    const kernel = join(folderFor(launched.user), 'vmlinuz');
    copyFileSync(kernelOf(REAL ?? ''), kernel);
    giveTo(launched.user, kernel);
    await answerOpen(app, kernel);
    await window.locator('[data-certificate-files]').click();
    await window.locator('[data-signature-state=verified]').waitFor();
    await window
      .locator('[data-verdict-line]')
      .getByText(/verified with/i)
      .waitFor();
    await window.locator('[data-certificates-forget]').click();
    await window.locator('[data-signature-state=signed]').waitFor();
  });

  test('a value is copied as it stands', async () => {
    const { window } = launched;
    await window.locator('[data-tab=overview]').click();
    const value = window.locator('[data-hashes] [data-copy-value]').nth(1);
    const text = await value.innerText();
    await value.click();
    await expect.poll(() => copied(launched)).toBe(text);
    expect(text).toMatch(/^[0-9a-f]{64}$/);
  });

  test('another one is opened by the dialog, and one that is none says so', async () => {
    const { window, app } = launched;
    const before = readFileSync(file);
    await answerOpen(app, file);
    await chooseInMenu(app, 'open');
    await view(window).waitFor();
    await answerOpen(app, '/etc/hostname');
    await chooseInMenu(app, 'open');
    await notices(window).first().waitFor();
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
