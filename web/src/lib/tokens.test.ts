import { describe, expect, it } from 'vitest';
import css from '../styles/tokens.css?raw';
import { type Colour, colours, contrast } from './tokens';

/** Pairs of the design, with the least contrast each must have. */
const text: [Colour, Colour][] = [
  ...(['text', 'text-2', 'text-3', 'accent-text', 'danger', 'warn', 'ok', 'info', 'violet'] as const).map((colour): [Colour, Colour] => [colour, 'bg']),
  ...(['bg', 'surface', 'raised', 'hover', 'selected', 'mention'] as const).map((ground): [Colour, Colour] => ['text', ground]),
  ['text-2', 'surface'],
  ['text-2', 'hover'],
  ['text-3', 'surface'],
  ['text-3', 'hover'],
  ['text-3', 'selected'],
  ['accent-text', 'selected'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger'],
  ...(['danger', 'warn', 'ok', 'info', 'violet'] as const).map((colour): [Colour, Colour] => [colour, `${colour}-soft`]),
  ...([0, 1, 2, 3, 4, 5, 6, 7] as const).map((n): [Colour, Colour] => [`on-avatar-${n}`, `avatar-${n}`]),
];
const shapes: [Colour, Colour][] = [
  ['border-strong', 'bg'],
  ['border-strong', 'selected'],
  ['focus', 'bg'],
  ['focus', 'selected'],
];

describe('colours', () => {
  it.each([0, 1] as const)('can be read in theme %d', (theme) => {
    for (const [front, ground] of text) {
      expect(contrast(colours[front][theme], colours[ground][theme]), `${front} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
    for (const [front, ground] of shapes) {
      expect(contrast(colours[front][theme], colours[ground][theme]), `${front} on ${ground}`).toBeGreaterThanOrEqual(3);
    }
  });

  it('are measured as the design says', () => {
    expect(contrast(colours.text[0], colours.bg[0])).toBeCloseTo(16.56, 1);
    expect(contrast(colours['on-accent'][1], colours.accent[1])).toBeCloseTo(4.84, 1);
    expect(contrast(colours['border-strong'][1], colours.selected[1])).toBeCloseTo(3.04, 1);
  });

  it('are in the stylesheet as they are in the table', () => {
    const blocks = [...css.matchAll(/color-scheme: (light|dark);([^}]*)\}/g)];
    expect(blocks.map((block) => block[1])).toEqual(['light', 'dark', 'dark']);
    for (const [, scheme, body] of blocks) {
      const found = Object.fromEntries([...(body ?? '').matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
      const wanted = Object.fromEntries(Object.entries(colours).map(([name, pair]) => [name, pair[scheme === 'light' ? 0 : 1]]));
      expect(found).toEqual(wanted);
    }
  });
});
