/**
 * One project for each folder of test/, so that `npm test -- core` runs one of them. Projects that boot kernels or drive
 * the real app run their files one after the other; scripts/test.ts decides which projects run side by side.
 */
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** As in test/lab/guest.ts. */
const PATIENCE = Number(process.env['MODTRAIL_PATIENCE'] ?? 1);

/** What all kernels have to show is as long as the rest of the lab, and a project of its own beside it. */
const KERNELS = ['flood', 'hidden', 'images', 'kernel'].map((name) => `test/lab/${name}.test.ts`);

/** Where a project's tests are not simply those of the folder of its name. */
const FILES: Readonly<Record<string, { readonly include?: string[]; readonly exclude?: string[] }>> = {
  kernels: { include: KERNELS },
  lab: { exclude: KERNELS },
};

/** The projects, with the longest time of one test in milliseconds. */
const PROJECTS = [
  { name: 'core', limit: MINUTE / 2, serial: false },
  { name: 'cli', limit: MINUTE, serial: false },
  { name: 'renderer', limit: MINUTE / 2, serial: false },
  { name: 'main', limit: MINUTE / 2, serial: false },
  { name: 'scripts', limit: MINUTE, serial: false },
  { name: 'native', limit: 2 * MINUTE, serial: true },
  { name: 'lab', limit: 10 * MINUTE, serial: true },
  { name: 'kernels', limit: 10 * MINUTE, serial: true },
  { name: 'e2e', limit: 2 * MINUTE, serial: true },
] as const;

export default defineConfig({
  test: {
    projects: PROJECTS.map(({ name, limit, serial }) => ({
      plugins: name === 'renderer' ? [vue()] : [],
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        ...FILES[name],
        environment: 'node' as const,
        testTimeout: limit,
        hookTimeout: serial ? 10 * MINUTE * PATIENCE : MINUTE,
        fileParallelism: !serial,
        ...(serial ? { maxWorkers: 1 } : {}),
      },
    })),
    passWithNoTests: true,
  },
});
