/** .modinfo: what a module says of itself, one "key=value" after the other, each ended by a NUL. */
import type { ModinfoEntry, ModinfoPart, Softdep } from '#contract/inspect.ts';
import { describeAlias } from './alias/alias.ts';
import { ImageError, Problems } from './failure.ts';
import type { Making } from './inspect.ts';
import { readVermagic } from './vermagic.ts';

/** @throws ImageError where there is none */
export function modinfoPart({ image }: Making): ModinfoPart {
  const section = image.filled('.modinfo');
  if (!section) throw new ImageError('.modinfo', 'the image has no such section, or its bytes are missing');
  const problems = new Problems();
  const { range } = section;
  const entries: ModinfoEntry[] = [];
  const end = range.offset + range.size;
  for (let at = range.offset; at < end;) {
    const stop = image.bytes.endOfText(at, end);
    if (stop > at) {
      const text = image.bytes.text(at, stop);
      const equals = text.indexOf('=');
      if (equals === -1) problems.add('.modinfo', 'a text without "=" was passed over', at);
      else {
        const where = { offset: at, size: stop - at };
        entries.push({ key: text.slice(0, equals), value: text.slice(equals + 1), range: where });
      }
    }
    at = stop + 1;
  }
  return { range, entries, ...decoded(entries), problems: problems.all() };
}

function decoded(entries: readonly ModinfoEntry[]): Omit<ModinfoPart, 'range' | 'entries' | 'problems'> {
  const byKey = new Map<string, string[]>();
  for (const { key, value } of entries) {
    const known = byKey.get(key);
    if (known) known.push(value);
    else byKey.set(key, [value]);
  }
  const all = (key: string): readonly string[] => byKey.get(key) ?? [];
  const first = (key: string): { [K in typeof key]?: string } => {
    const [value] = all(key);
    return value === undefined ? {} : { [key]: value };
  };
  const yes = (key: string): boolean => all(key)[0] === 'Y';
  const [vermagic] = all('vermagic');
  return {
    ...first('name'),
    ...first('license'),
    authors: all('author'),
    ...first('description'),
    ...first('version'),
    ...first('srcversion'),
    depends: all('depends')
      .flatMap((list) => list.split(','))
      .filter((name) => name !== ''),
    softdeps: all('softdep').flatMap(readSoftdep),
    weakdeps: all('weakdep').flatMap(words),
    firmware: all('firmware'),
    namespaces: all('import_ns'),
    aliases: all('alias').map(describeAlias),
    ...(vermagic === undefined ? {} : { vermagic: readVermagic(vermagic) }),
    retpoline: yes('retpoline'),
    intree: yes('intree'),
    staging: yes('staging'),
    livepatch: yes('livepatch'),
    test: yes('test'),
  };
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** "pre: a b post: c", as modprobe reads it. */
function readSoftdep(text: string): Softdep[] {
  const found: { when: 'pre' | 'post'; modules: string[] }[] = [];
  for (const word of words(text)) {
    if (word === 'pre:' || word === 'post:') found.push({ when: word === 'pre:' ? 'pre' : 'post', modules: [] });
    else found.at(-1)?.modules.push(word);
  }
  return found;
}
