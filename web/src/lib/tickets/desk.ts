//! What the list beside an open ticket shows, and how tickets are changed from anywhere.

import { Refused } from '../api/problem';
import type { Task, UserRef } from '../api/types';
import { t } from '../i18n/index';
import { Signal } from '../signal';
import { toasts } from '../toasts';
import { work } from '../workspace';
import type { Patch } from './cache';
import { type Filters, unfiltered } from './filters';
import { Selection } from './selection';

class Desk {
  #signal = new Signal();
  #filters: Filters = unfiltered;
  readonly selection = new Selection();

  /** Those of the list that was shown last. */
  get filters(): Filters {
    this.#signal.read();
    return this.#filters;
  }

  set filters(filters: Filters) {
    this.#filters = filters;
    this.#signal.changed();
  }

  /** The ticket that many places after this one in the list. */
  beside(id: number, by: 1 | -1): number | null {
    const { ids } = work().list(this.#filters);
    const at = ids.indexOf(id);
    return at < 0 ? (ids[0] ?? null) : (ids[at + by] ?? null);
  }
}

export const desk = new Desk();

export function personOf(id: number | null): UserRef | null {
  return id === null ? null : (work().people.get(id) ?? null);
}

export function whyNot(error: unknown): string {
  return error instanceof Refused ? error.message : t('app.unreachable');
}

/** Changes tickets at once, says how many could not be, and offers to undo. */
export async function changeAll(ids: readonly number[], patch: Patch): Promise<void> {
  const { tickets } = work();
  const before = new Map(ids.flatMap((id): [number, Task][] => {
    const task = tickets.get(id);
    return task === undefined ? [] : [[id, task]];
  }));
  const options = patch.assignedToId === undefined ? {} : { assignedTo: personOf(patch.assignedToId) };
  const results = await Promise.allSettled(ids.map((id) => tickets.change(id, patch, options)));
  const failed = results.filter((result) => result.status === 'rejected');
  const reason = failed[0]?.reason as unknown;
  if (failed.length > 0) {
    toasts.say(failed.length === ids.length && ids.length === 1 ? whyNot(reason) : t('list.notChanged', { count: failed.length, reason: whyNot(reason) }), { tone: 'danger' });
  }
  const done = ids.filter((_, at) => results[at]?.status === 'fulfilled');
  if (done.length === 0) return;
  toasts.say(t('list.changed', { count: done.length }), {
    action: { label: t('app.undo'), run: () => void revert(done, before, patch) },
  });
}

async function revert(ids: readonly number[], before: ReadonlyMap<number, Task>, patch: Patch): Promise<void> {
  const { tickets } = work();
  const results = await Promise.allSettled(
    ids.map((id) => {
      const old = before.get(id);
      if (old === undefined) return Promise.resolve();
      const back: Patch = {};
      if (patch.status != null) back.status = old.status;
      if (patch.priority != null) back.priority = old.priority;
      if (patch.assignedToId !== undefined) back.assignedToId = old.assignedToId;
      return tickets.change(id, back, { assignedTo: old.assignedTo });
    }),
  );
  const failed = results.filter((result) => result.status === 'rejected');
  if (failed.length > 0) toasts.say(t('list.notChanged', { count: failed.length, reason: whyNot(failed[0]?.reason) }), { tone: 'danger' });
}
