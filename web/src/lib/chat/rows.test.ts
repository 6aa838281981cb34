import { describe, expect, it } from 'vitest';
import type { TaskEvent } from '../api/types';
import { ada, bo, message } from '../sample';
import type { Outgoing } from './outbox';
import { type Given, rowsOf } from './rows';

const minutes = (n: number): string => new Date(2026, 10, 20, 9, n).toISOString();
const entry = (clientId: string): Outgoing => ({
  clientId, taskId: 7, content: 'hi', replyToId: null, replyTo: null, attachments: [], uploads: 0, at: Date.parse(minutes(10)), state: 'sending', reason: null,
});
const note = (seq: number): TaskEvent => ({ taskId: 7, seq, kind: 'task_changed', actorId: 1, actor: ada, at: minutes(5), data: {} });
const drawn = (given: Partial<Given>): string[] =>
  rowsOf({ messages: [], outgoing: [], me: ada.id, firstUnread: null, now: Date.parse(minutes(30)), ...given }).map((row) =>
    row.kind === 'message' || row.kind === 'outgoing' ? `${row.key}${row.head ? '*' : ''}` : row.kind === 'note' ? `note×${row.events.length}` : row.kind,
  );

describe('the rows of a conversation', () => {
  it('share a head for 5 minutes, by author', () => {
    const messages = [
      message(1, { createdAt: minutes(0) }),
      message(2, { createdAt: minutes(5) }),
      message(3, { createdAt: minutes(11) }),
      message(4, { createdAt: minutes(12), sender: ada }),
    ];
    expect(drawn({ messages })).toEqual(['day', 'm1*', 'm2', 'm3*', 'm4*']);
  });

  it('begin each day with its name', () => {
    const messages = [message(1, { createdAt: new Date(2026, 10, 19, 23, 59).toISOString() }), message(2, { createdAt: new Date(2026, 10, 20, 0, 1).toISOString() })];
    expect(drawn({ messages })).toEqual(['day', 'm1*', 'day', 'm2*']);
  });

  it('have one line where the new ones begin', () => {
    const messages = [1, 2, 3].map((id) => message(id, { createdAt: minutes(id) }));
    expect(drawn({ messages, firstUnread: 2 })).toEqual(['day', 'm1*', 'new', 'm2*', 'm3']);
    expect(drawn({ messages, firstUnread: 99 })).toEqual(['day', 'm1*', 'm2', 'm3']);
  });

  it('keep the place of a message on its way when it arrives, and show it once', () => {
    const outgoing = [entry('x'), entry('y')];
    expect(drawn({ outgoing })).toEqual(['day', 'cx*', 'cy']);
    const arrived = message(9, { sender: ada, clientId: 'x', createdAt: minutes(10) });
    expect(drawn({ outgoing, messages: [arrived] })).toEqual(['day', 'cx*', 'cy']);
  });

  it('go by ids for others, whose names for messages are their own', () => {
    expect(drawn({ messages: [message(1, { sender: bo, clientId: 'x' })] })).toEqual(['day', 'm1*']);
  });

  it('tell several changes in a row in one quiet line', () => {
    const messages = [message(1, { createdAt: minutes(0), seq: 1 }), message(4, { createdAt: minutes(6), seq: 4 })];
    expect(drawn({ messages, notes: [note(2), note(3), note(5)] })).toEqual(['day', 'm1*', 'note×2', 'm4*', 'note×1']);
  });
});
