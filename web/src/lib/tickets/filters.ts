//! What a list shows: in the address, in the question to the server, and as a test for tickets that change while one looks.

import { type Priority, type Status, type Task, type Visibility, priorities, statuses } from '../api/types';

export const sorts = ['-updatedAt', 'updatedAt', '-createdAt', 'createdAt', '-priority', 'priority'] as const;
export const groups = ['none', 'status', 'priority'] as const;
export type Sort = (typeof sorts)[number];
export type Group = (typeof groups)[number];
/** A person's id, oneself, or nobody. */
export type Person = number | 'me' | 'none';

export interface Filters {
  status: readonly Status[];
  priority: readonly Priority[];
  assignee: Person | null;
  creator: number | 'me' | null;
  tag: string | null;
  visibility: Visibility | null;
  q: string;
  sort: Sort;
  group: Group;
}

export const unfiltered: Filters = {
  status: [],
  priority: [],
  assignee: null,
  creator: null,
  tag: null,
  visibility: null,
  q: '',
  sort: '-updatedAt',
  group: 'none',
};

function among<T extends string>(all: readonly T[], value: string | null): T | null {
  return all.find((one) => one === value) ?? null;
}

function several<T extends string>(all: readonly T[], value: string | null): T[] {
  const given = new Set((value ?? '').split(','));
  return all.filter((one) => given.has(one));
}

function person(value: string | null): Person | null {
  if (value === 'me' || value === 'none') return value;
  return value !== null && /^[1-9]\d{0,15}$/.test(value) ? Number(value) : null;
}

/** Reads an address. What it does not understand, it leaves out. */
export function parse(search: string | URLSearchParams): Filters {
  const query = new URLSearchParams(search);
  const creator = person(query.get('creator'));
  return {
    status: several(statuses, query.get('status')),
    priority: several(priorities, query.get('priority')),
    assignee: person(query.get('assignee')),
    creator: creator === 'none' ? null : creator,
    tag: query.get('tag')?.trim() || null,
    visibility: among(['team', 'private'] as const, query.get('visibility')),
    q: query.get('q')?.trim() ?? '',
    sort: among(sorts, query.get('sort')) ?? unfiltered.sort,
    group: among(groups, query.get('group')) ?? unfiltered.group,
  };
}

/** Writes an address; what is as usual is left out, so that the same list has one address. */
export function write(filters: Filters): string {
  const query = new URLSearchParams();
  if (filters.status.length > 0) query.set('status', filters.status.join(','));
  if (filters.priority.length > 0) query.set('priority', filters.priority.join(','));
  if (filters.assignee !== null) query.set('assignee', String(filters.assignee));
  if (filters.creator !== null) query.set('creator', String(filters.creator));
  if (filters.tag !== null) query.set('tag', filters.tag);
  if (filters.visibility !== null) query.set('visibility', filters.visibility);
  if (filters.q !== '') query.set('q', filters.q);
  if (filters.sort !== unfiltered.sort) query.set('sort', filters.sort);
  if (filters.group !== unfiltered.group) query.set('group', filters.group);
  return query.toString().replaceAll('%2C', ',');
}

/** The same as a question to the server. */
export function ask(filters: Filters): Record<string, string> {
  const query: Record<string, string> = { sort: filters.sort };
  if (filters.status.length > 0) query['status'] = filters.status.join(',');
  if (filters.priority.length > 0) query['priority'] = filters.priority.join(',');
  if (filters.assignee !== null) query['assigneeId'] = String(filters.assignee);
  if (filters.creator !== null) query['createdById'] = String(filters.creator);
  if (filters.tag !== null) query['tag'] = filters.tag;
  if (filters.visibility !== null) query['visibility'] = filters.visibility;
  if (filters.q !== '') query['search'] = filters.q;
  return query;
}

export function isFiltered(filters: Filters): boolean {
  return write({ ...filters, sort: unfiltered.sort, group: unfiltered.group }) !== '';
}

/** Whether a ticket belongs into the list. Words are the server's business: null when they decide. */
export function matches(filters: Filters, task: Task, me: number): boolean | null {
  const who = (wanted: Person, id: number | null): boolean => (wanted === 'none' ? id === null : id === (wanted === 'me' ? me : wanted));
  if (filters.status.length > 0 && !filters.status.includes(task.status)) return false;
  if (filters.priority.length > 0 && !filters.priority.includes(task.priority)) return false;
  if (filters.assignee !== null && !who(filters.assignee, task.assignedToId)) return false;
  if (filters.creator !== null && !who(filters.creator, task.createdById)) return false;
  if (filters.tag !== null && !task.tags.includes(filters.tag)) return false;
  if (filters.visibility !== null && task.visibility !== filters.visibility) return false;
  return filters.q === '' ? true : null;
}
