//! One open ticket's conversation: what is held of it, what is on its way, and how it stays complete.
//!
//! Reading comes first, joining second, with the number up to which the read surely contains everything: whatever happened
//! in between comes with the answer. A number that is missing later means: join again, from the last one known.

import { api, ask } from '../api/client';
import type { Message, UserRef } from '../api/types';
import { Signal } from '../signal';
import type { Connection, Missed } from '../socket';
import { NoAnswer } from '../socket';
import type { Event } from '../sync';
import { Log, type LogEvent, type Page } from './log';

/** Messages read at a time. */
const PAGE = 50;

export type Place = { at: 'latest' } | { at: 'around' | 'before' | 'after'; id: number };

export interface Read {
  messages: readonly Message[];
  older: boolean;
  newer: boolean;
}

/** Reads a page of a ticket. */
export type ReadPage = (taskId: number, place: Place) => Promise<Read>;

async function readByRest(taskId: number, place: Place): Promise<Read> {
  const where = place.at === 'latest' ? { before: 'latest' } : place.at === 'before' ? { before: String(place.id) } : { [place.at]: place.id };
  const page = await ask(api.GET('/api/tasks/{id}/messages', { params: { path: { id: taskId }, query: { limit: PAGE, ...where } } }));
  return {
    messages: page.messages as Message[],
    older: page.prevCursor !== null && page.prevCursor !== undefined,
    newer: page.nextCursor !== null && page.nextCursor !== undefined,
  };
}

export type Phase = 'loading' | 'ready' | 'failed';

export class Conversation {
  #signal = new Signal();
  #log = new Log();
  #phase: Phase = 'loading';
  #error: unknown = null;
  #viewers: readonly UserRef[] = [];
  #reading: 'older' | 'newer' | null = null;
  #joining: Promise<void> | null = null;
  #again = false;
  #ends: (() => void)[] = [];
  #closed = false;
  /** Message that came live last, for announcements. */
  #arrived: readonly Message[] = [];

  constructor(
    readonly taskId: number,
    private connection: Pick<Connection, 'ask' | 'enter' | 'whenConnected' | 'connected'>,
    /** A number up to which the ticket was known before anything was read here. */
    private known: number,
    private read: ReadPage = readByRest,
  ) {
    this.#ends.push(
      connection.enter(taskId),
      connection.whenConnected(() => void this.catchUp()),
    );
  }

  get phase(): Phase {
    this.#signal.read();
    return this.#phase;
  }
  get error(): unknown {
    this.#signal.read();
    return this.#error;
  }
  get messages(): readonly Message[] {
    this.#signal.read();
    return this.#log.messages;
  }
  get older(): boolean {
    this.#signal.read();
    return this.#log.older;
  }
  get newer(): boolean {
    this.#signal.read();
    return this.#log.newer;
  }
  get below(): number {
    this.#signal.read();
    return this.#log.below;
  }
  get reading(): 'older' | 'newer' | null {
    this.#signal.read();
    return this.#reading;
  }
  get viewers(): readonly UserRef[] {
    this.#signal.read();
    return this.#viewers;
  }
  /** What came live in the last frame. */
  get arrived(): readonly Message[] {
    this.#signal.read();
    return this.#arrived;
  }
  get head(): number {
    return this.#log.head;
  }

  find(id: number): Message | undefined {
    this.#signal.read();
    return this.#log.find(id);
  }

  /** Shows the conversation at a place, then stays complete. */
  async show(place: Place): Promise<void> {
    if (this.#phase === 'failed') this.#phase = 'loading';
    this.#error = null;
    this.#signal.changed();
    const known = Math.max(this.known, this.#log.head);
    try {
      const page = await this.read(this.taskId, place);
      if (this.#closed) return;
      // Events came while the page was on its way: those it does not contain are asked for again.
      this.#put(page, known);
      this.#phase = 'ready';
    } catch (error) {
      if (this.#closed) return;
      this.#error = error;
      if (this.#log.messages.length === 0) this.#phase = 'failed';
      this.#signal.changed();
      throw error;
    }
    this.#signal.changed();
    void this.catchUp();
  }

  async readOlder(): Promise<void> {
    const first = this.#log.first;
    if (first === undefined || !this.#log.older || this.#reading !== null) return;
    await this.#readMore('older', { at: 'before', id: first.id }, (page) => this.#log.prepend(page.messages, page.older));
  }

  async readNewer(): Promise<void> {
    const last = this.#log.last;
    if (last === undefined || !this.#log.newer || this.#reading !== null) return;
    await this.#readMore('newer', { at: 'after', id: last.id }, (page) => this.#log.append(page.messages, page.newer));
  }

  async #readMore(way: 'older' | 'newer', place: Place, put: (page: Read) => void): Promise<void> {
    this.#reading = way;
    this.#signal.changed();
    try {
      const page = await this.read(this.taskId, place);
      if (!this.#closed) put(page);
    } catch {
      // The next scroll asks again.
    } finally {
      this.#reading = null;
      this.#signal.changed();
    }
  }

  /** A message that an acknowledgement or an answer brought. */
  take(message: Message): void {
    if (this.#log.take(message)) this.#signal.changed();
  }

  /** Events of a frame. */
  apply(events: readonly Event[]): void {
    let changed = false;
    let gap = false;
    const arrived: Message[] = [];
    for (const event of events) {
      if (event.name === 'presence' && event.value.taskId === this.taskId) {
        this.#viewers = event.value.users;
        changed = true;
        continue;
      }
      const told = logEvent(event, this.taskId);
      if (told === null || this.#phase !== 'ready') {
        // What comes before the first page is in it, or in the catch-up behind it.
        continue;
      }
      const outcome = this.#log.apply(told);
      gap ||= outcome === 'gap';
      changed ||= outcome !== 'known';
      if (told.name === 'new_message' && outcome !== 'known') arrived.push(told.message);
    }
    if (arrived.length > 0) this.#arrived = arrived;
    if (changed) this.#signal.changed();
    if (gap) void this.catchUp();
  }

  /** Fetches what is missing after the last number known. Several calls at once are one. */
  catchUp(): Promise<void> {
    if (this.#joining !== null) {
      this.#again = true;
      return this.#joining;
    }
    this.#joining = this.#join().finally(() => {
      this.#joining = null;
      if (this.#again && !this.#closed) {
        this.#again = false;
        void this.catchUp();
      }
    });
    return this.#joining;
  }

  async #join(): Promise<void> {
    if (this.#phase !== 'ready') return;
    try {
      for (;;) {
        const answer = await this.connection.ask('join_task', { taskId: this.taskId, afterSeq: this.#log.head });
        if (this.#closed) return;
        this.#viewers = answer.viewers;
        if (answer.resync) {
          // Joined already, so what happens during this read comes live.
          const page = await this.read(this.taskId, { at: 'latest' });
          if (this.#closed) return;
          this.#put(page, answer.seq);
          this.#signal.changed();
          return;
        }
        const arrived: Message[] = [];
        for (const missed of answer.events) {
          const told = missedEvent(missed);
          if (this.#log.apply(told) !== 'known' && told.name === 'new_message') arrived.push(told.message);
          this.#log.reach(missed.seq);
        }
        if (arrived.length > 0) this.#arrived = arrived;
        if (!answer.hasMore) this.#log.reach(answer.seq);
        this.#signal.changed();
        if (!answer.hasMore) return;
      }
    } catch (error) {
      // A new connection, or the next gap, asks again.
      if (!(error instanceof NoAnswer)) {
        this.#error = error;
        this.#signal.changed();
      }
    }
  }

  #put(page: Page, known: number): void {
    const last = page.messages.at(-1);
    this.#log.show(page, Math.max(known, last?.seq ?? 0));
  }

  close(): void {
    this.#closed = true;
    for (const end of this.#ends) end();
  }
}

/** What a live event means for a ticket's log; null when it is about something else. */
export function logEvent(event: Event, taskId: number): LogEvent | null {
  if (!('taskId' in event.value) || event.value.taskId !== taskId) return null;
  switch (event.name) {
    case 'new_message':
      return { name: 'new_message', seq: event.value.seq, message: event.value };
    case 'message_updated':
      return { name: 'message_updated', seq: event.value.eventSeq, message: event.value };
    case 'message_deleted':
      return { name: 'message_deleted', seq: event.value.seq, id: event.value.id, at: new Date().toISOString() };
    case 'refresh_task':
      return { name: 'other', seq: event.value.seq };
    default: {
      // Things that are told again with their last state have the number of what tells of them beside their own.
      const { value } = event;
      const seq: unknown = 'eventSeq' in value ? value.eventSeq : 'seq' in value ? value.seq : null;
      return typeof seq === 'number' && !event.name.startsWith('task_') ? { name: 'other', seq } : null;
    }
  }
}

function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'id' in data && 'content' in data && 'senderId' in data;
}

function hasId(data: unknown): data is { id: number } {
  return typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'number';
}

export function missedEvent({ event, seq, data }: Missed): LogEvent {
  if (event === 'new_message' && isMessage(data)) return { name: 'new_message', seq, message: data };
  if (event === 'message_updated' && isMessage(data)) return { name: 'message_updated', seq, message: data };
  if (event === 'message_deleted' && hasId(data)) return { name: 'message_deleted', seq, id: data.id, at: new Date().toISOString() };
  return { name: 'other', seq };
}
