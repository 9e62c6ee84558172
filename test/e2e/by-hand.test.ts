/** A desktop on which nobody can ask for root's rights: the recorder is started in a terminal, and the app attaches. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { answerSave, launchApp } from './app.ts';
import { toldInfo } from './told.ts';

/** Without a bus no polkit answers; where one runs, what it answers is the machine's own affair. */
const nobodyAsks = process.getuid?.() === 0 && !existsSync('/run/dbus/system_bus_socket');

test.runIf(nobodyAsks)('the line is shown, given up, shown again, and starts a recording', async () => {
  const { app, window, home, close } = await launchApp();
  try {
    const out = join(home, "it's live.modtrail");
    const line = window.locator('[data-by-hand] [data-command]');
    await answerSave(app, out);
    await window.locator('[data-record]').click();
    await line.waitFor();
    expect((await new AxeBuilder({ page: window }).setLegacyMode(true).analyze()).violations).toEqual([]);
    await window.keyboard.press('Escape');
    await line.waitFor({ state: 'hidden' });

    await window.locator('[data-record]').click();
    // Nothing is recorded yet: what lies under the name cannot be deleted from here.
    const discard = await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('discard')?.enabled);
    expect(discard).toBe(false);
    const command = await line.innerText();
    expect(command).toMatch(/^sudo .*modtrail-collector --out /);
    // Root needs no sudo; the shell reads the rest as a terminal's would.
    const recorder = spawn('bash', ['-c', command.replace(/^sudo /, 'exec ')], { stdio: 'ignore' });
    const ended = new Promise((resolve) => recorder.once('exit', resolve));
    await window.locator('[data-stop]:not([disabled])', { hasText: 'Stop' }).waitFor({ timeout: 20_000 });
    await line.waitFor({ state: 'hidden' });
    await window.locator('[data-stop]').click();
    expect(await ended).toBe(0);
    await window.locator('[data-record]').waitFor();
    expect(toldInfo(out).completeness).toBe('finished');
  } finally {
    await close();
  }
});
