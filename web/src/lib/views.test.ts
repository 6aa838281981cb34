import { describe, expect, it, vi } from 'vitest';
import type { viewsApi } from './api/slices';
import type { SavedView } from './api/types';
import { bo } from './sample';
import { parse, write } from './tickets/filters';
import { Views, filtersOf, queryOf } from './views';

const view = (id: number, more: Partial<SavedView> = {}): SavedView => ({
  id, ownerId: 1, owner: bo, name: `view ${id}`, query: 'status=open', shared: false, place: id, createdAt: '', updatedAt: '', ...more,
});
function fake(all: SavedView[], more: Partial<typeof viewsApi> = {}): typeof viewsApi {
  return {
    list: async ({ cursor }) => (cursor === 'b' ? { views: all.slice(2), nextCursor: null } : { views: all.slice(0, 2), nextCursor: all.length > 2 ? 'b' : null }),
    save: async (body) => ({ view: view(9, body) }),
    change: async (id, body) => ({ view: { ...view(id), ...body } }),
    remove: async () => undefined,
    ...more,
  };
}

describe('a saved view', () => {
  it('shows what was saved', () => {
    for (const address of ['status=open,in_progress&assignee=me&group=priority', 'creator=3&q=fire+alarm&sort=-priority', 'assignee=none&tag=b%2Fc&visibility=private', '']) {
      const filters = parse(address);
      expect(write(filtersOf({ query: queryOf(filters) }))).toBe(write(filters));
    }
  });

  it('is asked of the server by the names that its list knows', () => {
    expect(queryOf(parse('assignee=me&creator=3&q=x'))).toBe('sort=-updatedAt&assigneeId=me&createdById=3&search=x&group=none');
    expect(filtersOf({ query: 'assignedToId=4&nonsense=1' })).toMatchObject({ assignee: 4 });
  });
});

describe('saved views', () => {
  it('are read to the end, own ones in their order and others by name', async () => {
    const views = new Views(fake([view(1, { place: 5 }), view(2, { place: 1 }), view(3, { ownerId: 2, name: 'b' }), view(4, { ownerId: 2, name: 'a' })]));
    await views.load();
    const { own, shared } = views.for(1);
    expect([own.map(({ id }) => id), shared.map(({ id }) => id)]).toEqual([[2, 1], [4, 3]]);
    expect(views.like(parse('status=open'))?.id).toBe(1);
    expect(views.like(parse(''))).toBe(undefined);
  });

  it('move at once, and back when that is refused', async () => {
    const change = vi.fn(async (id: number) => ({ view: view(id) }));
    const views = new Views(fake([view(1), view(2)], { change }));
    await views.load();
    await views.move(2, -1, 1);
    expect(views.for(1).own.map(({ id }) => id)).toEqual([2, 1]);
    await views.move(2, -1, 1);
    expect(views.for(1).own.map(({ id }) => id)).toEqual([2, 1]);
    change.mockRejectedValueOnce(new Error('no'));
    await expect(views.move(2, 1, 1)).rejects.toThrow('no');
    expect(views.for(1).own.map(({ id }) => id)).toEqual([2, 1]);
  });

  it('are there as soon as they are saved, and gone as soon as they are deleted', async () => {
    const views = new Views(fake([]));
    await views.load();
    const saved = await views.save('mine', parse('assignee=me'), true);
    expect([views.get(saved.id)?.name, views.get(saved.id)?.shared]).toEqual(['mine', true]);
    await views.change(saved.id, { name: 'ours' });
    expect(views.get(saved.id)?.name).toBe('ours');
    await views.remove(saved.id);
    expect(views.all).toEqual([]);
  });
});
