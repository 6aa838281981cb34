import { describe, expect, it } from 'vitest';
import { ada, task } from '../sample';
import type { Task } from '../api/types';
import { Tickets } from './cache';
import { parse } from './filters';
import { TicketList } from './list';

function made(query: string, all: Task[], limit = 2) {
  const asked: string[] = [];
  const cache = new Tickets(() => Promise.reject(new Error('nothing is sent')));
  const list = new TicketList(
    parse(query),
    ada.id,
    cache,
    async (question, cursor) => {
      asked.push(`${question['status'] ?? '*'}@${cursor ?? 'start'}`);
      const found = all.filter((one) => question['status'] === undefined || question['status'].split(',').includes(one.status));
      const from = Number(cursor ?? 0);
      return { tasks: found.slice(from, from + limit), next: from + limit < found.length ? String(from + limit) : null };
    },
    async () => all.length,
  );
  return { list, cache, asked };
}
const shown = (list: TicketList): (string | number)[] => list.rows.map((row) => (row.kind === 'group' ? (row.section.key ?? '') : row.id));
const changed = (one: Task) => ({ name: 'task_changed', value: one }) as const;
const created = (one: Task) => ({ name: 'task_created', value: one }) as const;

describe('a list of tickets', () => {
  it('is read page by page, each ticket once', async () => {
    const { list } = made('', [1, 2, 3, 4, 5].map((id) => task(id)), 100);
    await list.refresh();
    await list.readMore();
    expect(shown(list)).toEqual([1, 2, 3, 4, 5]);
    expect(list.more).toBe(false);
    expect(list.total).toBe(5);
  });

  it('reads groups in their order, and shows no empty ones', async () => {
    const all = [task(1, { status: 'closed' }), task(2), task(3, { status: 'closed' })];
    const { list, asked } = made('group=status', all);
    await list.refresh();
    while (list.more) await list.readMore();
    expect(shown(list)).toEqual(['open', 2, 'closed', 1, 3]);
    expect(asked[0]).toBe('open@start');
  });

  it('shows what came while it was read, though the answer is older', async () => {
    const answers: (() => void)[] = [];
    let all = [task(1)];
    const cache = new Tickets(() => Promise.reject(new Error('nothing is sent')));
    const list = new TicketList(
      parse(''),
      ada.id,
      cache,
      async () => {
        const tasks = all;
        await new Promise<void>((resolve) => answers.push(resolve));
        return { tasks, next: null };
      },
      async () => all.length,
    );
    const first = list.refresh();
    all = [task(2), task(1)];
    list.apply([created(task(2))]);
    answers.shift()?.();
    await first;
    expect(shown(list)).toEqual([2, 1]);
    const second = list.refresh();
    all = [task(3), task(2), task(1)];
    list.apply([created(task(3))]);
    expect(shown(list)).toEqual([3, 2, 1]);
    answers.shift()?.();
    await second;
    expect(shown(list)).toEqual([3, 2, 1]);
    await Promise.resolve();
    expect(list.total).toBe(3);
  });

  it('is read once more where something may have been missed, after what is under way, and not if nobody has opened it', async () => {
    const all = [task(1)];
    const { list, asked } = made('', all, 100);
    await list.recheck();
    expect(asked).toEqual([]);
    const first = list.refresh();
    const second = list.recheck();
    // Too late for the first reading.
    all.unshift(task(2));
    await Promise.all([first, second]);
    expect(shown(list)).toEqual([2, 1]);
    expect(asked).toEqual(['*@start', '*@start']);
  });

  it('keeps a ticket in its place that no longer matches, until the reader moves on', async () => {
    const { list } = made('status=open', [task(1), task(2)], 100);
    await list.refresh();
    list.apply([changed(task(1, { status: 'closed', version: 2 }))]);
    expect(shown(list)).toEqual([1, 2]);
    expect(list.isDimmed(1)).toBe(true);
    expect(list.total).toBe(1);
    list.apply([changed(task(1, { version: 3 }))]);
    expect(list.isDimmed(1)).toBe(false);
    list.apply([changed(task(1, { status: 'closed', version: 4 }))]);
    list.settle();
    expect(shown(list)).toEqual([2]);
  });

  it('lets new ones in at the top, and makes them wait while one reads further down', async () => {
    const { list } = made('status=open', [task(1)], 100);
    await list.refresh();
    list.apply([created(task(2))]);
    expect(shown(list)).toEqual([2, 1]);
    list.atTop = false;
    list.apply([created(task(3)), created(task(4, { status: 'closed' }))]);
    expect(shown(list)).toEqual([2, 1]);
    expect(list.fresh).toBe(1);
  });

  it('drops what was deleted', async () => {
    const { list } = made('', [task(1), task(2)], 100);
    await list.refresh();
    list.apply([{ name: 'task_deleted', value: { taskId: 1, id: 1, seq: 9 } }]);
    expect(shown(list)).toEqual([2]);
  });

  it('keeps what it shows when reading again fails, and says so', async () => {
    let fail = false;
    const cache = new Tickets();
    const list = new TicketList(parse(''), ada.id, cache, async () => {
      if (fail) throw new Error('down');
      return { tasks: [task(1)], next: null };
    }, async () => 1);
    await list.refresh();
    fail = true;
    await list.refresh();
    expect(shown(list)).toEqual([1]);
    expect(list.error).toBeInstanceOf(Error);
  });
});

describe('tickets that change', () => {
  it('show a change at once, and take it back when it is refused', async () => {
    let refuse: (error: Error) => void = () => undefined;
    const cache = new Tickets(() => new Promise((_, reject) => (refuse = reject)));
    cache.put(task(1));
    const change = cache.change(1, { status: 'closed' });
    expect(cache.get(1)?.status).toBe('closed');
    refuse(new Error('no'));
    await expect(change).rejects.toThrow('no');
    expect(cache.get(1)?.status).toBe('open');
  });

  it('keep the newest, whatever comes last', () => {
    const cache = new Tickets();
    cache.put(task(1, { version: 3, title: 'new' }));
    cache.put(task(1, { version: 2, title: 'old' }));
    expect(cache.get(1)?.title).toBe('new');
  });
});
