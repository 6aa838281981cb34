//! What there is of a ticket in short, kept as it changes: one that was made, and one that a person wrote.

import { Refused } from './api/problem';
import { summariesApi } from './api/slices';
import type { Message, Summaries, Summary } from './api/types';
import { Signal } from './signal';
import type { Event } from './sync';
import { uuid } from './uuid';

export type SummaryApi = Pick<typeof summariesApi, 'of' | 'generate' | 'write'>;

/** How often it is looked at while it is being made, should news of it get lost. */
const LOOK_MS = 5_000;

export class TicketSummary {
  #signal = new Signal();
  #all: Summaries | null = null;
  #error: unknown = null;
  #askError: unknown = null;
  #asking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #key = uuid();

  constructor(
    readonly taskId: number,
    private api: SummaryApi = summariesApi,
  ) {}

  /** Null until it is known. */
  get all(): Summaries | null {
    this.#signal.read();
    return this.#all;
  }

  /** Why it is not known. */
  get error(): unknown {
    this.#signal.read();
    return this.#error;
  }

  /** Why it could not be asked for. */
  get askError(): unknown {
    this.#signal.read();
    return this.#askError;
  }

  /** Whether one is being made. */
  get making(): boolean {
    this.#signal.read();
    const state = this.#all?.job?.state;
    return this.#asking || state === 'waiting' || state === 'running';
  }

  async load(): Promise<void> {
    try {
      this.#take(await this.api.of(this.taskId));
    } catch (error) {
      this.#error = error;
      this.#signal.changed();
    }
  }

  /** Has one made; what there is stays until it is there. */
  async generate(): Promise<void> {
    if (this.making) return;
    this.#asking = true;
    this.#askError = null;
    this.#signal.changed();
    try {
      this.#take(await this.api.generate(this.taskId));
    } catch (error) {
      this.#askError = error;
    }
    this.#asking = false;
    this.#signal.changed();
  }

  /** Writes one by hand. Throws when it is refused; sent again, it is the same. */
  async write(content: string): Promise<void> {
    try {
      const { summary } = await this.api.write(this.taskId, content, this.#key);
      this.#key = uuid();
      if (this.#all !== null) this.#all = { ...this.#all, written: summary, summary };
      this.#signal.changed();
    } catch (error) {
      // Another text under the same key would be refused for that.
      if (error instanceof Refused && !error.passing) this.#key = uuid();
      throw error;
    }
  }

  /** Hears what happened in the ticket. */
  apply(events: readonly Event[]): void {
    let look = false;
    for (const event of events) {
      if (!('taskId' in event.value) && event.name !== 'task_changed') continue;
      const id = event.name === 'task_changed' ? event.value.id : 'taskId' in event.value ? event.value.taskId : null;
      if (id !== this.taskId) continue;
      if (event.name.startsWith('summary_')) look = true;
      else if (/^(message_(updated|deleted)|new_message|task_changed)$/.test(event.name)) this.#outdate();
    }
    if (look) void this.load();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #outdate(): void {
    const all = this.#all;
    if (all?.generated == null || all.generated.stale) return;
    this.#all = { ...all, generated: { ...all.generated, stale: true } };
    this.#signal.changed();
  }

  #take(all: Summaries): void {
    this.#all = all;
    this.#error = null;
    this.#signal.changed();
    clearTimeout(this.#timer);
    if (this.making && !this.#closed) this.#timer = setTimeout(() => void this.load(), LOOK_MS);
  }
}

/** How many messages came since; null when not all of them are held. */
export function since(summary: Summary, messages: readonly Message[], whole: boolean): number | null {
  const first = messages[0];
  if (first === undefined || (!whole && first.seq > summary.upToSeq)) return null;
  return messages.filter(({ seq, deletedAt }) => seq > summary.upToSeq && deletedAt === null).length;
}

/** What is named, by kind, in the order in which the kinds first appear. */
export function byKind(entities: Summary['entities']): [string, Summary['entities']][] {
  const kinds = new Map<string, Summary['entities']>();
  for (const entity of entities) kinds.set(entity.kind, [...(kinds.get(entity.kind) ?? []), entity]);
  return [...kinds];
}
