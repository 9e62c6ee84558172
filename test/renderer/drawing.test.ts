/** What the page is drawn with: whatever comes from outside is shown with escapes, when it comes and when it changes. */
import { expect, test } from 'vitest';
import { createRenderer, h, nextTick, shallowRef, type RendererOptions, type VNode } from 'vue';
import { printing } from '../../renderer/drawing.ts';

interface Drawn {
  text: string;
  readonly props: Record<string, unknown>;
  readonly children: Drawn[];
}

const node = (text = ''): Drawn => ({ text, props: {}, children: [] });

/** Elements and texts as plain objects. */
const plain: RendererOptions<Drawn, Drawn> = {
  createElement: () => node(),
  createText: (text) => node(text),
  createComment: () => node(),
  setText: (drawn, text) => void (drawn.text = text),
  setElementText: (drawn, text) => void (drawn.text = text),
  insert: (drawn, parent) => void parent.children.push(drawn),
  remove: () => undefined,
  parentNode: () => null,
  nextSibling: () => null,
  patchProp: (drawn, key, _, value: unknown) => void (drawn.props[key] = value),
};

const copyOf = ({ text, props, children }: Drawn): Drawn => ({
  ...{ text, props: { ...props } },
  children: children.map(copyOf),
});

/** Draws once, and again with another text. */
async function drawn(draw: (text: string) => VNode, first: string, then: string): Promise<[Drawn, Drawn]> {
  const text = shallowRef(first);
  const root = node();
  const app = createRenderer(printing(plain)).createApp({ render: () => draw(text.value) });
  app.mount(root);
  const before = copyOf(root);
  text.value = then;
  await nextTick();
  return [before, copyOf(root)];
}

const TURNED = 'a\u202egpj.exe\u001b[2J';
const SHOWN = 'a\\u{202e}gpj.exe\\x1b[2J';

test('an element with a text', async () => {
  const [before, after] = await drawn((text) => h('p', text), TURNED, `b${TURNED}`);
  expect([before.children[0]?.text, after.children[0]?.text]).toEqual([SHOWN, `b${SHOWN}`]);
});

test('a text among other children', async () => {
  const [before, after] = await drawn((text) => h('p', [h('b', 'x'), text]), TURNED, `b${TURNED}`);
  expect([before, after].map((root) => root.children[0]?.children.at(1)?.text)).toEqual([SHOWN, `b${SHOWN}`]);
});

test.each(['title', 'aria-label', 'placeholder', 'alt'])('%s', async (key) => {
  const [before, after] = await drawn((text) => h('p', { [key]: text }), TURNED, `b${TURNED}`);
  expect([before, after].map((root) => root.children[0]?.props[key])).toEqual([SHOWN, `b${SHOWN}`]);
});

test('what is typed, and what programs read, is left as it is', async () => {
  const draw = (text: string): VNode => h('input', { value: text, 'data-name': text });
  const [, after] = await drawn(draw, 'x', TURNED);
  expect(after.children[0]?.props).toMatchObject({ value: TURNED, 'data-name': TURNED });
});

test('lines and tabs of a text stay', async () => {
  const [before] = await drawn((text) => h('pre', text), 'a\n\tb\r\u2028c', '');
  expect(before.children[0]?.text).toBe('a\n\tb\\x0d\\u{2028}c');
});
