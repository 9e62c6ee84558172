/** One module from a cold start: when the first facts and when all are there, and how much memory that took. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { FIRST_PARTS } from '#contract/inspect.ts';
import { openImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';
import { writeAnswer } from '#core/module/json/answer.ts';
import { JsonBytes } from '#core/module/json/bytes.ts';

const [path = ''] = process.argv.slice(2);
const resident = (): number => process.resourceUsage().maxRSS / 1024;
const before = resident();
const start = performance.now();
const image = await openImage(readFileSync(path));
inspectModule(image, { parts: FIRST_PARTS });
const first = performance.now() - start;
const answer = inspectModule(image);
// Lists and entropy are made when they are asked for: here all of them are, as `--json` does.
let written = 0;
for (const out of writeAnswer(new JsonBytes(), answer)) written += out.take().length;
const all = performance.now() - start;
const size = image.data.length / 1024 / 1024;
const grown = resident() - before;
console.log(
  `${basename(path)}: ${size.toFixed(1)} MB, first facts after ${first.toFixed(0)} ms, all after ${all.toFixed(0)} ms ` +
    `(${(written / 1e6).toFixed(0)} MB of JSON), ` +
    `${grown.toFixed(0)} MB more memory, ${(grown / size).toFixed(1)} times the image`,
);
