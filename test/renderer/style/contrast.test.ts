/** Every text's colour on every ground that it may stand on: WCAG 2.2, 1.4.3, level AA. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STAGE_LOOKS, VERDICT_LOOKS } from '../../../renderer/format/verdicts.ts';
import { ROOT } from '../../../scripts/places.ts';

const CSS = readFileSync(join(ROOT, 'renderer/style/tokens.css'), 'utf8');

/** 1.4.3: text smaller than 24 pixels. */
const AA = 4.5;
/** 1.4.11: signs and the edges of controls. */
const SIGN = 3;

const [light = '', dark = ''] = CSS.split('@media (prefers-color-scheme: dark)');

function tokens(css: string): Map<string, string> {
  return new Map([...css.matchAll(/(--[a-z-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]));
}

/** What is not said again for the dark is as in the light. */
const SCHEMES = { light: tokens(light), dark: new Map([...tokens(light), ...tokens(dark)]) };

type Color = readonly [number, number, number];

/** "#rrggbb", or "rgb(r g b / n%)" over a ground. */
function color(text: string | undefined, ground?: Color): Color {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(text ?? '');
  if (hex) return [parseInt(hex[1] ?? '', 16), parseInt(hex[2] ?? '', 16), parseInt(hex[3] ?? '', 16)];
  const veil = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(text ?? '');
  if (!veil || !ground) throw new Error(`'${String(text)}' is no colour that this test can read`);
  const [r, g, b, percent] = veil.slice(1).map(Number) as [number, number, number, number];
  const over = (above: number, below: number): number => below + ((above - below) * percent) / 100;
  return [over(r, ground[0]), over(g, ground[1]), over(b, ground[2])];
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(rgb: Color): number {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: Color, other: Color): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const VERDICTS = [
  ...new Set([...Object.values(VERDICT_LOOKS), ...Object.values(STAGE_LOOKS)].map((look) => look.color)),
];

/** Text in a table's row, in a pane, on a button, in a menu or a hint, under the pointer or selected. */
const TEXTS = [...new Set(['--text', '--text-soft', '--accent', '--warning', '--filter-value', ...VERDICTS])];
const TINTS = ['--tint-red', '--tint-orange', '--tint-yellow', '--tint-green', '--tint-blue', '--tint-purple'];
const GROUNDS = ['--ground', '--surface', '--raised', '--hover', '--selected', ...TINTS];

test('contrast is computed as WCAG does', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2);
  expect(color('rgb(0 0 0 / 50%)', [255, 255, 255])).toEqual([127.5, 127.5, 127.5]);
});

test.each(Object.keys(SCHEMES) as (keyof typeof SCHEMES)[])('every text is readable in the %s scheme', (scheme) => {
  const colors = SCHEMES[scheme];
  const weak = TEXTS.flatMap((text) =>
    GROUNDS.flatMap((ground) => {
      const found = contrast(color(colors.get(text)), color(colors.get(ground)));
      return found >= AA ? [] : [`${text} on ${ground}: ${found.toFixed(2)}`];
    }),
  );
  expect(weak).toEqual([]);
});

test.each(Object.keys(SCHEMES) as (keyof typeof SCHEMES)[])(
  'what the timeline writes is readable on its shades in the %s scheme',
  (scheme) => {
    const colors = SCHEMES[scheme];
    const ground = color(colors.get('--ground'));
    const shade = color(colors.get('--shade'), ground);
    const brushed = color(colors.get('--brush'), ground);
    const weak = [...TEXTS, '--danger'].flatMap((text) =>
      (
        [
          ['shade', shade],
          ['brush', brushed],
        ] as const
      ).flatMap(([name, below]) => {
        const found = contrast(color(colors.get(text)), below);
        return found >= AA ? [] : [`${text} on ${name}: ${found.toFixed(2)}`];
      }),
    );
    expect(weak).toEqual([]);
  },
);

test.each(Object.keys(SCHEMES) as (keyof typeof SCHEMES)[])(
  'signs of danger and the focus are seen in the %s scheme',
  (scheme) => {
    const colors = SCHEMES[scheme];
    for (const sign of ['--danger', '--accent']) {
      for (const ground of GROUNDS) {
        expect(contrast(color(colors.get(sign)), color(colors.get(ground))), `${sign} on ${ground}`).toBeGreaterThan(
          SIGN,
        );
      }
    }
  },
);
