import { describe, expect, it, vi } from 'vitest';
import type { InboxEntry } from './api/types';
import { counts } from './counts';
import { type InboxApi, InboxList, grouped } from './inbox';
import { bo } from './sample';

const entry = (id: number, taskId: number, readAt: string | null = null): InboxEntry => ({
  id, kind: 'mentioned', taskId, task: { id: taskId, title: `ticket ${taskId}`, status: 'open' }, messageId: id * 10, excerpt: 'x', seq: id, actorId: bo.id, actor: bo,
  createdAt: '2026-11-20T09:00:00.000Z', readAt, doneAt: null,
});
const all = [entry(5, 1), entry(4, 2, 'then'), entry(3, 1), entry(2, 2)];
function fake(more: Partial<InboxApi> = {}): InboxApi {
  return {
    list: async () => ({ entries: all, nextCursor: null, hasMore: false, unreadCount: 3 }),
    mark: async (id) => ({ entry: all.find((one) => one.id === id) ?? entry(id, 1) }),
    readAll: async () => ({ unreadCount: 0 }),
    ...more,
  };
}
const ids = (entries: readonly InboxEntry[]): number[] => entries.map(({ id }) => id);

describe('the inbox', () => {
  it('is grouped by ticket, newest first', () => {
    expect(grouped(all).map(({ task, entries }) => [task.id, ids(entries)])).toEqual([[1, [5, 3]], [2, [4, 2]]]);
  });

  it('counts what is unread as it is read', async () => {
    const inbox = new InboxList(false, fake());
    await inbox.list.refresh();
    expect([counts.inbox, ids(inbox.order)]).toEqual([3, [5, 3, 4, 2]]);
    const [first] = inbox.order;
    if (first === undefined) throw new Error('empty');
    await inbox.mark(first, true);
    expect([counts.inbox, inbox.order[0]?.readAt === null]).toEqual([2, false]);
    await inbox.readAll();
    expect([counts.inbox, inbox.order.every(({ readAt }) => readAt !== null)]).toEqual([0, true]);
  });

  it('puts aside at once, and takes back what the server refused', async () => {
    const mark = vi.fn<InboxApi['mark']>(async (id) => ({ entry: entry(id, 1) }));
    const inbox = new InboxList(false, fake({ mark }));
    await inbox.list.refresh();
    const done = inbox.done(entry(5, 1));
    expect(ids(inbox.order)).not.toContain(5);
    await done;
    expect(mark).toHaveBeenCalledWith(5, { done: true });
    mark.mockRejectedValueOnce(new Error('no'));
    await expect(inbox.done(entry(3, 1))).rejects.toThrow('no');
    expect(ids(inbox.order)).toContain(3);
    expect(counts.inbox).toBe(3);
  });

  it('takes out again as it was', async () => {
    const mark = vi.fn<InboxApi['mark']>(async (id) => ({ entry: entry(id, 1) }));
    const inbox = new InboxList(false, fake({ mark }));
    await inbox.list.refresh();
    await inbox.undone(entry(4, 2, 'then'));
    await inbox.undone(entry(5, 1));
    expect(mark.mock.calls).toEqual([[4, { done: false, read: true }], [5, { done: false, read: false }]]);
  });
});
