import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reading } from './api/types';
import { ada, message } from './sample';
import { Unread } from './unread';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function made(known: Partial<Reading>[] = [], seen: () => boolean = () => true) {
  const asked: string[] = [];
  const reading = (taskId: number, more: Partial<Reading> = {}): Reading => ({ taskId, readSeq: 0, unreadCount: 0, firstUnreadId: null, mentioned: false, ...more });
  const unread = new Unread({
    of: async (id) => reading(id, known.find((one) => one.taskId === id)),
    several: async (ids) => (asked.push(ids.join()), ids.map((id) => reading(id, known.find((one) => one.taskId === id)))),
    mark: async (id, seq, back = false) => (asked.push(`${id}@${seq}${back ? ' back' : ''}`), reading(id, { readSeq: seq, unreadCount: back ? 1 : 0 })),
  }, seen);
  return { unread, asked };
}

describe('what is unread', () => {
  it('is asked for once, a hundred tickets at a time', async () => {
    const { unread, asked } = made([{ taskId: 2, unreadCount: 3, mentioned: true }]);
    await unread.want([1, 2]);
    await unread.want([2, 1, ...Array.from({ length: 101 }, (_, at) => at + 3)]);
    expect(asked.map((ids) => ids.split(',').length)).toEqual([2, 100, 1]);
    expect(unread.of(2)).toBe(3);
    expect(unread.mentions(2)).toBe(true);
  });

  it('grows by what others say, and by mentions', () => {
    const { unread } = made();
    unread.heard(message(5, { sender: ada }), ada.id);
    expect(unread.of(7)).toBe(0);
    unread.heard(message(6), ada.id);
    unread.heard(message(8, { contentHtml: `<span class="mention" data-user-id="${ada.id}">@Ada</span>` }), ada.id);
    expect(unread.of(7)).toBe(2);
    expect(unread.reading(7)?.firstUnreadId).toBe(6);
    expect(unread.mentions(7)).toBe(true);
  });

  it('shrinks at once when it was seen, and is told the server now and then', async () => {
    const { unread, asked } = made();
    unread.put({ taskId: 7, readSeq: 3, unreadCount: 4, firstUnreadId: 4, mentioned: true });
    unread.seen(7, 5, 2);
    unread.seen(7, 7, 0);
    expect(unread.of(7)).toBe(0);
    expect(unread.mentions(7)).toBe(false);
    await vi.advanceTimersByTimeAsync(400);
    expect(asked).toEqual(['7@7']);
    unread.seen(7, 7, 0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(1);
  });

  it('stays unread while one looks, when one said so', async () => {
    const { unread, asked } = made();
    await unread.unreadFrom(7, 5);
    unread.seen(7, 9, 0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(['7@4 back']);
    expect(unread.of(7)).toBe(1);
    unread.left(7);
    unread.seen(7, 9, 0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(['7@4 back', '7@9']);
  });

  it('is asked for again where something was said, at once, then now and then', async () => {
    const known: Partial<Reading>[] = [{ taskId: 7, readSeq: 3 }];
    const { unread, asked } = made(known);
    await unread.want([7, 8]);
    known[0] = { taskId: 7, readSeq: 3, unreadCount: 1 };
    unread.stirred([{ taskId: 7, seq: 4 }, { taskId: 9, seq: 1 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect([unread.of(7), asked]).toEqual([1, ['7,8', '7']]);
    // What was read elsewhere meanwhile is no news.
    unread.stirred([{ taskId: 7, seq: 3 }]);
    unread.stirred([{ taskId: 7, seq: 5 }]);
    unread.stirred([{ taskId: 8, seq: 2 }]);
    expect(asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.slice(2)).toEqual(['7,8']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(3);
  });

  it('is not asked for while nobody sees it', async () => {
    let seen = false;
    const { asked, unread } = made([], () => seen);
    await unread.want([7]);
    unread.stirred([{ taskId: 7, seq: 4 }]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual(['7']);
    seen = true;
    unread.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual(['7', '7']);
  });

  it('is told when a ticket is left', () => {
    const { unread, asked } = made();
    unread.seen(7, 9, 0);
    unread.left(7);
    expect(asked).toEqual(['7@9']);
  });
});
