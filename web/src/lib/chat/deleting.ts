//! Messages that somebody has deleted a moment ago: gone from the screen, and from the server once it can no longer be undone.

import { api, ask, csrf } from '../api/client';
import { Refused } from '../api/problem';
import { t } from '../i18n/index';
import { Signal } from '../signal';
import { toasts } from '../toasts';

const UNDO_MS = 8_000;

class Deleting {
  #signal = new Signal();
  #waiting = new Map<number, { timer: ReturnType<typeof setTimeout>; toast: number }>();

  constructor() {
    // Whoever leaves has decided.
    if (typeof window !== 'undefined') window.addEventListener('pagehide', () => this.#leave());
  }

  has(id: number): boolean {
    this.#signal.read();
    return this.#waiting.has(id);
  }

  get any(): boolean {
    this.#signal.read();
    return this.#waiting.size > 0;
  }

  start(id: number, done: () => void): void {
    if (this.#waiting.has(id)) return;
    const toast = toasts.say(t('message.deletedToast'), { action: { label: t('app.undo'), run: () => this.#undo(id) } });
    this.#waiting.set(id, { timer: setTimeout(() => void this.#finish(id, done), UNDO_MS), toast });
    this.#signal.changed();
  }

  #undo(id: number): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    this.#signal.changed();
  }

  async #finish(id: number, done: () => void): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    toasts.dismiss(waiting.toast);
    try {
      await ask(api.DELETE('/api/messages/{id}', { params: { path: { id } } }));
      done();
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) {
        toasts.say(error instanceof Refused ? error.message : t('app.unreachable'), { tone: 'danger' });
      }
    } finally {
      this.#waiting.delete(id);
      this.#signal.changed();
    }
  }

  #leave(): void {
    for (const [id, { timer }] of this.#waiting) {
      clearTimeout(timer);
      void fetch(`/api/messages/${id}`, { method: 'DELETE', keepalive: true, credentials: 'same-origin', headers: csrf });
    }
    this.#waiting.clear();
  }
}

export const deleting = new Deleting();
