//! A list of tickets: read page by page, kept live, steady under the reader's eyes.
//!
//! - A ticket that changes stays where it is; one that no longer matches stays, `dimmed`, until the reader moves on.
//! - New matches wait in `fresh` unless the reader is at the top.
//! - What comes while the list is read is applied to what was read: the answer may be older.
//! - Grouped lists are read group by group, each with a cursor of its own.

import { api, ask as askServer } from '../api/client';
import { type Task, priorities, statuses } from '../api/types';
import { Signal } from '../signal';
import type { Event } from '../sync';
import type { Tickets } from './cache';
import { type Filters, ask, matches } from './filters';

/** Tickets read at a time. */
const PAGE = 100;

export interface Section {
  /** The value that the group has in common; null in a list without groups. */
  key: string | null;
  ids: readonly number[];
  cursor: string | null;
  /** Nothing was read of it yet. */
  untouched: boolean;
}

export type Row = { kind: 'group'; section: Section } | { kind: 'ticket'; id: number; section: Section };

export interface ListPage {
  tasks: readonly Task[];
  next: string | null;
}

export type ReadList = (query: Record<string, string>, cursor: string | null, limit: number) => Promise<ListPage>;
export type CountList = (query: Record<string, string>) => Promise<number>;

async function readByRest(query: Record<string, string>, cursor: string | null, limit: number): Promise<ListPage> {
  const asked = { ...query, limit, ...(cursor === null ? {} : { cursor }) };
  const page = await askServer(api.GET('/api/tasks', { params: { query: asked } }));
  return { tasks: page.tasks as Task[], next: page.nextCursor ?? null };
}

async function countByRest(query: Record<string, string>): Promise<number> {
  const page = await askServer(api.GET('/api/tasks', { params: { query: { ...query, limit: 1, page: 1 } } }));
  return page.totalCount ?? 0;
}

export class TicketList {
  #signal = new Signal();
  #sections: Section[];
  #loading = false;
  #again = false;
  #error: unknown = null;
  #loaded = false;
  #total: number | null = null;
  #fresh = new Set<number>();
  #dimmed = new Set<number>();
  #readAt: number | null = null;
  #generation = 0;
  /** The events that have come since the reading began that is under way. */
  #during: Event[] | null = null;
  #reading: Promise<void> = Promise.resolve();
  /** Whether new tickets may come in at the top. */
  atTop = true;

  constructor(
    readonly filters: Filters,
    private me: number,
    private cache: Tickets,
    private read: ReadList = readByRest,
    private count: CountList = countByRest,
  ) {
    this.#sections = emptySections(filters);
  }

  get rows(): readonly Row[] {
    this.#signal.read();
    return this.#sections.flatMap((section): Row[] => {
      const rows = section.ids.map((id): Row => ({ kind: 'ticket', id, section }));
      if (section.key === null) return rows;
      return section.untouched || rows.length === 0 ? [] : [{ kind: 'group', section }, ...rows];
    });
  }

  get ids(): readonly number[] {
    this.#signal.read();
    return this.#sections.flatMap((section) => section.ids);
  }

  get loaded(): boolean {
    this.#signal.read();
    return this.#loaded;
  }

  get loading(): boolean {
    this.#signal.read();
    return this.#loading;
  }

  /** Whether there is more to read. */
  get more(): boolean {
    this.#signal.read();
    return this.#sections.some((section) => section.untouched || section.cursor !== null);
  }

  get error(): unknown {
    this.#signal.read();
    return this.#error;
  }

  get total(): number | null {
    this.#signal.read();
    return this.#total;
  }

  /** New matches that are not shown yet. */
  get fresh(): number {
    this.#signal.read();
    return this.#fresh.size;
  }

  get readAt(): number | null {
    this.#signal.read();
    return this.#readAt;
  }

  isDimmed(id: number): boolean {
    this.#signal.read();
    return this.#dimmed.has(id);
  }

  /** Reads the list from its beginning; what is shown stays until the answer is there. */
  refresh(): Promise<void> {
    this.#reading = this.#readAll();
    return this.#reading;
  }

  /** Reads it once more if it was read, since something may have been missed until now; what is under way comes first. */
  async recheck(): Promise<void> {
    if (!this.#loaded && !this.#loading) return;
    await this.#reading;
    await this.refresh();
  }

  async #readAll(): Promise<void> {
    const generation = ++this.#generation;
    this.#during = [];
    this.#loading = true;
    this.#error = null;
    this.#signal.changed();
    void this.#countAll(generation);
    try {
      const sections = emptySections(this.filters);
      await this.#fill(sections, PAGE);
      if (generation !== this.#generation) return;
      this.#sections = sections;
      this.#fresh.clear();
      this.#dimmed.clear();
      this.#loaded = true;
      this.#readAt = Date.now();
      const during = this.#during;
      this.#during = null;
      if (during.length > 0) {
        this.apply(during);
        void this.#countAll(generation);
      }
    } catch (error) {
      if (generation === this.#generation) this.#error = error;
    } finally {
      if (generation === this.#generation) {
        this.#during = null;
        this.#loading = false;
        this.#signal.changed();
      }
    }
  }

  /** Reads the next page. */
  async readMore(): Promise<void> {
    if (this.#loading) {
      this.#again = true;
      return;
    }
    if (!this.more) return;
    const generation = this.#generation;
    this.#loading = true;
    this.#signal.changed();
    try {
      const sections = this.#sections.map((section) => ({ ...section }));
      await this.#fill(sections, PAGE);
      if (generation === this.#generation) {
        // Whatever changed meanwhile is in the sections of now: only add what was read.
        this.#sections = this.#sections.map((now, at) => {
          const read = sections[at];
          if (read === undefined) return now;
          const known = new Set(now.ids);
          return { ...now, ids: [...now.ids, ...read.ids.filter((id) => !known.has(id))], cursor: read.cursor, untouched: read.untouched };
        });
        this.#error = null;
      }
    } catch (error) {
      if (generation === this.#generation) this.#error = error;
    } finally {
      if (generation === this.#generation) {
        this.#loading = false;
        this.#signal.changed();
        if (this.#again && this.#error === null) {
          this.#again = false;
          void this.readMore();
        }
      }
    }
  }

  /** Reads sections in their order until so many tickets are there. */
  async #fill(sections: Section[], wanted: number): Promise<void> {
    let got = 0;
    const seen = new Set(sections.flatMap((section) => section.ids));
    for (const section of sections) {
      while (got < wanted && (section.untouched || section.cursor !== null)) {
        const page = await this.read(questionOf(this.filters, section), section.cursor, PAGE);
        this.cache.put(...page.tasks);
        const ids = page.tasks.map((task) => task.id).filter((id) => !seen.has(id));
        for (const id of ids) seen.add(id);
        section.ids = [...section.ids, ...ids];
        section.cursor = page.next;
        section.untouched = false;
        got += page.tasks.length;
      }
      if (got >= wanted) return;
    }
  }

  async #countAll(generation: number): Promise<void> {
    try {
      const total = await this.count(ask(this.filters));
      if (generation !== this.#generation) return;
      this.#total = total;
      this.#signal.changed();
    } catch {
      // The list says what is wrong.
    }
  }

  /** Shows the new matches that wait. */
  async showFresh(): Promise<void> {
    await this.refresh();
  }

  /** The reader has moved on: what no longer matches goes. */
  settle(): void {
    if (this.#dimmed.size === 0) return;
    this.#sections = this.#sections.map((section) => ({ ...section, ids: section.ids.filter((id) => !this.#dimmed.has(id)) }));
    this.#dimmed.clear();
    this.#signal.changed();
  }

  /** Events of a frame; the cache has them already. */
  apply(events: readonly Event[]): void {
    this.#during?.push(...events);
    if (!this.#loaded) return;
    const shown = new Set(this.ids);
    let changed = false;
    for (const event of events) {
      if (event.name === 'task_deleted') {
        const { id } = event.value;
        this.#fresh.delete(id);
        this.#dimmed.delete(id);
        if (!shown.delete(id)) continue;
        this.#sections = this.#sections.map((section) => ({ ...section, ids: section.ids.filter((other) => other !== id) }));
        this.#total = this.#total === null ? null : Math.max(0, this.#total - 1);
        changed = true;
      } else if (event.name === 'task_created' || event.name === 'task_changed') {
        changed = this.#consider(event.value, shown, event.name === 'task_created') || changed;
      }
    }
    if (changed) this.#signal.changed();
  }

  #consider(task: Task, shown: Set<number>, created: boolean): boolean {
    const belongs = matches(this.filters, task, this.me);
    if (shown.has(task.id)) {
      if (belongs === false) {
        if (!this.#dimmed.has(task.id) && this.#total !== null) this.#total -= 1;
        this.#dimmed.add(task.id);
      } else if (belongs === true && this.#dimmed.delete(task.id) && this.#total !== null) this.#total += 1;
      return true;
    }
    // Words can only be matched by the server; a change may concern a ticket further down that was not read yet.
    if (belongs !== true || this.#fresh.has(task.id) || (!created && this.more)) return false;
    if (this.#total !== null) this.#total += 1;
    const section = this.#sections.find((one) => one.key === null || one.key === groupOf(this.filters, task));
    if (this.atTop && section !== undefined && !section.untouched && isNewestFirst(this.filters)) {
      shown.add(task.id);
      this.#sections = this.#sections.map((one) => (one === section ? { ...one, ids: [task.id, ...one.ids] } : one));
    } else this.#fresh.add(task.id);
    return true;
  }
}

function isNewestFirst(filters: Filters): boolean {
  return filters.sort === '-updatedAt' || filters.sort === '-createdAt';
}

function groupOf(filters: Filters, task: Task): string | null {
  if (filters.group === 'status') return task.status;
  if (filters.group === 'priority') return task.priority;
  return null;
}

function emptySections(filters: Filters): Section[] {
  const section = (key: string | null): Section => ({ key, ids: [], cursor: null, untouched: true });
  if (filters.group === 'status') {
    return statuses.filter((status) => filters.status.length === 0 || filters.status.includes(status)).map(section);
  }
  if (filters.group === 'priority') {
    return priorities.filter((one) => filters.priority.length === 0 || filters.priority.includes(one)).map(section);
  }
  return [section(null)];
}

function questionOf(filters: Filters, section: Section): Record<string, string> {
  const query = ask(filters);
  if (section.key !== null && filters.group !== 'none') query[filters.group] = section.key;
  return query;
}
