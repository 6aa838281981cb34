//! The inbox: read page by page, kept live, changed at once and changed back when the server refuses.

import { inboxApi } from './api/slices';
import type { InboxEntry } from './api/types';
import { counts } from './counts';
import { Paged } from './paged';

export type InboxApi = typeof inboxApi;

export interface Group {
  task: InboxEntry['task'];
  entries: readonly InboxEntry[];
}

/** By ticket; that of the newest entry first. */
export function grouped(entries: readonly InboxEntry[]): Group[] {
  const groups = new Map<number, { task: InboxEntry['task']; entries: InboxEntry[] }>();
  for (const entry of entries) {
    const group = groups.get(entry.taskId);
    if (group === undefined) groups.set(entry.taskId, { task: entry.task, entries: [entry] });
    else group.entries.push(entry);
  }
  return [...groups.values()];
}

export class InboxList {
  readonly list: Paged<InboxEntry>;

  constructor(
    readonly unread: boolean,
    private api: InboxApi = inboxApi,
    private now: () => string = () => new Date().toISOString(),
  ) {
    this.list = new Paged(
      async (cursor) => {
        const page = await api.list({ limit: 50, cursor, ...(unread && { unread }) });
        counts.set({ inbox: page.unreadCount });
        return { items: page.entries, next: page.nextCursor };
      },
      ({ id }) => id,
    );
  }

  /** The entries in the order in which they are shown. */
  get order(): readonly InboxEntry[] {
    return grouped(this.list.items).flatMap(({ entries }) => entries);
  }

  /** Notes that one was read, or not. */
  async mark(entry: InboxEntry, read: boolean): Promise<void> {
    if ((entry.readAt !== null) === read) return;
    this.list.put({ ...entry, readAt: read ? this.now() : null });
    counts.set({ inbox: Math.max(0, counts.inbox + (read ? -1 : 1)) });
    await this.#sent(this.api.mark(entry.id, { read }));
  }

  /** Puts one aside. */
  async done(entry: InboxEntry): Promise<void> {
    this.list.remove(entry.id);
    if (entry.readAt === null) counts.set({ inbox: Math.max(0, counts.inbox - 1) });
    await this.#sent(this.api.mark(entry.id, { done: true }));
  }

  /** Takes it out again, as it was. */
  async undone(entry: InboxEntry): Promise<void> {
    await this.#sent(this.api.mark(entry.id, { done: false, read: entry.readAt !== null }));
    await this.list.refresh();
  }

  /** Everything that is shown here or came before it. */
  async readAll(): Promise<void> {
    const newest = this.list.items.reduce((most, { id }) => Math.max(most, id), 0);
    const now = this.now();
    for (const entry of this.list.items) if (entry.readAt === null) this.list.put({ ...entry, readAt: now });
    const { unreadCount } = await this.#sent(this.api.readAll(newest === 0 ? null : newest));
    counts.set({ inbox: unreadCount });
  }

  async #sent<T>(sending: Promise<T>): Promise<T> {
    try {
      return await sending;
    } catch (error) {
      await this.list.refresh();
      throw error;
    }
  }
}
