//! The audit log: its filters in the address and in the question, and its entries as people and spreadsheets read them. Pure.

import type { AuditEvent } from './api/types';

/** What can happen, in the order in which it is offered. Entries of other kinds are shown by their name. */
export const kinds = [
  'user_registered', 'user_invited', 'user_changed', 'password_changed', 'session_started', 'session_ended',
  'task_created', 'task_changed', 'task_deleted', 'participant_added', 'participant_removed',
  'message_posted', 'message_edited', 'message_deleted', 'attachment_removed',
  'summary_requested', 'summary_written', 'summary_generated', 'summary_failed', 'summary_withdrawn',
  'review_requested', 'review_analysed', 'review_escalated', 'review_failed', 'review_decided', 'review_reopened', 'review_withdrawn',
  'view_saved', 'view_changed', 'view_deleted', 'guidance_changed',
] as const;
export type AuditKind = (typeof kinds)[number];

export function isKind(kind: string): kind is AuditKind {
  return kinds.some((one) => one === kind);
}

export interface AuditFilter {
  actor: number | null;
  kind: string | null;
  taskId: number | null;
  userId: number | null;
}

function id(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}

export function parseFilter(search: string): AuditFilter {
  const query = new URLSearchParams(search);
  const kind = query.get('kind');
  return { actor: id(query.get('actor')), kind: kind !== null && /^[a-z_]{1,64}$/.test(kind) ? kind : null, taskId: id(query.get('task')), userId: id(query.get('user')) };
}

export function writeFilter({ actor, kind, taskId, userId }: AuditFilter): string {
  const query = new URLSearchParams();
  if (actor !== null) query.set('actor', String(actor));
  if (kind !== null) query.set('kind', kind);
  if (taskId !== null) query.set('task', String(taskId));
  if (userId !== null) query.set('user', String(userId));
  return query.toString();
}

export function question({ actor, kind, taskId, userId }: AuditFilter): Record<string, string | number> {
  return { ...(actor !== null && { actor }), ...(kind !== null && { kind }), ...(taskId !== null && { taskId }), ...(userId !== null && { userId }) };
}

export interface Changed {
  field: string;
  /** Null for what people wrote: the log holds no words. */
  from: string | null;
  to: string | null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Fields that an entry says were changed. */
export function changes(event: AuditEvent): Changed[] {
  const all: unknown = isObject(event.data) ? event.data['changes'] : undefined;
  if (!Array.isArray(all)) return [];
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return all.filter(isObject).flatMap((change) => {
    const field = text(change['field']);
    return field === null ? [] : [{ field, from: text(change['from']), to: text(change['to']) }];
  });
}

/** Everything else it says. */
export function particulars(event: AuditEvent): [string, string][] {
  if (!isObject(event.data)) return [];
  return Object.entries(event.data)
    .filter(([name]) => name !== 'changes')
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}

const columns = ['id', 'at', 'actorId', 'actor', 'kind', 'taskId', 'userId', 'seq', 'data'] as const;

/** A cell that no spreadsheet takes for a formula. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(events: readonly AuditEvent[]): string {
  const row = (event: AuditEvent): string[] => [
    String(event.id), event.at, event.actorId === null ? '' : String(event.actorId), event.actor?.email ?? '', event.kind,
    event.taskId === null ? '' : String(event.taskId), event.userId === null ? '' : String(event.userId), String(event.seq), JSON.stringify(event.data),
  ];
  return [[...columns], ...events.map(row)].map((cells) => cells.map(cell).join(',')).join('\r\n') + '\r\n';
}
