/** One module from a cold start: when the first facts and when all are there, and how much memory that took. */
import { basename } from 'node:path';
import { FIRST_PARTS } from '#contract/inspect.ts';
import { openImage } from '#core/module/image.ts';
import { Inspector } from '#core/module/inspect.ts';
import { writeAnswer } from '#core/module/json/answer.ts';
import { JsonBytes } from '#core/module/json/bytes.ts';
import { readModuleFile } from '#core/module/read-file.ts';

const [path = ''] = process.argv.slice(2);
const resident = (): number => process.resourceUsage().maxRSS / 1024;
/** Milliseconds of the processor, all threads: what other work on the machine does not change much. */
const used = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const before = resident();
const start = performance.now();
const startUsed = used();
const image = await openImage(readModuleFile(path));
const inspector = new Inspector(image, {});
inspector.answer(FIRST_PARTS);
const first = performance.now() - start;
const firstUsed = used() - startUsed;
// The same inspector goes on, as in the app.
const answer = inspector.answer();
// Lists and entropy are made when they are asked for: here all of them are, as `--json` does.
let written = 0;
for (const out of writeAnswer(new JsonBytes(), answer)) written += out.take().length;
const all = performance.now() - start;
const allUsed = used() - startUsed;
const size = image.data.length / 1024 / 1024;
const grown = resident() - before;
console.log(
  `${basename(path)}: ${size.toFixed(1)} MB, first facts after ${first.toFixed(0)} ms (${firstUsed.toFixed(0)} of the ` +
    `processor), all after ${all.toFixed(0)} ms (${allUsed.toFixed(0)}; ${(written / 1e6).toFixed(0)} MB of JSON), ` +
    `${grown.toFixed(0)} MB more memory, ${(grown / size).toFixed(1)} times the image`,
);
