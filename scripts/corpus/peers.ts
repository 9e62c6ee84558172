/** What other tools say of modules: modinfo, readelf, nm and xz, each asked once for a batch of files. */
import { execFileSync } from 'node:child_process';

const GIGABYTE = 1024 ** 3;
/** What tools say in the user's language is in English for this. */
const environment = { ...process.env, LC_ALL: 'C' };

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, {
    maxBuffer: GIGABYTE,
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
}

export interface Modinfo {
  /** "key=value" in order, without parameters and signature. */
  readonly entries: readonly string[];
  /** "name:description (type)", as modinfo joins them, sorted. */
  readonly parameters: readonly string[];
  /** sig_id, signer, sig_key, sig_hashalgo. */
  readonly signature: Readonly<Record<string, string>>;
}

const SIGNATURE = ['sig_id', 'signer', 'sig_key', 'sig_hashalgo', 'signature'];

export function askModinfo(paths: readonly string[]): Modinfo[] {
  const all: { entries: string[]; parameters: string[]; signature: Record<string, string> }[] = [];
  for (const item of run('modinfo', ['-0', ...paths]).split('\0')) {
    if (item.startsWith('filename:')) all.push({ entries: [], parameters: [], signature: {} });
    else if (item.startsWith('parm:')) all.at(-1)?.parameters.push(item.slice(16));
    else if (item !== '') {
      const equals = item.indexOf('=');
      const key = item.slice(0, equals);
      const last = all.at(-1);
      if (!last) continue;
      if (SIGNATURE.includes(key)) last.signature[key] = item.slice(equals + 1);
      else last.entries.push(item);
    }
  }
  return all.map((one) => ({ ...one, parameters: one.parameters.toSorted() }));
}

export interface Readelf {
  /** "index name type address offset size entry flags link info align". */
  readonly sections: readonly string[];
  /** "index value size type binding visibility place name". */
  readonly symbols: readonly string[];
  /** "section count", then "offset info type" of each. */
  readonly relocations: readonly string[];
  /** "section owner size". */
  readonly notes: readonly string[];
}

export function askReadelf(paths: readonly string[]): Readelf[] {
  const text = run('readelf', ['-SsrnW', ...paths]);
  const files = paths.length === 1 ? [text] : text.split(/^File: .*$/m).slice(1);
  return files.map(parseReadelf);
}

function parseReadelf(text: string): Readelf {
  const sections: string[] = [];
  const symbols: string[] = [];
  const relocations: string[] = [];
  const notes: string[] = [];
  let notesOf = '';
  for (const line of text.split('\n')) {
    let found =
      /^ {2}\[ *(\d+)\] (.*?) +([A-Z_0-9]+(?: SECTION INDICES)?) +([0-9a-f]{8,16}) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) (.{3}) +(\d+) +(\d+) +(\d+)$/.exec(
        line,
      );
    if (found) {
      sections.push(
        found
          .slice(1)
          .map((word) => word.trim())
          .join(' '),
      );
    } else if ((found = /^ *(\d+): ([0-9a-f]+) +(0x[0-9a-f]+|\d+) (\S+) +(\S+) +(\S+) +(\S+) (.*)$/.exec(line))) {
      symbols.push(found.slice(1).join(' '));
    } else if ((found = /^([0-9a-f]{8,16}) +([0-9a-f]{8,16}) (\S+)/.exec(line))) {
      relocations.push(found.slice(1).join(' '));
    } else if ((found = /^Relocation section '(.*)' at offset \S+ contains (\d+) entr/.exec(line))) {
      relocations.push(found.slice(1).join(' '));
    } else if ((found = /^Displaying notes found in: (.*)$/.exec(line))) {
      notesOf = found[1] ?? '';
    } else if ((found = /^ {2}(\S+) +0x([0-9a-f]{8})\t/.exec(line))) {
      notes.push(`${notesOf} ${found[1] ?? ''} ${String(parseInt(found[2] ?? '', 16))}`);
    }
  }
  return { sections, symbols, relocations, notes };
}

/** Undefined symbols, sorted. */
export function askNm(paths: readonly string[]): string[][] {
  const text = run('nm', ['-u', ...paths]);
  const files = paths.length === 1 ? [text] : text.split(/^\n.*:$/m).slice(1);
  return files.map((file) => [...file.matchAll(/^ *[Uwv] (.*)$/gm)].map(([, name = '']) => name).toSorted());
}

export function askXz(path: string): Buffer {
  return execFileSync('xz', ['-dc', path], { maxBuffer: GIGABYTE });
}
