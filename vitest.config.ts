/**
 * One project for each folder of test/, so that `npm test -- core` runs one of them. Projects that boot kernels or drive
 * the real app run their files one after the other; scripts/test.ts decides which projects run side by side.
 */
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** The projects, with the longest time of one test in milliseconds. */
const PROJECTS = [
  { name: 'core', limit: MINUTE / 2, serial: false },
  { name: 'cli', limit: MINUTE, serial: false },
  { name: 'renderer', limit: MINUTE / 2, serial: false },
  { name: 'main', limit: MINUTE / 2, serial: false },
  { name: 'scripts', limit: MINUTE, serial: false },
  { name: 'native', limit: 2 * MINUTE, serial: true },
  { name: 'lab', limit: 10 * MINUTE, serial: true },
  { name: 'e2e', limit: 2 * MINUTE, serial: true },
] as const;

export default defineConfig({
  test: {
    projects: PROJECTS.map(({ name, limit, serial }) => ({
      plugins: name === 'renderer' ? [vue()] : [],
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        environment: 'node' as const,
        testTimeout: limit,
        hookTimeout: serial ? 10 * MINUTE : MINUTE,
        fileParallelism: !serial,
        ...(serial ? { maxWorkers: 1 } : {}),
      },
    })),
    passWithNoTests: true,
  },
});
