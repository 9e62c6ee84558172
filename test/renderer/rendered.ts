/** A component as the HTML that it draws, with the stores of the test. */
import { currentPinia } from './page.ts';
import { TooltipProvider } from 'reka-ui';
import { createSSRApp, h, type Component } from 'vue';
import { renderToString } from 'vue/server-renderer';

/** Draws a component once. Handlers and what happens after mounting are not part of it. */
export async function rendered(component: Component, props: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const app = createSSRApp({ render: () => h(TooltipProvider, null, { default: () => h(component, props) }) });
  app.use(currentPinia());
  const html = await renderToString(app);
  return html.replaceAll(/<!--.*?-->/g, '');
}

/** What a person reads. */
export const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** The part of the HTML from an element with that attribute on; empty where there is none. */
export function from(html: string, attribute: string): string {
  const at = html.indexOf(attribute);
  return at < 0 ? '' : html.slice(html.lastIndexOf('<', at));
}
