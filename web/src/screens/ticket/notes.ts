//! Events of a ticket as people say them.

import { type Priority, type Status, type TaskEvent, priorities, statuses } from '../../lib/api/types';
import { list, t } from '../../lib/i18n/index';
import { work } from '../../lib/workspace';

interface Change {
  field: string;
  from?: string;
  to?: string;
}

function isChange(value: unknown): value is Change {
  return typeof value === 'object' && value !== null && 'field' in value && typeof value.field === 'string';
}

function changesOf(event: TaskEvent): Change[] {
  const changes = (event.data as Record<string, unknown>)['changes'];
  return Array.isArray(changes) ? changes.filter(isChange) : [];
}

function nameOf(id: string | undefined): string {
  if (id === undefined || id === '' || id === 'null' || id === 'none') return t('app.nobody');
  return work().people.get(Number(id))?.name ?? t('app.somebody');
}

function said({ field, to }: Change): string {
  const status = statuses.find((one): one is Status => one === to);
  const priority = priorities.find((one): one is Priority => one === to);
  if (field === 'status' && status !== undefined) return t('note.status', { to: t(`status.${status}`) });
  if (field === 'priority' && priority !== undefined) return t('note.priority', { to: t(`priority.${priority}`) });
  if (field === 'assignedToId') return t('note.assignee', { to: nameOf(to) });
  if (field === 'visibility') return to === 'private' ? t('note.private') : t('note.team');
  if (field === 'title') return t('note.title');
  if (field === 'description') return t('note.description');
  if (field === 'tags') return t('note.tags');
  return t('note.changed');
}

export function tell(event: TaskEvent): string {
  const who = event.actor?.name ?? t('note.system');
  if (event.kind === 'task_changed') return t('note.who', { who, what: list(changesOf(event).map(said)) });
  if (event.kind === 'task_created') return t('note.who', { who, what: t('note.created') });
  if (event.kind === 'participant_added' || event.kind === 'participant_removed') {
    const id = (event.data as Record<string, unknown>)['userId'];
    return t('note.who', { who, what: t(`note.${event.kind}`, { to: nameOf(String(id)) }) });
  }
  if (event.kind === 'review_decided') {
    const approved = (event.data as Record<string, unknown>)['status'] === 'approved';
    return t('note.who', { who, what: t(approved ? 'note.review_approved' : 'note.review_rejected') });
  }
  const kind = plain.find((one) => one === event.kind);
  return t('note.who', { who, what: kind === undefined ? t('note.changed') : t(`note.${kind}`) });
}

/** Kinds that their name says it all of. */
const plain = [
  'summary_requested', 'summary_written', 'summary_generated', 'summary_failed', 'summary_withdrawn',
  'review_requested', 'review_analysed', 'review_escalated', 'review_failed', 'review_reopened', 'review_withdrawn',
] as const;

/** What the list of all that happened shows; messages show themselves. */
export function isActivity(event: TaskEvent): boolean {
  return !event.kind.startsWith('message_') && !event.kind.startsWith('attachment_');
}

/** Of these, what conversations show: verdicts are of interest there, and what led to them is not. */
export function isNote(event: TaskEvent): boolean {
  if (!isActivity(event) || event.kind === 'task_created') return false;
  return /^(summary|review)_/.test(event.kind) ? /^review_(decided|reopened|escalated)$/.test(event.kind) : true;
}
