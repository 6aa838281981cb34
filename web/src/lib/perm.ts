//! What the person who is signed in may do. Screens ask by action, never by role; the server decides in the end.

import type { Message, Task, User } from './api/types';

export interface Actions {
  'task.delete': Task;
  'task.share': Task;
  'message.edit': Message;
  'message.delete': Message;
  'people.administer': undefined;
  'audit.read': undefined;
}

type Rules = { [A in keyof Actions]: (who: User, on: Actions[A]) => boolean };

const isAdmin = (who: User): boolean => who.role === 'admin';

const rules: Rules = {
  'task.delete': isAdmin,
  'task.share': (who, task) => isAdmin(who) || task.createdById === who.id || task.assignedToId === who.id,
  'message.edit': (who, message) => message.senderId === who.id && message.deletedAt === null,
  'message.delete': (who, message) => message.deletedAt === null && (message.senderId === who.id || isAdmin(who)),
  'people.administer': isAdmin,
  'audit.read': isAdmin,
};

type Target<A extends keyof Actions> = Actions[A] extends undefined ? [] : [on: Actions[A]];

/** Whether this person may do it. */
export function may<A extends keyof Actions>(who: User | null, action: A, ...target: Target<A>): boolean {
  if (who === null || !who.active) return false;
  const rule = rules[action] as (who: User, on: Actions[A] | undefined) => boolean;
  return rule(who, target[0] as Actions[A] | undefined);
}
