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

/** Long enough for a screen that is fetched when it is first wanted. */
const LATEST_MS = 2_000;

/** What the page that one has just gone to is called: its screen, and so its title, may come a moment after its address. Without
 * another title than the page before, it is the one that there is by then. */
export async function arrived(before: string): Promise<string> {
  const isNew = (): boolean => untitled(document.title) !== untitled(before) && untitled(document.title) !== t('app.name');
  await new Promise<void>((resolve) => {
    const done = (): void => {
      watch.disconnect();
      clearTimeout(timer);
      resolve();
    };
    const watch = new MutationObserver(() => isNew() && done());
    const timer = setTimeout(done, LATEST_MS);
    watch.observe(document.head, { childList: true, characterData: true, subtree: true });
  });
  // The screen itself is in the document by the next frame.
  await new Promise(requestAnimationFrame);
  return untitled(document.title);
}

/** Puts the mark on the tab, or takes it off. */
export function mark(waits: boolean): void {
  document.querySelector('link[rel=icon]')?.setAttribute('href', waits ? '/favicon-unread.svg' : '/favicon.svg');
}
