/** A capture of calls on few files at the same moments, as a machine makes them when it starts: many share another one's load. */
import { CaptureBuilder } from '../builder.ts';
import { randomFrom } from './trees.ts';

/** Returns the path. */
export function buildCrowd(seed: number, calls: number): string {
  const random = randomFrom(seed);
  const one = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value;
  const built = new CaptureBuilder();
  const files = [1, 2, 3, 4].flatMap((inode) =>
    ['', '-again'].map((end) => built.file(`/m/mod${String(inode)}${end}.ko`, inode)),
  );
  for (let at = 0; at < calls; at++) {
    const ns = at * 1600 + Math.floor(random() * 20_000); // nearly in order, as a recorder writes
    const kind = one(['finit_module', 'finit_module', 'finit_module', 'init_module', 'delete_module'] as const);
    const file = kind === 'finit_module' && random() < 0.97 ? one(files) : undefined;
    const returned = random() < 0.03 ? undefined : one([0, 0, 0, -17, -19]);
    const repeat = returned !== 0 && random() < 0.1 ? { repeat: 3, lastNs: ns + 500 } : {};
    const call = built.call({
      ...{ kind, ns, took: 200 + Math.floor(random() * 20_000), late: random() < 0.2, ...repeat },
      ...(file === undefined ? {} : { file }),
      ...(returned === undefined ? {} : { returned }),
    });
    if (random() < 0.15) built.image(call, 10, ns + 10);
    for (let times = random() < 0.3 ? 1 + Math.floor(random() * 2) : 0; times > 0; times--)
      built.load(
        call,
        0x1000 * Math.floor(random() * 50),
        one(['cpu', 'dup', 'ghost']),
        ns + Math.floor(random() * 100),
      );
    if (random() < 0.1) built.free(call, 0x1000 * Math.floor(random() * 50), 'cpu', ns + 150);
  }
  return built.finish();
}
