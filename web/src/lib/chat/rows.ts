//! The conversation as it is drawn: messages under their heads, days, what is new, quiet lines about the ticket, and at the end what
//! is on its way. Pure.

import type { Message, TaskEvent } from '../api/types';
import { dayOf } from '../i18n/time';
import type { Outgoing } from './outbox';

/** Messages of one author within this time share a head. */
const TOGETHER_MS = 5 * 60_000;

export type Row =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'new'; key: string; count: number }
  | { kind: 'note'; key: string; events: readonly TaskEvent[] }
  | { kind: 'message'; key: string; message: Message; head: boolean }
  | { kind: 'outgoing'; key: string; entry: Outgoing; head: boolean };

export interface Given {
  messages: readonly Message[];
  outgoing: readonly Outgoing[];
  notes?: readonly TaskEvent[];
  me: number;
  /** The first message that was unread when reading began. */
  firstUnread: number | null;
  now: number;
}

/** The same place in the document for a message on its way and for what it becomes. */
export function keyOf(message: Message, me: number): string {
  return message.senderId === me && message.clientId !== null ? `c${message.clientId}` : `m${message.id}`;
}

export function rowsOf({ messages, outgoing, notes = [], me, firstUnread, now }: Given): Row[] {
  const rows: Row[] = [];
  const arrived = new Set(messages.map((message) => message.clientId));
  let day: number | null = null;
  let last: { senderId: number; at: number } | null = null;
  let note = 0;

  const openDay = (at: number): void => {
    const of = dayOf(at);
    if (of === day) return;
    day = of;
    last = null;
    rows.push({ kind: 'day', key: `d${of}`, at: of });
  };
  const tell = (upTo: number): void => {
    for (; note < notes.length; note += 1) {
      const event = notes[note];
      if (event === undefined || event.seq > upTo) return;
      openDay(Date.parse(event.at));
      const before = rows.at(-1);
      if (before?.kind === 'note') rows[rows.length - 1] = { ...before, events: [...before.events, event] };
      else rows.push({ kind: 'note', key: `n${event.seq}`, events: [event] });
      last = null;
    }
  };

  const unread = firstUnread === null ? -1 : messages.findIndex((message) => message.id === firstUnread);
  for (const [at, message] of messages.entries()) {
    tell(message.seq);
    const time = Date.parse(message.createdAt);
    openDay(time);
    if (at === unread) {
      rows.push({ kind: 'new', key: 'new', count: messages.length - at });
      last = null;
    }
    const head: boolean = last === null || last.senderId !== message.senderId || time - last.at > TOGETHER_MS || message.replyToId !== null;
    rows.push({ kind: 'message', key: keyOf(message, me), message, head });
    last = message.deletedAt !== null || message.replyToId !== null ? null : { senderId: message.senderId, at: time };
  }
  tell(Infinity);
  for (const entry of outgoing) {
    if (arrived.has(entry.clientId)) continue;
    openDay(Math.min(entry.at, now));
    const head: boolean = last === null || last.senderId !== me || entry.at - last.at > TOGETHER_MS || entry.replyToId !== null;
    rows.push({ kind: 'outgoing', key: `c${entry.clientId}`, entry, head });
    last = entry.replyToId !== null ? null : { senderId: me, at: entry.at };
  }
  return rows;
}
