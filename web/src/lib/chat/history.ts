//! What happened to a ticket beside messages: for quiet lines within the conversation, and for the list of its activity.

import { api, ask } from '../api/client';
import type { TaskEvent } from '../api/types';
import { Signal } from '../signal';

/** So many events are read for one view, at most. */
const MOST_PAGES = 5;
const PAGE = 100;

export type ReadEvents = (taskId: number, after: number) => Promise<{ events: readonly TaskEvent[]; more: boolean }>;

async function readByRest(id: number, after: number): Promise<{ events: readonly TaskEvent[]; more: boolean }> {
  const page = await ask(api.GET('/api/tasks/{id}/events', { params: { path: { id }, query: { after, limit: PAGE } } }));
  return { events: page.events as TaskEvent[], more: page.hasMore };
}

export class History {
  #signal = new Signal();
  #events: readonly TaskEvent[] = [];
  /** Events from here to there were read. */
  #from = Infinity;
  #to = -1;
  #reading: Promise<void> | null = null;

  constructor(
    readonly taskId: number,
    private keep: (event: TaskEvent) => boolean,
    private read: ReadEvents = readByRest,
  ) {}

  get events(): readonly TaskEvent[] {
    this.#signal.read();
    return this.#events;
  }

  /** Makes sure that everything from a number on, up to another, is there. */
  async cover(from: number, to: number): Promise<void> {
    while (this.#reading !== null) await this.#reading;
    this.#reading = this.#cover(from, to)
      .catch(() => undefined)
      .finally(() => (this.#reading = null));
    await this.#reading;
  }

  async #cover(from: number, to: number): Promise<void> {
    if (from < this.#from) await this.#stretch(from, Math.min(this.#from - 1, to));
    if (to > this.#to) await this.#stretch(Math.max(this.#to + 1, from), to);
  }

  async #stretch(from: number, to: number): Promise<void> {
    let after = from - 1;
    for (let page = 0; page < MOST_PAGES && after < to; page += 1) {
      const { events, more } = await this.read(this.taskId, after);
      this.#take(events.filter((event) => event.seq <= to || !more));
      const last = events.at(-1);
      if (last === undefined || !more) {
        after = Math.max(to, last?.seq ?? 0);
        break;
      }
      after = last.seq;
    }
    this.#from = Math.min(this.#from, from);
    this.#to = Math.max(this.#to, after);
  }

  #take(events: readonly TaskEvent[]): void {
    const known = new Set(this.#events.map((event) => event.seq));
    const fresh = events.filter((event) => this.keep(event) && !known.has(event.seq));
    if (fresh.length === 0) return;
    this.#events = [...this.#events, ...fresh].sort((a, b) => a.seq - b.seq);
    this.#signal.changed();
  }
}
