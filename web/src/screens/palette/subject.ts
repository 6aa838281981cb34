//! What the commands of the palette are about, and the values that some of them take.

import { type Task, priorities, statuses } from '../../lib/api/types';
import type { CommandId } from '../../lib/commands';
import { t } from '../../lib/i18n/index';
import type { Choice } from '../../lib/palette';
import { router } from '../../lib/router';
import type { Patch } from '../../lib/tickets/cache';
import { changeAll, desk } from '../../lib/tickets/desk';
import { work } from '../../lib/workspace';

export type Argument = 'status' | 'priority' | 'assignee';

export function argumentOf(command: CommandId): Argument | null {
  if (command === 'listStatus' || command === 'ticketStatus') return 'status';
  if (command === 'listPriority' || command === 'ticketPriority') return 'priority';
  if (command === 'listAssign' || command === 'ticketAssign') return 'assignee';
  return null;
}

/** The tickets that commands are about: the open one, or those that are chosen in the list. */
export function subject(): readonly number[] {
  const { route } = router;
  if (route.name === 'ticket') return [route.id];
  return route.name === 'tickets' || route.name === 'view' ? desk.selection.subject : [];
}

/** What a command may be given; what all of the tickets have already is on. */
export function values(argument: Argument, about: readonly number[]): Choice[] {
  const { people, tickets, me } = work();
  const have = (fits: (task: Task) => boolean): boolean =>
    about.length > 0 && about.every((id) => {
      const task = tickets.get(id);
      return task !== undefined && fits(task);
    });
  const value = (given: string, label: string, on: boolean): Choice => ({ key: `value ${given}`, kind: 'value', section: 'values', label, value: given, on });
  if (argument === 'status') return statuses.map((status) => value(status, t(`status.${status}`), have((task) => task.status === status)));
  if (argument === 'priority') return priorities.map((priority) => value(priority, t(`priority.${priority}`), have((task) => task.priority === priority)));
  return [
    value(String(me.id), `${t('assignee.me')} · ${me.name}`, have((task) => task.assignedToId === me.id)),
    value('none', t('assignee.nobody'), have((task) => task.assignedToId === null)),
    ...people.all.filter(({ id }) => id !== me.id).map(({ id, name }) => value(String(id), name, have((task) => task.assignedToId === id))),
  ];
}

/** Changes the tickets. */
export function give(argument: Argument, about: readonly number[], value: string): void {
  const status = statuses.find((one) => one === value);
  const priority = priorities.find((one) => one === value);
  const patch: Patch =
    argument === 'status' && status !== undefined ? { status } : argument === 'priority' && priority !== undefined ? { priority } : { assignedToId: value === 'none' ? null : Number(value) };
  void changeAll(about, patch);
}
