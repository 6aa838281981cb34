//! A list that is read page by page, for screens without live updates.

import { Signal } from './signal';

export interface Page<T> {
  items: readonly T[];
  next: string | null;
}

export class Pages<T> {
  #signal = new Signal();
  #items: readonly T[] = [];
  #next: string | null = null;
  #loaded = false;
  #loading = false;
  #error: unknown = null;
  #generation = 0;

  constructor(private read: (cursor: string | null) => Promise<Page<T>>) {}

  get items(): readonly T[] {
    this.#signal.read();
    return this.#items;
  }
  get loaded(): boolean {
    this.#signal.read();
    return this.#loaded;
  }
  get loading(): boolean {
    this.#signal.read();
    return this.#loading;
  }
  get more(): boolean {
    this.#signal.read();
    return this.#next !== null;
  }
  get error(): unknown {
    this.#signal.read();
    return this.#error;
  }

  /** Reads from the beginning; what is shown stays until the answer is there. */
  async refresh(): Promise<void> {
    await this.#ask(null, (page) => page.items);
  }

  async readMore(): Promise<void> {
    if (this.#loading || this.#next === null) return;
    await this.#ask(this.#next, (page) => [...this.#items, ...page.items]);
  }

  /** Changes what is shown. */
  update(change: (items: readonly T[]) => readonly T[]): void {
    this.#items = change(this.#items);
    this.#signal.changed();
  }

  async #ask(cursor: string | null, take: (page: Page<T>) => readonly T[]): Promise<void> {
    const generation = ++this.#generation;
    this.#loading = true;
    this.#error = null;
    this.#signal.changed();
    try {
      const page = await this.read(cursor);
      if (generation !== this.#generation) return;
      this.#items = take(page);
      this.#next = page.next;
      this.#loaded = true;
    } catch (error) {
      if (generation === this.#generation) this.#error = error;
    } finally {
      if (generation === this.#generation) {
        this.#loading = false;
        this.#signal.changed();
      }
    }
  }
}
