//! One thread: a message and its answers, live.

import { api, ask } from '../api/client';
import type { Message } from '../api/types';
import { Signal } from '../signal';
import type { Event } from '../sync';

export class Thread {
  #signal = new Signal();
  #root: Message | null = null;
  #replies: readonly Message[] = [];
  #phase: 'loading' | 'ready' | 'failed' = 'loading';
  #error: unknown = null;
  #cursor: string | null = null;

  constructor(readonly id: number) {}

  get root(): Message | null {
    this.#signal.read();
    return this.#root;
  }
  get replies(): readonly Message[] {
    this.#signal.read();
    return this.#replies;
  }
  get phase(): 'loading' | 'ready' | 'failed' {
    this.#signal.read();
    return this.#phase;
  }
  get error(): unknown {
    this.#signal.read();
    return this.#error;
  }
  get more(): boolean {
    this.#signal.read();
    return this.#cursor !== null;
  }

  async load(): Promise<void> {
    this.#phase = this.#root === null ? 'loading' : this.#phase;
    try {
      const page = await this.#page(null);
      this.#root = page.parentMessage as Message;
      this.#merge(page.replies as Message[]);
      this.#cursor = page.nextCursor ?? null;
      this.#phase = 'ready';
    } catch (error) {
      this.#error = error;
      if (this.#root === null) this.#phase = 'failed';
    }
    this.#signal.changed();
  }

  async readMore(): Promise<void> {
    if (this.#cursor === null) return;
    const page = await this.#page(this.#cursor);
    this.#merge(page.replies as Message[]);
    this.#cursor = page.nextCursor ?? null;
    this.#signal.changed();
  }

  #page(cursor: string | null) {
    const query = { limit: 100, ...(cursor === null ? {} : { cursor }) };
    return ask(api.GET('/api/messages/{id}/thread', { params: { path: { id: this.id }, query } }));
  }

  apply(events: readonly Event[]): void {
    let changed = false;
    for (const event of events) {
      if (event.name === 'new_message' || event.name === 'message_updated') changed = this.take(event.value) || changed;
      else if (event.name === 'message_deleted') {
        const { id } = event.value;
        if (this.#root?.id === id) this.#root = { ...this.#root, content: '', contentHtml: '', attachments: [], deletedAt: new Date().toISOString() };
        else if (!this.#replies.some((reply) => reply.id === id)) continue;
        this.#replies = this.#replies.filter((reply) => reply.id !== id);
        changed = true;
      }
    }
    if (changed) this.#signal.changed();
  }

  take(message: Message): boolean {
    if (message.id === this.#root?.id) this.#root = message;
    else if (message.replyToId !== null && message.replyToId === this.#root?.id) this.#merge([message]);
    else return false;
    this.#signal.changed();
    return true;
  }

  #merge(messages: readonly Message[]): void {
    const all = new Map(this.#replies.map((reply) => [reply.id, reply]));
    for (const message of messages) {
      const held = all.get(message.id);
      if (held === undefined || held.updatedAt <= message.updatedAt) all.set(message.id, message);
    }
    this.#replies = [...all.values()].sort((a, b) => a.seq - b.seq);
  }
}
