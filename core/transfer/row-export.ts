/** Writes all rows of a list to a file, a step at a time; what is called off or fails leaves no file. */
import { basename } from 'node:path';
import type { ExportPlace, ExportProgress, ExportRequest, ExportStep } from '#contract/row-export.ts';
import type { Progress } from '#contract/page.ts';
import type { RowList } from '../survey/order-build.ts';
import { NewFile } from './new-file.ts';
import { rowText, type RowText } from './row-text.ts';

/** Where rows come from. */
export interface ExportSource {
  /** Goes on with finding and sorting them for a moment; `progress` is absent once each has its place. */
  find(): { readonly list: RowList; readonly progress: Progress | undefined };
  row(seq: bigint): object | undefined;
}

/** Characters that are written at once. */
const PIECE = 1 << 16;

export class RowExport {
  readonly #source: ExportSource;
  readonly #place: ExportPlace;
  readonly #text: RowText;
  readonly #file: NewFile;
  #begun = performance.now();
  #list: RowList | undefined;
  #next = 0;
  #rows = 0;
  #bytes = 0;

  /** @throws CaptureError where nothing can be written there */
  constructor(request: ExportRequest, place: ExportPlace, source: ExportSource) {
    this.#source = source;
    this.#place = place;
    this.#text = rowText(request);
    this.#file = new NewFile(place.path, place.fresh);
  }

  /** Goes on for that many milliseconds, and a bit. @throws CaptureError; nothing is left then */
  step(milliseconds: number): ExportStep {
    try {
      return this.#list ? this.#write(this.#list, milliseconds) : { progress: this.#find() };
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Removes what was written so far. */
  abandon(): void {
    this.#file.drop();
  }

  #progress(phase: ExportProgress['phase'], done: number, of: number): ExportProgress {
    return { phase, done, of, seconds: (performance.now() - this.#begun) / 1000 };
  }

  #find(): ExportProgress {
    const { list, progress } = this.#source.find();
    if (progress) return this.#progress('reading', progress.done, progress.of);
    this.#list = list;
    this.#begun = performance.now();
    this.#put(this.#text.before);
    return this.#progress('writing', 0, list.size);
  }

  #write(list: RowList, milliseconds: number): ExportStep {
    const end = performance.now() + milliseconds;
    let piece = '';
    while (this.#next < list.size) {
      const seq = list.at(this.#next);
      const row = seq === undefined ? undefined : this.#source.row(BigInt(seq));
      this.#next += 1;
      if (row !== undefined) piece += this.#text.row(row, this.#rows++ === 0);
      if (piece.length < PIECE) continue;
      this.#put(piece);
      piece = '';
      if (performance.now() > end) return { progress: this.#progress('writing', this.#next, list.size) };
    }
    this.#put(piece + this.#text.after);
    this.#file.keep(this.#place);
    return { saved: { name: basename(this.#place.path), rows: this.#rows, bytes: this.#bytes } };
  }

  #put(text: string): void {
    const bytes = Buffer.from(text);
    this.#file.write(bytes);
    this.#bytes += bytes.length;
  }
}
