//! What was found, by ticket. Pure.

import type { Part, SearchHit, Status } from './api/types';

export type MessageHit = SearchHit & { message: NonNullable<SearchHit['message']> };

export interface HitGroup {
  taskId: number;
  title: readonly Part[];
  status: Status;
  /** Of the description, when the ticket itself was found. */
  description: readonly Part[] | null;
  messages: readonly MessageHit[];
}

const isMessage = (hit: SearchHit): hit is MessageHit => hit.message !== null;

/** Hits of one ticket stand together, where its first one stood. */
export function groupHits(hits: readonly SearchHit[]): HitGroup[] {
  const groups = new Map<number, HitGroup>();
  for (const hit of hits) {
    const group = groups.get(hit.taskId) ?? { taskId: hit.taskId, title: hit.title, status: hit.status, description: null, messages: [] };
    groups.set(hit.taskId, isMessage(hit) ? { ...group, messages: [...group.messages, hit] } : { ...group, description: hit.snippet });
  }
  return [...groups.values()];
}
