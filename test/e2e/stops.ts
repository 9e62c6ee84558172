/** Where the Tab key stops, and what neither it nor the arrows come to. */
import type { Page } from 'playwright';

/** What takes the focus by itself, or takes part in a group that does. */
const CONTROLS = 'button, a[href], input, select, textarea, summary, [tabindex]';

/** Groups that are one stop of the Tab key; arrows move in them. The areas of a layout stand in a list too. */
const GROUPS =
  '[role=tablist], [role=grid], [role=treegrid], [role=radiogroup], [role=listbox], [role=menu], [role=tree], .areas';

/** A menu is moved in with the arrows alone. */
const MENU = '[role=menu]';

/** Controls in sight that the Tab key does not stop at and that are in nothing that arrows move in. */
export const lostControls = (window: Page): Promise<string[]> =>
  window.evaluate(
    ([controls, groups]) => {
      const front = document.querySelector('[role=dialog], [role=menu]') ?? document;
      return [...front.querySelectorAll<HTMLElement>(controls)]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(':disabled'))
        .filter((one) => one.tabIndex < 0 && one.matches('button, a, input, select, textarea') && !one.closest(groups))
        .map((one) => (one.cloneNode() as Element).outerHTML.slice(0, 160));
    },
    [CONTROLS, GROUPS] as const,
  );

/**
 * Goes round with the Tab key: once, and where what came meanwhile made the way longer, once more.
 * @returns the stops that it did not come to
 */
export async function missedByTab(window: Page): Promise<string[]> {
  if ((await window.locator(MENU).count()) > 0) return [];
  const stops = await window.evaluate((controls) => {
    const front = document.querySelector('[role=dialog]') ?? document;
    const left = [...front.querySelectorAll<HTMLElement>(controls)].filter(
      (one) =>
        one.tabIndex >= 0 &&
        one.checkVisibility({ visibilityProperty: true }) &&
        !one.matches(':disabled, [type=radio]:not(:checked), [role=tablist], [data-reka-focus-guard]'),
    );
    const missed = new Set<Element>(left);
    Object.assign(globalThis, { missed });
    document.addEventListener('focusin', ({ target }) => missed.delete(target as Element), true);
    if (document.activeElement) missed.delete(document.activeElement);
    return left.length;
  }, CONTROLS);
  let missed: string[] = [];
  for (let rounds = 0; rounds < 2; rounds++) {
    // Once round, and past the page's end.
    for (let presses = 0; presses < stops + 5; presses++) await window.keyboard.press('Tab');
    missed = await window.evaluate(() => {
      const { missed } = globalThis as unknown as { missed: ReadonlySet<Element> };
      // What is gone by now can no longer be come to.
      return [...missed].filter((one) => one.isConnected).map((one) => one.outerHTML.slice(0, 160));
    });
    if (missed.length === 0) break;
  }
  return missed;
}
