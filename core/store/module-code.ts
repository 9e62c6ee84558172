/** Code of one open image: a function is taken apart when it is asked for, and the last few are kept. */
import type { DisassemblyPart } from '#contract/inspect-code.ts';
import { instructionText } from '#contract/instruction-text.ts';
import type { ModuleFunction } from '#contract/inspect.ts';
import type { CodePage, CodeRequest, FoundInCode } from '#contract/module-code.ts';
import { disassemble, type Stretch } from '../module/code/disassemble.ts';
import { stretchAt } from '../module/code/stretch.ts';
import { codeText } from '../module/code/text.ts';
import type { ModuleImage } from '../module/image.ts';

/** Functions that are kept: both of a pair that is compared, and what was left for a look at them. */
const KEPT = 4;

/** Hits that are told. */
const MOST_FOUND = 1000;

export class ModuleCode {
  readonly #image: ModuleImage;
  readonly #functions: () => readonly ModuleFunction[];
  readonly #kept = new Map<string, DisassemblyPart>();

  /** @param functions - by section and address; asked for when code first is */
  constructor(image: ModuleImage, functions: () => readonly ModuleFunction[]) {
    this.#image = image;
    this.#functions = functions;
  }

  /** @throws ImageError where there is no code */
  async page({ at, start, limit }: CodeRequest): Promise<CodePage> {
    const code = await this.#around(at);
    const { instructions, name, section, sectionName, offset, range, problems } = code;
    const row = this.#functions().findIndex((one) => one.section === section && one.value === offset);
    const found = name === undefined ? undefined : this.#functions()[row];
    return {
      ...(name === undefined ? {} : { name }),
      ...(found?.role ? { role: found.role } : {}),
      ...(found ? { row } : {}),
      section: sectionName,
      ...{ offset, range, problems },
      total: instructions.length,
      index: Math.max(
        instructions.findLastIndex((one) => one.range.offset <= at),
        0,
      ),
      start,
      instructions: instructions.slice(start, start + limit),
    };
  }

  /** All of it as text. */
  async text(at: number): Promise<string> {
    return codeText(await this.#around(at));
  }

  async find(at: number, text: string): Promise<FoundInCode> {
    const wanted = text.toLowerCase();
    const { instructions } = await this.#around(at);
    const found = instructions.flatMap((one, index) =>
      instructionText(one).toLowerCase().includes(wanted) ? [{ index, at: one.range.offset }] : [],
    );
    return { hits: found.slice(0, MOST_FOUND), total: found.length };
  }

  async #around(at: number): Promise<DisassemblyPart> {
    const stretch = stretchAt(this.#image, this.#functions(), at);
    const key = keyOf(stretch);
    const code = this.#kept.get(key) ?? (await disassemble(this.#image, stretch));
    // The one that was asked for last stands last.
    this.#kept.delete(key);
    this.#kept.set(key, code);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return code;
  }
}

const keyOf = ({ section, offset, size }: Stretch): string => [section, offset, size].join(' ');
