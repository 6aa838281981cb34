import { describe, expect, it } from 'vitest';
import { type Page, Paged } from './paged';

const of = (pages: Record<string, Page<number>>): Paged<number> =>
  new Paged(async (cursor) => pages[cursor ?? 'first'] ?? { items: [], next: null }, (item) => item);

describe('a list read page by page', () => {
  it('goes on where it ended, each thing once', async () => {
    const list = of({ first: { items: [1, 2], next: 'b' }, b: { items: [2, 3], next: null } });
    expect(list.loaded).toBe(false);
    await list.refresh();
    expect([list.items, list.more]).toEqual([[1, 2], true]);
    await list.next();
    expect([list.items, list.more]).toEqual([[1, 2, 3], false]);
    await list.next();
    expect(list.items).toEqual([1, 2, 3]);
  });

  it('reads as much again as there was', async () => {
    const list = of({ first: { items: [1, 2], next: 'b' }, b: { items: [3], next: 'c' }, c: { items: [4], next: null } });
    await list.refresh();
    await list.next();
    await list.refresh();
    expect([list.items, list.more]).toEqual([[1, 2, 3], true]);
  });

  it('keeps what there was when reading fails, and says why', async () => {
    let fails = false;
    const list = new Paged<number>(async () => {
      if (fails) throw new Error('no');
      return { items: [1], next: null };
    }, (item) => item);
    await list.refresh();
    fails = true;
    await list.refresh();
    expect([list.items, list.loaded, list.loading]).toEqual([[1], true, false]);
    expect(list.error).toEqual(new Error('no'));
    fails = false;
    await list.refresh();
    expect(list.error).toBe(null);
  });

  it('takes only the answer to its last question', async () => {
    const answers: ((page: Page<number>) => void)[] = [];
    const list = new Paged<number>(() => new Promise((resolve) => answers.push(resolve)), (item) => item);
    const first = list.refresh();
    const second = list.refresh();
    answers[1]?.({ items: [2], next: null });
    await second;
    answers[0]?.({ items: [1], next: null });
    await first;
    expect(list.items).toEqual([2]);
  });

  it('changes and removes what is there, and adds nothing', async () => {
    const list = new Paged<{ id: number; name: string }>(async () => ({ items: [{ id: 1, name: 'a' }, { id: 2, name: 'b' }], next: null }), ({ id }) => id);
    await list.refresh();
    list.put({ id: 2, name: 'c' });
    list.put({ id: 3, name: 'd' });
    list.remove(1);
    expect(list.items).toEqual([{ id: 2, name: 'c' }]);
  });
});
