//! The messages of one ticket, as far as this page holds them: a stretch without holes, in the server's order.
//!
//! Invariants, held by log.test.ts in every order of events:
//! - a message is there once, whatever brought it: acknowledgement, answer, broadcast, page or catch-up;
//! - `head` is the number up to which nothing is missing; an event beyond `head + 1` is a gap, and says so;
//! - at most `WINDOW` messages are held; what is cut off at an end can be read again.

import type { Message } from '../api/types';

/** Messages held, and so in the document. */
export const WINDOW = 300;

export type Outcome =
  /** It is part of what is held now, or changed it. */
  | 'applied'
  /** It was known. */
  | 'known'
  /** Events before it are missing: catch up. What it said was taken all the same. */
  | 'gap';

/** Events that stand in the log of a ticket. */
export type LogEvent =
  | { name: 'new_message'; seq: number; message: Message }
  | { name: 'message_updated'; seq: number; message: Message }
  | { name: 'message_deleted'; seq: number; id: number; at: string }
  /** Anything else that has a number. */
  | { name: 'other'; seq: number };

export interface Page {
  messages: readonly Message[];
  older: boolean;
  newer: boolean;
}

export class Log {
  #messages: readonly Message[] = [];
  #older = false;
  #newer = false;
  #head = 0;
  #below = 0;

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Whether the server has more before what is held. */
  get older(): boolean {
    return this.#older;
  }

  /** Whether the server has more after it. */
  get newer(): boolean {
    return this.#newer;
  }

  get head(): number {
    return this.#head;
  }

  /** Messages that came while the end was not held. */
  get below(): number {
    return this.#below;
  }

  get first(): Message | undefined {
    return this.#messages[0];
  }

  get last(): Message | undefined {
    return this.#messages.at(-1);
  }

  has(id: number): boolean {
    return this.#messages.some((message) => message.id === id);
  }

  find(id: number): Message | undefined {
    return this.#messages.find((message) => message.id === id);
  }

  /** Holds another stretch instead. `known` is a number up to which it surely contains everything. */
  show(page: Page, known: number): void {
    this.#messages = sorted(page.messages);
    this.#older = page.older;
    this.#newer = page.newer;
    this.#head = Math.max(known, 0);
    if (!page.newer) this.#below = 0;
    this.#cut('newer');
  }

  /** Everything up to here is held: a catch-up said so. */
  reach(seq: number): void {
    if (seq > this.#head) this.#head = seq;
  }

  /** Adds what was said before. */
  prepend(messages: readonly Message[], more: boolean): void {
    this.#merge(messages);
    this.#older = more;
    this.#cut('newer');
  }

  /** Adds what was said after. */
  append(messages: readonly Message[], more: boolean): void {
    this.#merge(messages);
    this.#newer = more;
    if (!more) this.#below = 0;
    this.#cut('older');
  }

  /** Takes a message that an acknowledgement or an answer brought: its event may still come. */
  take(message: Message): boolean {
    if (this.has(message.id)) return this.#replace(message);
    if (this.#newer) return false;
    this.#merge([message]);
    this.#cut('older');
    return true;
  }

  apply(event: LogEvent): Outcome {
    const gap = event.seq > this.#head + 1;
    if (event.seq === this.#head + 1) this.#head = event.seq;
    const changed = this.#act(event);
    if (gap) return 'gap';
    return changed ? 'applied' : 'known';
  }

  #act(event: LogEvent): boolean {
    switch (event.name) {
      case 'new_message': {
        if (this.has(event.message.id)) return this.#replace(event.message);
        const first = this.first;
        // Before what is held: it will come with its page.
        if (first !== undefined && this.#older && event.message.seq < first.seq) return false;
        if (this.#newer) {
          this.#below += 1;
          return true;
        }
        this.#merge([event.message]);
        this.#countReply(event.message, 1);
        this.#cut('older');
        return true;
      }
      case 'message_updated':
        return this.#replace(event.message);
      case 'message_deleted': {
        const gone = this.find(event.id);
        if (gone === undefined || gone.deletedAt !== null) return false;
        this.#countReply(gone, -1);
        this.#messages =
          gone.replyCount > 0
            ? this.#messages.map((message) => (message === gone ? tombstone(gone, event.at) : message))
            : this.#messages.filter((message) => message !== gone);
        return true;
      }
      case 'other':
        return false;
    }
  }

  /** A root shows how many replies it has. */
  #countReply(reply: Message, by: number): void {
    if (reply.replyToId === null) return;
    this.#messages = this.#messages.map((message) =>
      message.id === reply.replyToId ? { ...message, replyCount: Math.max(0, message.replyCount + by) } : message,
    );
  }

  /** Newer words replace older ones; a late answer changes nothing. */
  #replace(message: Message): boolean {
    const held = this.find(message.id);
    if (held === undefined || held.updatedAt > message.updatedAt) return false;
    if (held.updatedAt === message.updatedAt && held.replyCount === message.replyCount) return false;
    this.#messages = this.#messages.map((other) => (other === held ? message : other));
    return true;
  }

  #merge(messages: readonly Message[]): void {
    const fresh = messages.filter((message) => !this.has(message.id));
    for (const message of messages) if (!fresh.includes(message)) this.#replace(message);
    if (fresh.length === 0) return;
    const last = this.last;
    const inOrder = last === undefined || fresh.every((message) => message.seq > last.seq);
    this.#messages = inOrder ? [...this.#messages, ...sorted(fresh)] : sorted([...this.#messages, ...fresh]);
  }

  #cut(end: 'older' | 'newer'): void {
    if (this.#messages.length <= WINDOW) return;
    if (end === 'newer') {
      this.#messages = this.#messages.slice(0, WINDOW);
      this.#newer = true;
    } else {
      this.#messages = this.#messages.slice(-WINDOW);
      this.#older = true;
    }
  }
}

function sorted(messages: readonly Message[]): Message[] {
  return [...messages].sort((a, b) => a.seq - b.seq);
}

function tombstone(message: Message, at: string): Message {
  return { ...message, content: '', contentHtml: '', attachments: [], deletedAt: at };
}
