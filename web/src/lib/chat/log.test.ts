import { describe, expect, it } from 'vitest';
import type { Message } from '../api/types';
import { message } from '../sample';
import { Log, type LogEvent, WINDOW } from './log';

const posted = (one: Message): LogEvent => ({ name: 'new_message', seq: one.seq, message: one });
const ids = (log: Log): number[] => log.messages.map(({ id }) => id);

function held(upTo: number): Log {
  const log = new Log();
  log.show({ messages: Array.from({ length: upTo }, (_, at) => message(at + 1)), older: false, newer: false }, upTo);
  return log;
}

function* orders<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [at, item] of items.entries()) {
    for (const rest of orders([...items.slice(0, at), ...items.slice(at + 1)])) yield [item, ...rest];
  }
}

describe('a ticket’s log', () => {
  it('has a message once, in every order of acknowledgement, answer, broadcast and catch-up', () => {
    const mine = message(4, { clientId: 'c' });
    const ways: Record<string, (log: Log) => void> = {
      ack: (log) => void log.take(mine),
      rest: (log) => void log.take({ ...mine }),
      broadcast: (log) => void log.apply(posted(mine)),
      missed: (log) => void log.apply(posted({ ...mine })),
      page: (log) => log.append([mine], false),
    };
    let tried = 0;
    for (const order of orders(Object.keys(ways))) {
      const log = held(3);
      for (const way of order) ways[way]?.(log);
      expect(ids(log), order.join(' ')).toEqual([1, 2, 3, 4]);
      expect(log.head).toBe(4);
      tried += 1;
    }
    expect(tried).toBe(120);
  });

  it('keeps the server’s order, whatever comes first', () => {
    const events = [4, 5, 6].map((id) => posted(message(id)));
    for (const order of orders(events)) {
      const log = held(3);
      for (const event of order) log.apply(event);
      expect(ids(log)).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it('says when something is missing, and takes what it was told all the same', () => {
    const log = held(3);
    expect(log.apply(posted(message(5)))).toBe('gap');
    expect(ids(log)).toEqual([1, 2, 3, 5]);
    expect(log.head).toBe(3);
    expect(log.apply(posted(message(4)))).toBe('applied');
    expect(log.head).toBe(4);
    log.reach(5);
    expect(log.apply(posted(message(6)))).toBe('applied');
    expect(ids(log)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('knows what it has applied already', () => {
    const log = held(3);
    expect(log.apply(posted(message(3)))).toBe('known');
    expect(log.head).toBe(3);
  });

  it('shows the newest words, and lets late ones change nothing', () => {
    const log = held(2);
    const edited = message(1, { content: 'new', updatedAt: '2026-11-20T10:00:00.000Z', editedAt: '2026-11-20T10:00:00.000Z' });
    expect(log.apply({ name: 'message_updated', seq: 3, message: edited })).toBe('applied');
    expect(log.apply({ name: 'message_updated', seq: 3, message: message(1) })).toBe('known');
    expect(log.first?.content).toBe('new');
  });

  it('keeps a place for a deleted message that has replies, and none for others', () => {
    const log = held(2);
    log.apply(posted(message(3, { replyToId: 1 })));
    expect(log.first?.replyCount).toBe(1);
    log.apply({ name: 'message_deleted', seq: 4, id: 1, at: 'now' });
    log.apply({ name: 'message_deleted', seq: 5, id: 2, at: 'now' });
    expect(ids(log)).toEqual([1, 3]);
    expect(log.first).toMatchObject({ content: '', contentHtml: '', deletedAt: 'now' });
    log.apply({ name: 'message_deleted', seq: 6, id: 3, at: 'now' });
    expect(log.first?.replyCount).toBe(0);
    expect(log.head).toBe(6);
  });

  it('holds at most a window, cut at the far end', () => {
    const log = held(WINDOW);
    log.apply(posted(message(WINDOW + 1)));
    expect(log.messages).toHaveLength(WINDOW);
    expect(log.first?.id).toBe(2);
    expect(log.older).toBe(true);
    expect(log.newer).toBe(false);
    log.prepend([message(1)], false);
    expect(log.messages).toHaveLength(WINDOW);
    expect(log.first?.id).toBe(1);
    expect(log.last?.id).toBe(WINDOW);
    expect(log.newer).toBe(true);
  });

  it('counts what comes below when it does not hold the end', () => {
    const log = new Log();
    log.show({ messages: [message(1), message(2)], older: false, newer: true }, 9);
    log.apply(posted(message(10)));
    expect(ids(log)).toEqual([1, 2]);
    expect(log.below).toBe(1);
    expect(log.take(message(11, { clientId: 'c' }))).toBe(false);
    log.append([3, 4, 5, 6, 7, 8, 9, 10].map((id) => message(id)), false);
    expect(log.below).toBe(0);
    expect(log.last?.id).toBe(10);
  });
});
