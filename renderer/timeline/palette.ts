/** The tokens' colours for drawing, followed when the theme changes. */
import { shallowRef, type ShallowRef } from 'vue';

/** Colour of a token such as "--text". */
export type Palette = (token: string) => string;

let shared: ShallowRef<Palette> | undefined;

function read(): Palette {
  const style = getComputedStyle(document.documentElement);
  const known = new Map<string, string>();
  return (token) => {
    let color = known.get(token);
    if (color === undefined) {
      color = style.getPropertyValue(token).trim();
      known.set(token, color);
    }
    return color;
  };
}

/** One palette for the page; a new one when the colour scheme changes. */
export function usePalette(): Readonly<ShallowRef<Palette>> {
  if (!shared) {
    const palette = shallowRef(read());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      palette.value = read();
    });
    shared = palette;
  }
  return shared;
}
