//! The browser's own notices of what comes into the inbox: asked for in the settings, shown while nobody looks at any page of
//! this server in this browser.

import type { InboxEntry } from './api/types';
import { t } from './i18n/index';
import { router } from './router';
import { to } from './routes';
import { Signal } from './signal';
import { type Store, local } from './storage';

/** Unread entries that are looked at for news; the inbox has the rest. */
export const MOST_NOTICES = 3;

export interface Notice {
  title: string;
  body: string;
  /** The same entry is shown once, however many pages hear of it. */
  tag: string;
  href: string;
}

/** As much of a browser as is used. */
export interface Bell {
  /** Null where there are none: old browsers, pages without TLS. */
  permission(): NotificationPermission | null;
  ask(): Promise<NotificationPermission>;
  ring(notice: Notice): void;
  /** Whether somebody looks at one of the pages of this server. */
  looked(): Promise<boolean>;
}

const LOOKED = 'faff.looked';

class BrowserBell implements Bell {
  #release: (() => void) | null = null;

  permission(): NotificationPermission | null {
    return typeof Notification === 'undefined' || !isSecureContext ? null : Notification.permission;
  }

  async ask(): Promise<NotificationPermission> {
    return Notification.requestPermission();
  }

  ring({ title, body, tag, href }: Notice): void {
    let notice: Notification;
    try {
      notice = new Notification(title, { body, tag, icon: '/favicon.svg' });
    } catch {
      // Phones have them for installed pages only.
      return;
    }
    notice.onclick = () => {
      window.focus();
      router.go(href);
      notice.close();
    };
  }

  async looked(): Promise<boolean> {
    if (document.visibilityState === 'visible') return true;
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    return held.some(({ name }) => name === LOOKED);
  }

  /** A page that is seen holds a lock that all the others can see. */
  show(): void {
    const seen = document.visibilityState === 'visible';
    if (seen === (this.#release !== null)) return;
    this.#release?.();
    this.#release = null;
    if (!seen) return;
    const over = new Promise<void>((resolve) => (this.#release = resolve));
    navigator.locks?.request(LOOKED, { mode: 'shared' }, () => over).catch(() => undefined);
  }
}

/** `absent`: not in this browser; `denied`: the person has told the browser never to. */
export type NoticesState = 'absent' | 'denied' | 'off' | 'on';

export class Notices {
  #signal = new Signal();
  #key: string | null = null;
  #newest: number | null = null;

  constructor(
    private bell: Bell,
    private store: Store = local,
  ) {}

  /** Begins for somebody. Whoever signs out takes the choice along. */
  begin(userId: number): void {
    this.#key = `faff.notices.${userId}`;
    this.#newest = null;
    this.#signal.changed();
  }

  get state(): NoticesState {
    this.#signal.read();
    const permission = this.bell.permission();
    if (permission === null) return 'absent';
    if (permission === 'denied') return 'denied';
    return permission === 'granted' && this.#key !== null && this.store.get(this.#key) === 'on' ? 'on' : 'off';
  }

  /** Asks the browser, which asks the person. */
  async turnOn(): Promise<void> {
    const granted = this.bell.permission() === 'granted' || (await this.bell.ask()) === 'granted';
    if (granted && this.#key !== null) this.store.set(this.#key, 'on');
    this.#signal.changed();
  }

  turnOff(): void {
    if (this.#key !== null) this.store.remove(this.#key);
    this.#signal.changed();
  }

  /** Hears what is unread now, newest first. */
  async hear(entries: readonly InboxEntry[]): Promise<void> {
    const before = this.#newest;
    this.#newest = Math.max(before ?? 0, ...entries.map(({ id }) => id));
    // What waited when the page was opened is no news.
    if (before === null || this.state !== 'on' || (await this.bell.looked())) return;
    for (const entry of entries.filter(({ id }) => id > before).toReversed()) this.bell.ring(noticeOf(entry));
  }
}

function noticeOf(entry: InboxEntry): Notice {
  const where = `#${entry.taskId} ${entry.task.title}`;
  return {
    title: t(`inbox.is.${entry.kind}`, { name: entry.actor.name }),
    body: entry.excerpt === null ? where : `${where}\n${entry.excerpt}`,
    tag: `faff-${entry.id}`,
    href: entry.messageId === null ? to.ticket(entry.taskId) : to.message(entry.taskId, entry.messageId),
  };
}

const bell = new BrowserBell();
export const notices = new Notices(bell);

/** Lets other pages know whether this one is seen; returns what ends that. */
export function tellWhenSeen(): () => void {
  const tell = (): void => bell.show();
  tell();
  document.addEventListener('visibilitychange', tell);
  return () => document.removeEventListener('visibilitychange', tell);
}
