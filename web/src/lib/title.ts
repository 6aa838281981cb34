//! Titles of pages, and the mark on their tab: how much waits is seen from other tabs, too.

import { counts } from './counts';
import { t } from './i18n/index';

/** What the tab says while a screen is shown. */
export function titled(screen: string | null): string {
  const name = screen === null ? t('app.name') : `${screen} · ${t('app.name')}`;
  return counts.inbox === 0 ? name : `(${counts.inbox}) ${name}`;
}

/** The same without the count, for those who are told it. */
export function untitled(title: string): string {
  return title.replace(/^\(\d+\) /, '');
}

/** Puts the mark on the tab, or takes it off. */
export function mark(waits: boolean): void {
  document.querySelector('link[rel=icon]')?.setAttribute('href', waits ? '/favicon-unread.svg' : '/favicon.svg');
}
