//! Saved views: lists of tickets by name, one's own and those that others share. The server keeps them as questions to its list
//! of tickets; this client, as its filters.

import { Refused } from './api/problem';
import { viewsApi } from './api/slices';
import type { SavedView } from './api/types';
import { Signal } from './signal';
import { type Filters, ask, parse, write } from './tickets/filters';
import { uuid } from './uuid';

/** Names of the server's parameters, and what they are called in the addresses of this client. */
const names: Record<string, string> = { assigneeId: 'assignee', assignedToId: 'assignee', createdById: 'creator', search: 'q' };

export function filtersOf(view: Pick<SavedView, 'query'>): Filters {
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(view.query)) query.set(names[name] ?? name, value);
  return parse(query);
}

export function queryOf(filters: Filters): string {
  return new URLSearchParams({ ...ask(filters), group: filters.group }).toString().replaceAll('%2C', ',');
}

export class Views {
  #signal = new Signal();
  #all: readonly SavedView[] = [];
  #loaded = false;
  #key = uuid();

  constructor(private api: typeof viewsApi = viewsApi) {}

  get loaded(): boolean {
    this.#signal.read();
    return this.#loaded;
  }

  get all(): readonly SavedView[] {
    this.#signal.read();
    return this.#all;
  }

  /** One's own in their order, then those of others by name. */
  for(me: number): { own: SavedView[]; shared: SavedView[] } {
    const all = this.all;
    return {
      own: all.filter(({ ownerId }) => ownerId === me).sort((a, b) => a.place - b.place || a.id - b.id),
      shared: all.filter(({ ownerId }) => ownerId !== me).sort((a, b) => a.name.localeCompare(b.name)),
    };
  }

  get(id: number): SavedView | undefined {
    return this.all.find((view) => view.id === id);
  }

  /** The view of one's own or another's that shows just this. */
  like(filters: Filters): SavedView | undefined {
    const address = write(filters);
    return address === '' ? undefined : this.all.find((view) => write(filtersOf(view)) === address);
  }

  async load(): Promise<void> {
    const all: SavedView[] = [];
    let cursor: string | null = null;
    do {
      const page: { views: SavedView[]; nextCursor: string | null } = await this.api.list({ limit: 100, cursor });
      all.push(...page.views);
      cursor = page.nextCursor;
    } while (cursor !== null);
    this.#set(all);
  }

  async save(name: string, filters: Filters, shared: boolean): Promise<SavedView> {
    const { view } = await this.api.save({ name, query: queryOf(filters), shared }, this.#key).catch((error: unknown) => {
      // A corrected form is another request; the same one again is the same.
      if (error instanceof Refused && !error.passing) this.#key = uuid();
      throw error;
    });
    this.#key = uuid();
    this.#set([...this.#all.filter(({ id }) => id !== view.id), view]);
    return view;
  }

  async change(id: number, change: { name?: string; filters?: Filters; shared?: boolean }): Promise<SavedView> {
    const { filters, ...rest } = change;
    const { view } = await this.api.change(id, { ...rest, ...(filters !== undefined && { query: queryOf(filters) }) });
    this.#set(this.#all.map((one) => (one.id === id ? view : one)));
    return view;
  }

  /** Moves one of one's own among them: shown at once, taken back when it is refused. */
  async move(id: number, by: 1 | -1, me: number): Promise<void> {
    const { own } = this.for(me);
    const at = own.findIndex((view) => view.id === id);
    const [moved] = own.splice(at, 1);
    if (moved === undefined || at + by < 0 || at + by > own.length) return;
    own.splice(at + by, 0, moved);
    const before = this.#all;
    const places = new Map(own.map((view, place) => [view.id, place]));
    this.#set(before.map((view) => ({ ...view, place: places.get(view.id) ?? view.place })));
    try {
      const changed = before.filter((view) => places.has(view.id) && places.get(view.id) !== view.place);
      for (const view of changed) await this.api.change(view.id, { place: places.get(view.id) ?? view.place });
    } catch (error) {
      this.#set(before);
      throw error;
    }
  }

  async remove(id: number): Promise<void> {
    await this.api.remove(id);
    this.#set(this.#all.filter((view) => view.id !== id));
  }

  forget(): void {
    this.#all = [];
    this.#loaded = false;
    this.#signal.changed();
  }

  #set(all: readonly SavedView[]): void {
    this.#all = all;
    this.#loaded = true;
    this.#signal.changed();
  }
}

export const views = new Views();
