//! What the pickers of tickets offer.

import { type Priority, type Status, priorities, statuses } from '../../lib/api/types';
import { t } from '../../lib/i18n/index';
import { session } from '../../lib/session';
import { work } from '../../lib/workspace';
import type { Option } from '../../ui/Picker.svelte';

export const statusOptions = (): Option[] => statuses.map((value) => ({ value, label: t(`status.${value}`) }));
export const priorityOptions = (): Option[] => priorities.map((value) => ({ value, label: t(`priority.${value}`) }));

/** Oneself, nobody, then everybody else. */
export function personOptions(extra: 'nobody' | 'none' = 'nobody'): Option[] {
  const me = session.me;
  const others = work().people.all.filter(({ id }) => id !== me.id);
  return [
    { value: String(me.id), label: me.name, hint: t('app.me') },
    ...(extra === 'nobody' ? [{ value: 'none', label: t('app.nobody') }] : []),
    ...others.map(({ id, name, email }) => ({ value: String(id), label: name, hint: email })),
  ];
}

export const asStatus = (value: string): Status => statuses.find((one) => one === value) ?? 'open';
export const asPriority = (value: string): Priority => priorities.find((one) => one === value) ?? 'medium';
export const asPerson = (value: string): number | null => (value === 'none' ? null : Number(value));
