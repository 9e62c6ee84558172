/**
 * Drawing where there is no graphics card: in a virtual machine, on a virtual display, over the network. Chromium tries a
 * card nevertheless; its process for that ends, is started again with less, and now and then a page that waits for it
 * waits for ever, so that no window comes up. Without the attempt nothing is lost: drawing is done by the processor anyway.
 */
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What drivers put into the folder of devices: rendering by Mesa's, Nvidia's own, Windows below Linux, and two for ARM. */
const CARD = /^(dri\/renderD\d+|nvidia\d+|dxg|mali\d+|kgsl-3d\d+)$/;

/** Switches that leave out the card, and the stand-in for it that is only used for WebGL. */
export const WITHOUT_CARD = ['disable-gpu', 'disable-software-rasterizer'] as const;

/**
 * Keeps the toolkit that draws dialogs and menus from looking whether it could draw by OpenGL, which nothing here does: where
 * there is no card, that alone loads a compiler of 30 MB. Before the toolkit is there.
 * @param environment - this process's own
 */
export function withoutToolkitGl(environment: NodeJS.ProcessEnv): void {
  environment['GDK_GL'] ??= 'disable';
}

/**
 * Whether this process may use a graphics card.
 * @param devices - the system's folder of devices.
 */
export function hasGraphicsCard(devices = '/dev'): boolean {
  return [...namesIn(devices), ...namesIn(join(devices, 'dri')).map((name) => `dri/${name}`)]
    .filter((name) => CARD.test(name))
    .some((name) => isUsable(join(devices, name)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
