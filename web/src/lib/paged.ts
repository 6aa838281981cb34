//! A list that is read page by page: what was read stays while it is read again, and a late answer to an old question counts
//! for nothing.

import { Signal } from './signal';

export interface Page<T> {
  items: readonly T[];
  next: string | null;
}

export class Paged<T> {
  #signal = new Signal();
  #items: readonly T[] = [];
  #next: string | null = null;
  #loaded = false;
  #loading = false;
  #error: unknown = null;
  #generation = 0;

  constructor(
    private read: (cursor: string | null) => Promise<Page<T>>,
    private id: (item: T) => string | number,
  ) {}

  get items(): readonly T[] {
    this.#signal.read();
    return this.#items;
  }

  /** Whether the first page has come. */
  get loaded(): boolean {
    this.#signal.read();
    return this.#loaded;
  }

  get loading(): boolean {
    this.#signal.read();
    return this.#loading;
  }

  get error(): unknown {
    this.#signal.read();
    return this.#error;
  }

  /** Whether there is more to read. */
  get more(): boolean {
    this.#signal.read();
    return this.#next !== null;
  }

  /** Reads the first page anew; with as many as there are at least, so that nothing in view goes away. */
  async refresh(): Promise<void> {
    const generation = ++this.#generation;
    const wanted = this.#items.length;
    await this.#try(generation, async () => {
      let page = await this.read(null);
      let items = [...page.items];
      while (page.next !== null && items.length < wanted && generation === this.#generation) {
        page = await this.read(page.next);
        items = [...items, ...page.items];
      }
      return { items, next: page.next };
    });
  }

  /** Reads what comes after. */
  async next(): Promise<void> {
    const cursor = this.#next;
    if (cursor === null || this.#loading) return;
    await this.#try(this.#generation, async () => {
      const page = await this.read(cursor);
      const known = new Set(this.#items.map(this.id));
      return { items: [...this.#items, ...page.items.filter((item) => !known.has(this.id(item)))], next: page.next };
    });
  }

  /** Puts a newer state of something in its place; what is not there is not added. */
  put(item: T): void {
    const id = this.id(item);
    if (!this.#items.some((one) => this.id(one) === id)) return;
    this.#items = this.#items.map((one) => (this.id(one) === id ? item : one));
    this.#signal.changed();
  }

  remove(id: string | number): void {
    const left = this.#items.filter((one) => this.id(one) !== id);
    if (left.length === this.#items.length) return;
    this.#items = left;
    this.#signal.changed();
  }

  async #try(generation: number, read: () => Promise<Page<T>>): Promise<void> {
    this.#loading = true;
    this.#error = null;
    this.#signal.changed();
    let page: Page<T> | null = null;
    let error: unknown = null;
    try {
      page = await read();
    } catch (refused) {
      error = refused;
    }
    if (generation !== this.#generation) return;
    this.#loading = false;
    this.#error = error;
    if (page !== null) {
      this.#items = page.items;
      this.#next = page.next;
      this.#loaded = true;
    }
    this.#signal.changed();
  }
}
