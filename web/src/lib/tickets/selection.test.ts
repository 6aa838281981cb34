import { describe, expect, it } from 'vitest';
import { Selection } from './selection';

const ids = [10, 11, 12, 13, 14];

describe('a selection', () => {
  it('comes in from nowhere at the first row or the last', () => {
    const from = (by: number): number | null => {
      const selection = new Selection();
      selection.move([4, 3, 2, 1], by);
      return selection.current;
    };
    expect([1, -1, -4, 4].map(from)).toEqual([4, 1, 4, 1]);
  });

  it('moves, and stops at the ends', () => {
    const selection = new Selection();
    expect(selection.move(ids, 1)).toBe(0);
    selection.move(ids, 2);
    expect(selection.current).toBe(12);
    selection.move(ids, 99);
    expect(selection.current).toBe(14);
    selection.move(ids, -99);
    expect(selection.current).toBe(10);
    expect(selection.move([], 1)).toBe(-1);
  });

  it('extends from where it began, both ways', () => {
    const selection = new Selection();
    selection.current = 12;
    selection.move(ids, 1, { extend: true });
    selection.move(ids, 1, { extend: true });
    expect([...selection.selected]).toEqual([12, 13, 14]);
    selection.move(ids, -3, { extend: true });
    expect([...selection.selected]).toEqual([11, 12]);
  });

  it('reaches to a click with Shift', () => {
    const selection = new Selection();
    selection.toggle(11);
    selection.reach(ids, 13);
    expect([...selection.selected]).toEqual([11, 12, 13]);
  });

  it('is about the current row when nothing is selected', () => {
    const selection = new Selection();
    expect(selection.subject).toEqual([]);
    selection.current = 12;
    expect(selection.subject).toEqual([12]);
    selection.toggle(10);
    selection.toggle(11);
    expect(selection.subject).toEqual([10, 11]);
    selection.toggle(10);
    expect(selection.subject).toEqual([11]);
  });

  it('keeps only what is there, and can be cleared once', () => {
    const selection = new Selection();
    selection.all(ids);
    selection.keep([11, 99]);
    expect([...selection.selected]).toEqual([11]);
    expect(selection.clear()).toBe(true);
    expect(selection.clear()).toBe(false);
  });
});
