/**
 * The answer to "what is this module": each part is made by a function of its own from the image and from the parts
 * before it. What a part cannot read is its problem, and never another part's.
 */
import {
  INSPECT_VERSION,
  PART_NAMES,
  type Inspection,
  type InspectionParts,
  type PartName,
  type Problem,
} from '#contract/inspect.ts';
import { problemOf } from './failure.ts';
import type { ModuleImage } from './image.ts';
import { PARTS } from './parts.ts';
import type { Certificate } from './signature/certificate.ts';

export interface InspectOptions {
  /** Which parts; all where none are named. Those that they build on are made too, and come along. */
  readonly parts?: readonly PartName[];
  /** Name of the file, for the answer. */
  readonly file?: string;
  /** What signatures are held against; without any they are only described. */
  readonly certificates?: readonly Certificate[];
  /** Every relocation, not only their counts. */
  readonly allRelocations?: boolean;
}

/** Parts that say other things with other certificates. */
const OF_CERTIFICATES: ReadonlySet<string> = new Set<PartName>(['signature', 'verdict']);

/** What a part is made from. */
export interface Making {
  readonly image: ModuleImage;
  readonly options: InspectOptions;
  /** An earlier part, made now if it was not before; undefined where nothing of it could be read. */
  readonly part: <N extends PartName>(name: N) => InspectionParts[N] | undefined;
}

/** Makes a part; an ImageError that it throws means that nothing of it could be read. */
export type MakePart<N extends PartName> = (making: Making) => InspectionParts[N];

/** Never throws on any bytes. */
export function inspectModule(image: ModuleImage, options: InspectOptions = {}): Inspection {
  return new Inspector(image, options).answer();
}

/** Makes parts one at a time, each once; what is asked for later builds on what is there. */
export class Inspector implements Making {
  readonly image: ModuleImage;
  readonly options: InspectOptions;
  readonly #made: { [N in PartName]?: InspectionParts[N] } = {};
  readonly #tried = new Set<PartName>();
  readonly #problems: Problem[] = [];

  constructor(image: ModuleImage, options: InspectOptions) {
    this.image = image;
    this.options = options;
  }

  readonly part = <N extends PartName>(name: N): InspectionParts[N] | undefined => {
    if (!this.#tried.has(name)) {
      this.#tried.add(name);
      try {
        const made = PARTS[name]?.(this);
        if (made !== undefined) this.#made[name] = made;
      } catch (error) {
        const { text, offset } = problemOf(error);
        this.#problems.push(offset === undefined ? { where: name, text } : { where: name, offset, text });
      }
    }
    return this.#made[name];
  };

  /** The same image held against other certificates: all parts that do not speak of them are kept. */
  withCertificates(certificates: readonly Certificate[]): Inspector {
    const other = new Inspector(this.image, { ...this.options, certificates });
    for (const name of this.#tried) {
      if (OF_CERTIFICATES.has(name)) continue;
      other.#tried.add(name);
      Object.assign(other.#made, { [name]: this.#made[name] });
    }
    other.#problems.push(...this.#problems.filter(({ where }) => !OF_CERTIFICATES.has(where)));
    return other;
  }

  /** Parts of which nothing could be read, as far as they were asked for. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** @param parts - those that are made for it; what was made before comes along */
  answer(parts: readonly PartName[] = this.options.parts ?? PART_NAMES): Inspection {
    for (const name of parts) this.part(name);
    const { file } = this.options;
    return {
      version: INSPECT_VERSION,
      ...(file === undefined ? {} : { file }),
      container: this.image.container,
      ...this.#made,
      problems: this.#problems,
    };
  }
}
