/**
 * How the page is drawn. Names and words from outside are in most of what it shows: wherever they come in, what drives or
 * turns text is shown as an escape and does neither. Lines and tabs of longer texts stay; where a name has to be one line,
 * its component makes it one.
 */
import { printableLines } from '#contract/printable.ts';
import { createRenderer, nodeOps, patchProp, type Component, type App, type RendererOptions } from 'vue';

/** Attributes that are read by a person, on the screen or from it. */
const READ = new Set(['title', 'aria-label', 'aria-description', 'aria-valuetext', 'alt', 'placeholder']);

/** The same functions, with everything that is read made printable. What is typed into a field is left as it is. */
export function printing<N, E>(options: RendererOptions<N, E>): RendererOptions<N, E> {
  return {
    ...options,
    createText: (text) => options.createText(printableLines(text)),
    setText: (node, text) => {
      options.setText(node, printableLines(text));
    },
    setElementText: (element, text) => {
      options.setElementText(element, printableLines(text));
    },
    patchProp: (element, key, before, after: unknown, ...more) => {
      options.patchProp(
        element,
        key,
        before,
        READ.has(key) && typeof after === 'string' ? printableLines(after) : after,
        ...more,
      );
    },
  };
}

export function createPage(root: Component): App<Element> {
  return createRenderer<Node, Element>(printing({ ...nodeOps, patchProp })).createApp(root);
}
