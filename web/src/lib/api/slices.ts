//! Inbox, reading, views, search, summaries and reviews: what is asked of the server, as functions that tests replace.

import { api, ask } from './client';
import type {
  ChangeInboxEntry, InboxEntry, Reading, Review, ReviewStatus, SavedView, SearchHit, Summaries, Summary,
} from './types';

/** A page of a list, from the beginning or from a cursor. */
interface Asked {
  limit?: number;
  cursor?: string | null;
}

/** An address has no place for "none". */
function given<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null)) as { [K in keyof T]: Exclude<T[K], null> };
}

const once = (key: string) => ({ header: { 'Idempotency-Key': key } });

export interface InboxPage {
  entries: InboxEntry[];
  nextCursor: string | null;
  hasMore: boolean;
  /** 100 stands for more, too. */
  unreadCount: number;
}

export const inboxApi = {
  list: async (query: Asked & { unread?: boolean; done?: boolean }): Promise<InboxPage> => (await ask(api.GET('/api/inbox', { params: { query: given(query) } }))) as InboxPage,
  mark: async (id: number, body: ChangeInboxEntry): Promise<{ entry: InboxEntry }> => (await ask(api.PUT('/api/inbox/{id}', { params: { path: { id } }, body }))) as { entry: InboxEntry },
  readAll: async (upToId: number | null): Promise<{ unreadCount: number }> => ask(api.POST('/api/inbox/read-all', { body: { upToId } })),
};

export const readingApi = {
  of: async (taskId: number): Promise<Reading> => (await ask(api.GET('/api/tasks/{id}/read', { params: { path: { id: taskId } } }))).reading as Reading,
  several: async (taskIds: readonly number[]): Promise<Reading[]> => (await ask(api.GET('/api/reading', { params: { query: { taskIds: taskIds.join(',') } } }))).reading as Reading[],
  mark: async (taskId: number, seq: number, back = false): Promise<Reading> =>
    (await ask(api.PUT('/api/tasks/{id}/read', { params: { path: { id: taskId } }, body: back ? { seq, back } : { seq } }))).reading as Reading,
};

export const viewsApi = {
  list: async (query: Asked): Promise<{ views: SavedView[]; nextCursor: string | null }> => {
    const { views, nextCursor } = await ask(api.GET('/api/views', { params: { query: given(query) } }));
    return { views, nextCursor: nextCursor ?? null };
  },
  save: async (body: { name: string; query: string; shared: boolean }, key: string): Promise<{ view: SavedView }> => ask(api.POST('/api/views', { params: once(key), body })),
  change: async (id: number, body: Partial<Pick<SavedView, 'name' | 'query' | 'shared' | 'place'>>): Promise<{ view: SavedView }> => ask(api.PUT('/api/views/{id}', { params: { path: { id } }, body })),
  remove: async (id: number): Promise<void> => void (await ask(api.DELETE('/api/views/{id}', { params: { path: { id } } }))),
};

export interface SearchPage {
  hits: SearchHit[];
  nextCursor: string | null;
  hasMore: boolean;
}

export const searchApi = {
  find: async (query: Asked & { q: string; kind?: 'task' | 'message' | null }, signal?: AbortSignal): Promise<SearchPage> =>
    (await ask(api.GET('/api/search', { params: { query: given(query) }, ...(signal !== undefined && { signal }) }))) as SearchPage,
};

export const summariesApi = {
  of: async (taskId: number): Promise<Summaries> => (await ask(api.GET('/api/summaries/task/{taskId}', { params: { path: { taskId } } }))) as Summaries,
  generate: async (taskId: number): Promise<Summaries> => (await ask(api.POST('/api/summaries/generate/{taskId}', { params: { path: { taskId } } }))) as Summaries,
  write: async (taskId: number, content: string, key: string): Promise<{ summary: Summary }> =>
    (await ask(api.POST('/api/summaries', { params: once(key), body: { taskId, content } }))) as { summary: Summary },
};

/** What somebody decides; with `useAI`, it is the machine's verdict that counts, with its words. */
export interface Verdict {
  status: 'approved' | 'rejected';
  feedback: string | null;
  useAI?: boolean;
}

export const reviewsApi = {
  list: async (query: Asked & { status: ReviewStatus; sort: 'createdAt' | '-createdAt' }): Promise<{ reviews: Review[]; nextCursor: string | null; hasMore: boolean }> =>
    (await ask(api.GET('/api/qa', { params: { query: given(query) } }))) as { reviews: Review[]; nextCursor: string | null; hasMore: boolean },
  show: async (id: number): Promise<{ review: Review }> => (await ask(api.GET('/api/qa/{id}', { params: { path: { id } } }))) as { review: Review },
  request: async (messageId: number): Promise<{ review: Review }> => (await ask(api.POST('/api/qa', { body: { messageId } }))) as { review: Review },
  // Goes on when the page is left.
  decide: async (id: number, { status, feedback, useAI = false }: Verdict): Promise<{ review: Review }> =>
    (await ask(
      api.PUT('/api/qa/{id}', { params: { path: { id } }, body: { status, ...(feedback !== null && { feedback }), ...(useAI && { useAI }) }, keepalive: true }),
    )) as { review: Review },
};
