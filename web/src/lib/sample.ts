//! Made-up entities for tests.

import type { Message, Task, UserRef } from './api/types';

export const ada: UserRef = { id: 1, name: 'Ada Admin', email: 'ada@faff.example' };
export const bo: UserRef = { id: 2, name: 'Bo Ek', email: 'bo@faff.example' };
const at = (n: number): string => new Date(Date.UTC(2026, 10, 20, 9, 0, n)).toISOString();

export function message(id: number, more: Partial<Message> = {}): Message {
  const sender = more.sender ?? bo;
  return {
    id, taskId: 7, senderId: sender.id, sender, content: `message ${id}`, contentHtml: `<p>message ${id}</p>`, clientId: null,
    replyToId: null, replyTo: null, replyCount: 0, attachments: [], seq: id, createdAt: at(id), updatedAt: at(id), editedAt: null, deletedAt: null,
    ...more,
  };
}

export function task(id: number, more: Partial<Task> = {}): Task {
  return {
    id, title: `ticket ${id}`, description: 'words', descriptionHtml: '<p>words</p>', priority: 'medium', status: 'open', visibility: 'team',
    tags: [], assignedToId: null, assignedTo: null, createdById: bo.id, createdBy: bo, messageCount: 0, lastMessageAt: null, seq: 1, version: 1,
    createdAt: at(id), updatedAt: at(id), resolvedAt: null,
    ...more,
  };
}
