//! Inbox, views, search, summaries and reviews: what the server takes and answers.

import { call } from './call';
import type { Status, UserRef } from './types';

export interface InboxEntry {
  id: number;
  kind: 'mentioned' | 'replied' | 'assigned' | 'review_requested' | 'review_decided';
  taskId: number;
  task: { id: number; title: string; status: Status };
  messageId: number | null;
  excerpt: string | null;
  seq: number;
  actorId: number;
  actor: UserRef;
  createdAt: string;
  readAt: string | null;
  doneAt: string | null;
}

export interface InboxPage {
  entries: InboxEntry[];
  nextCursor: string | null;
  hasMore: boolean;
  /** 100 stands for more, too. */
  unreadCount: number;
}

export const inboxApi = {
  list: (query: { unread?: boolean; done?: boolean; limit?: number; cursor?: string | null }): Promise<InboxPage> => call('GET', '/api/inbox', { query }),
  mark: (id: number, body: { read?: boolean; done?: boolean }): Promise<{ entry: InboxEntry }> => call('PUT', `/api/inbox/${id}`, { body }),
  readAll: (upToId: number | null): Promise<{ unreadCount: number }> => call('POST', '/api/inbox/read-all', { body: { upToId } }),
};

export interface SavedView {
  id: number;
  ownerId: number;
  owner: UserRef;
  name: string;
  /** Parameters of `GET /api/tasks`, and `group`. */
  query: string;
  shared: boolean;
  place: number;
  createdAt: string;
  updatedAt: string;
}

export const viewsApi = {
  list: (query: { limit?: number; cursor?: string | null }): Promise<{ views: SavedView[]; nextCursor: string | null }> => call('GET', '/api/views', { query }),
  save: (body: { name: string; query: string; shared: boolean }, key: string): Promise<{ view: SavedView }> => call('POST', '/api/views', { body, key }),
  change: (id: number, body: Partial<Pick<SavedView, 'name' | 'query' | 'shared' | 'place'>>): Promise<{ view: SavedView }> => call('PUT', `/api/views/${id}`, { body }),
  remove: (id: number): Promise<void> => call('DELETE', `/api/views/${id}`),
};

/** A piece of a text, and whether it is what was searched for. */
export interface Part {
  text: string;
  match: boolean;
}

export interface SearchHit {
  kind: 'task' | 'message';
  taskId: number;
  title: Part[];
  status: Status;
  message: { id: number; seq: number; sender: UserRef } | null;
  snippet: Part[];
  createdAt: string;
}

export interface SearchPage {
  hits: SearchHit[];
  nextCursor: string | null;
  hasMore: boolean;
}

export const searchApi = {
  find: (query: { q: string; kind?: 'task' | 'message' | null; limit?: number; cursor?: string | null }, signal?: AbortSignal): Promise<SearchPage> =>
    call('GET', '/api/search', { query, ...(signal === undefined ? {} : { signal }) }),
};

export interface Cited {
  text: string;
  messageIds: number[];
}

export interface Summary {
  id: number;
  taskId: number;
  content: string;
  contentHtml: string;
  issue: string;
  investigation: string;
  nextSteps: string;
  keyPoints: Cited[];
  entities: (Cited & { kind: string })[];
  source: 'ai' | 'built-in' | 'person';
  model: string | null;
  upToSeq: number;
  stale: boolean;
  createdById: number | null;
  createdAt: string;
  updatedAt: string;
}

export interface Summaries {
  summary: Summary | null;
  generated: Summary | null;
  written: Summary | null;
  job: { state: 'waiting' | 'running' | 'failed'; code: string | null } | null;
}

export const summariesApi = {
  of: (taskId: number): Promise<Summaries> => call('GET', `/api/summaries/task/${taskId}`),
  generate: (taskId: number): Promise<Summaries> => call('POST', `/api/summaries/generate/${taskId}`),
  write: (taskId: number, content: string, key: string): Promise<{ summary: Summary }> => call('POST', '/api/summaries', { body: { taskId, content }, key }),
};

export type ReviewStatus = 'pending' | 'approved' | 'rejected';
export const reviewStates = ['pending', 'approved', 'rejected'] as const satisfies readonly ReviewStatus[];

/** A part of the message: `content.slice(start, end)` is the quote. */
export interface Quote {
  kind: string;
  quote: string;
  start: number;
  end: number;
}

export interface Analysis {
  verdict: 'approve' | 'reject';
  feedback: string;
  feedbackHtml: string;
  appropriateness: string | null;
  sentiment: string | null;
  escalate: boolean;
  accuracy: string | null;
  compliance: Quote[];
  evidence: Quote[];
  source: 'ai' | 'built-in';
  model: string | null;
}

export interface Review {
  id: number;
  messageId: number;
  taskId: number;
  requestedById: number;
  requestedBy: UserRef;
  reviewerId: number | null;
  reviewer: UserRef | null;
  status: ReviewStatus;
  feedback: string | null;
  feedbackHtml: string | null;
  /** Whether the decision is the machine's verdict. */
  usedAI: boolean;
  analysis: Analysis | null;
  /** Whether the message was edited since it was analysed. */
  outdated: boolean;
  job: { state: 'waiting' | 'running' | 'failed'; code: string | null } | null;
  createdAt: string;
  updatedAt: string;
  decidedAt: string | null;
}

export interface Verdict {
  status: 'approved' | 'rejected';
  feedback: string | null;
}

export const reviewsApi = {
  list: (query: { status: ReviewStatus; sort: 'createdAt' | '-createdAt'; limit?: number; cursor?: string | null }): Promise<{ reviews: Review[]; nextCursor: string | null; hasMore: boolean }> =>
    call('GET', '/api/qa', { query }),
  show: (id: number): Promise<{ review: Review }> => call('GET', `/api/qa/${id}`),
  request: (messageId: number): Promise<{ review: Review }> => call('POST', '/api/qa', { body: { messageId } }),
  decide: (id: number, { status, feedback }: Verdict): Promise<{ review: Review }> =>
    call('PUT', `/api/qa/${id}`, { body: { status, ...(feedback !== null && { feedback }) }, keepalive: true }),
};
