/** A cell that is too narrow for its text says the whole of it on hover. */

/** The titles that were put there, with what stood there before. */
const told = new WeakMap<HTMLElement, { readonly title: string; readonly before: string }>();

const wordsOf = (element: HTMLElement): string => element.innerText.replace(/\s+/g, ' ').trim();

/** Where a part of the cell has a title of its own, that is what would be shown. */
const speakerOf = (target: HTMLElement, cell: HTMLElement): HTMLElement => {
  const speaker = target.closest<HTMLElement>('[title]');
  return speaker && cell.contains(speaker) ? speaker : cell;
};

/** For `pointerover` on a table: the cell below the pointer gets its text as its title while it is cut. */
export function tellWhole(event: Event): void {
  const target = event.target as HTMLElement;
  const cell = target.closest<HTMLElement>('.cell');
  if (!cell) return;
  const speaker = speakerOf(target, cell);
  const earlier = told.get(speaker);
  const before = earlier?.title === speaker.title ? earlier.before : speaker.title;
  const words = wordsOf(cell);
  const isCut = cell.scrollWidth > cell.clientWidth && !before.includes(words);
  const title = isCut ? [words, before].filter((line) => line !== '').join('\n') : before;
  if (title === speaker.title) return;
  if (title === '') speaker.removeAttribute('title');
  else speaker.title = title;
  told.set(speaker, { title, before });
}
