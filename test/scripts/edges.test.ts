import { expect, test } from 'vitest';
import { checkFile, findForbidden } from '../../scripts/edges.ts';

/** File, its text, and the target that must be refused. */
const FORBIDDEN = [
  ['contract/x.ts', "import { join } from 'node:path';", 'node:path'],
  ['contract/x.ts', "import type { Capture } from '#core/capture/open.ts';", '#core/capture/open.ts'],
  ['core/x.ts', "import { app } from 'electron';", 'electron'],
  ['core/x.ts', "export * from '../cli/main.ts';", '../cli/main.ts'],
  ['cli/x.ts', "const Database = await import('better-sqlite3');", 'better-sqlite3'],
  ['main/store/x.ts', "import { app } from 'electron';", 'electron'],
  ['cli/x.ts', "import { places } from '../main/app/places.ts';", '../main/app/places.ts'],
  ['main/rights/x.ts', "import { app } from 'electron';", 'electron'],
  ['main/app/x.ts', "import Database from 'better-sqlite3';", 'better-sqlite3'],
  ['main/preload/x.ts', "import fs from 'fs';", 'fs'],
  ['renderer/x.ts', "import { readFile } from 'node:fs/promises';", 'node:fs/promises'],
  ['renderer/x.ts', "import { openCapture } from '../core/capture/open.ts';", '../core/capture/open.ts'],
  ['renderer/x.vue', '<script setup lang="ts">\nimport { ipcRenderer } from \'electron\';\n</script>', 'electron'],
  [
    'renderer/parts/x.vue',
    '<script setup lang="ts">\nimport { bridge } from \'../bridge.ts\';\n</script>',
    '../bridge.ts',
  ],
  ['renderer/format/x.ts', "import { bridge } from '../bridge.ts';", '../bridge.ts'],
  ['cli/x.ts', "import { createApp } from 'vue';", 'vue'],
  ['bpf/x.bpf.c', '#include "../native/writer.h"\n', '../native/writer.h'],
] as const;

test.each(FORBIDDEN)('%s may not contain %s', (file, text, target) => {
  expect(checkFile(file, text).map((edge) => edge.target)).toEqual([target]);
});

/** Imports that the rules allow. */
const ALLOWED = [
  ['core/x.ts', "import Database from 'better-sqlite3';\nimport type { Event } from '#contract/event.ts';"],
  ['core/attempt/x.ts', "import { readFileSync } from 'node:fs';\nimport { open } from '../capture/open.ts';"],
  ['main/app/x.ts', "import { app } from 'electron';\nimport { trustedPath } from '../rights/trusted-path.ts';"],
  ['cli/commands/x.ts', "import { trustedPath } from '../../main/rights/trusted-path.ts';"],
  ['renderer/x.vue', '<script setup lang="ts">\nimport { computed } from \'vue\';\n</script>'],
  ['renderer/stores/x.ts', "import { bridge } from '../bridge.ts';"],
  ['native/x.c', '#include "../bpf/records.h"\n#include <stdio.h>\n'],
] as const;

test.each(ALLOWED)('%s may contain %s', (file, text) => {
  expect(checkFile(file, text)).toEqual([]);
});

test('every import of the project is allowed', () => {
  expect(findForbidden()).toEqual([]);
});
