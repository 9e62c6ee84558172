/** What does not fit a window: text that is cut and told nowhere, controls out of sight or without a name, low lists. */
import type { Page } from 'playwright';

/** Everything that is wrong with what the window shows now, in words; empty where it fits. */
export const faultsOf = (window: Page): Promise<string[]> => window.evaluate(findFaults);

/** Runs in the page, and can use nothing from here. */
function findFaults(): string[] {
  const CONTROLS = 'button, a[href], input, select, textarea, [tabindex], [role=tab]';
  /** Panes that may be wider than they show: tables, bytes, code, tabs; all of them move with the arrow keys. */
  const WIDE = '[role=grid], [role=treegrid], [role=tablist], [role=listbox], [data-hex], pre';
  /** Three rows below a heading; two lanes; what any other pane shows at least. Pixels. */
  const [LEAST_TABLE, LEAST_LANES, LEAST_PANE] = [96, 47, 47];
  const SLACK = 2;

  const found = new Set<string>();
  const words = (text: string | null | undefined): string => (text ?? '').replaceAll(/\s+/g, ' ').trim();
  const tag = (element: Element): string =>
    (element.cloneNode() as Element).outerHTML.replaceAll(/ (?:data-v-\w+|style)="[^"]*"/g, '').slice(0, 160);
  /** Texts for screen readers alone are cut to nothing. */
  const isForEars = (element: Element): boolean => getComputedStyle(element).clipPath === 'inset(50%)';
  const isSeen = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    [...upwards(element)].every((one) => !isForEars(one));
  const isScrolled = (style: string): boolean => /auto|scroll/.test(style);
  const isClipped = (style: string): boolean => /hidden|clip/.test(style);

  function* upwards(from: Element | null): Generator<Element> {
    for (let element = from; element; element = element.parentElement) yield element;
  }

  /** The element that hides a part of the box, and how; what lies further down a pane that scrolls is reached there. */
  function cutOf(from: Element | null, box: DOMRect): { by: Element; how: string } | undefined {
    let { left, right, top, bottom } = box;
    for (const by of upwards(from)) {
      const style = getComputedStyle(by);
      if (style.display === 'inline' || style.display === 'contents') continue;
      const edge = by.getBoundingClientRect();
      const across = Math.max(right - edge.right, edge.left - left);
      const down = Math.max(bottom - edge.bottom, edge.top - top);
      if (isClipped(style.overflowX) && across > SLACK) return { by, how: `${across.toFixed(0)} px across` };
      if (isClipped(style.overflowY) && down > SLACK) return { by, how: `${down.toFixed(0)} px down` };
      if (isScrolled(style.overflowX)) [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      if (isScrolled(style.overflowY)) [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
      if (right <= left || bottom <= top) return undefined;
      if (style.position === 'fixed') break;
    }
    const by = document.body;
    if (left < -SLACK || right > innerWidth + SLACK) return { by, how: `${left.toFixed(0)} to ${right.toFixed(0)}` };
    if (top < -SLACK || bottom > innerHeight + SLACK) return { by, how: `${top.toFixed(0)} to ${bottom.toFixed(0)}` };
    return undefined;
  }

  /** A text that ends in dots is told whole by a title, its own or one around it. */
  function isTold(element: Element, text: string, by: Element): boolean {
    element.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    const around = [...upwards(element)];
    const dots = around.slice(0, around.indexOf(by) + 1);
    return (
      dots.some((one) => getComputedStyle(one).textOverflow === 'ellipsis') &&
      around.some((one) => words(one.getAttribute('title')).includes(text))
    );
  }

  function lookAtTexts(): void {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = words(node.textContent);
      const element = node.parentElement;
      if (text === '' || !element || element.closest('option, script') || !isSeen(element)) continue;
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      const cut = box.width > 0 ? cutOf(element, box) : undefined;
      if (cut && !isTold(element, text, cut.by))
        found.add(`text cut by ${cut.how}: "${text.slice(0, 60)}" in ${tag(element)}, by ${tag(cut.by)}`);
    }
  }

  function nameOf(element: Element): string {
    const labels = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels : [];
    const ids = (element.getAttribute('aria-labelledby') ?? '').split(' ');
    const others = [...(labels ?? []), ...ids.map((id) => document.getElementById(id)), element];
    return words(
      [
        element.getAttribute('aria-label'),
        element.getAttribute('title'),
        ...others.map((one) => one?.textContent),
      ].join(''),
    );
  }

  /** Whether the point lies outside of a pane that would have to be scrolled to see it. */
  // What lies on a pane's end is the next one's.
  const isScrolledAway = (element: Element, x: number, y: number): boolean =>
    [...upwards(element.parentElement)].some((pane) => {
      const { overflowX, overflowY } = getComputedStyle(pane);
      const { left, right, top, bottom } = pane.getBoundingClientRect();
      return (isScrolled(overflowX) && (x < left || x >= right)) || (isScrolled(overflowY) && (y < top || y >= bottom));
    });

  function lookAtControls(): void {
    // What a dialog or a menu covers is not meant to be reached.
    const front = document.querySelector('[role=dialog], [role=menu]') ?? document;
    for (const element of front.querySelectorAll(CONTROLS)) {
      const box = element.getBoundingClientRect();
      if (!isSeen(element) || box.width === 0 || box.height === 0) continue;
      if (nameOf(element) === '') found.add(`no name: ${tag(element)}`);
      const cut = cutOf(element.parentElement, box);
      const label = `${tag(element)} "${words(element.textContent).slice(0, 30)}"`;
      if (cut) found.add(`control cut by ${cut.how}: ${label}, by ${tag(cut.by)}`);
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      // Parts of a picture may be narrower than what can be pointed at; they stand in a list too.
      const top = element.closest('.areas') ? null : document.elementFromPoint(x, y);
      if (top && !element.contains(top) && !top.contains(element) && !isScrolledAway(element, x, y))
        found.add(`control covered: ${label}, by ${tag(top)}`);
    }
  }

  function lookAtPanes(): void {
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth || page.scrollHeight > page.clientHeight)
      found.add(`the page itself is ${String(page.scrollWidth)} by ${String(page.scrollHeight)} large`);
    for (const pane of document.body.querySelectorAll('*')) {
      const { overflowX, overflowY } = getComputedStyle(pane);
      if (!isScrolled(overflowX + overflowY) || !isSeen(pane) || pane.clientWidth === 0) continue;
      if (isScrolled(overflowX) && pane.scrollWidth > pane.clientWidth + 1 && !pane.matches(WIDE))
        found.add(`scrolls sideways, ${String(pane.scrollWidth)} in ${String(pane.clientWidth)} px: ${tag(pane)}`);
      const least = pane.matches('[role=grid], [role=treegrid]') ? LEAST_TABLE : LEAST_PANE;
      if (isScrolled(overflowY) && pane.scrollHeight > pane.clientHeight + 1 && pane.clientHeight < least)
        found.add(`shows only ${String(pane.clientHeight)} px of ${String(pane.scrollHeight)}: ${tag(pane)}`);
    }
    const lanes = document.querySelector('[data-timeline] canvas.grow');
    if (lanes && lanes.clientHeight < LEAST_LANES) found.add(`lanes of ${String(lanes.clientHeight)} px`);
  }

  lookAtTexts();
  lookAtControls();
  lookAtPanes();
  return [...found];
}
