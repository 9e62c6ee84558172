/** `modtrail images` and `modtrail extract`: the modules' bytes, listed and given back bit for bit. */
import type { Hole, ImageName, ImageRow } from '#contract/image.ts';
import { printable } from '#contract/printable.ts';
import { CaptureError } from '#core/capture/failure.ts';
import { ndjson, withCapture } from '../open.ts';
import { imageState } from '../image-text.ts';
import { CommandFailure, complain, line, Table, write } from '../output.ts';

/** Rows that are written at a time. */
const PAGE = 1000;

function row(image: ImageRow): string[] {
  return [
    image.sha256 ?? `(event ${String(image.seqs[0] ?? '?')})`,
    String(image.size),
    imageState(image),
    String(image.loads),
    image.firstTime,
    image.names.join(', '),
    image.paths.join(', '),
  ];
}

export function images(path: string, options: { json?: true }): Promise<void> {
  return withCapture(path, async (capture) => {
    const rows = capture.images();
    if (options.json) return write(ndjson(rows));
    const table = new Table(['SHA-256', 'BYTES', 'STATE', 'READ', 'FIRST', 'MODULES', 'FROM'], 64);
    for (let from = 0; from === 0 || from < rows.length; from += PAGE)
      await table.write(rows.slice(from, from + PAGE).map(row));
  });
}

/** How an image is named on the command line: by exactly one of both. */
function nameOf({ image, event }: { image?: string; event?: number }): ImageName {
  if (image !== undefined && event === undefined) return { sha256: image };
  if (event !== undefined && image === undefined) return { seq: event };
  throw new CommandFailure('extract needs either --image SHA-256 or --event SEQ');
}

function holesText(holes: readonly Hole[]): string {
  const shown = holes.slice(0, 20).map(({ from, to }) => `${String(from)} to ${String(to - 1)}`);
  const more = holes.length > shown.length ? ` and ${String(holes.length - shown.length)} more` : '';
  return `bytes ${shown.join(', ')}${more} did not arrive and are zeros`;
}

export function extract(
  path: string,
  options: { image?: string; event?: number; out: string; partial?: true },
): Promise<void> {
  const name = nameOf(options);
  return withCapture(path, async (capture) => {
    try {
      const { bytes, sha256, holes = [] } = capture.extractImage(name, options.out, options.partial === true);
      if (holes.length > 0) complain(holesText(holes));
      await line(
        printable(
          `${options.out}: ${String(bytes)} bytes, ${sha256 === undefined ? 'incomplete' : `sha256 ${sha256}`}`,
        ),
      );
    } catch (error) {
      if (!(error instanceof CaptureError) || error.message !== INCOMPLETE) throw error;
      throw new CommandFailure(`${error.message}; --partial writes what did`);
    }
  });
}

const INCOMPLETE = 'this image did not arrive whole';
