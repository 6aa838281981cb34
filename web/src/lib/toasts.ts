//! Short notices, some with a way to undo. Those with an action stay until dismissed or 10 s have passed.

import { Signal } from './signal';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'danger';
  action: { label: string; run: () => void } | null;
  href: string | null;
}

const PLAIN_MS = 5_000;
const ACTION_MS = 10_000;

export class Toasts {
  #signal = new Signal();
  #all: readonly Toast[] = [];
  #next = 1;

  get all(): readonly Toast[] {
    this.#signal.read();
    return this.#all;
  }

  say(text: string, more: Partial<Pick<Toast, 'tone' | 'action' | 'href'>> = {}): number {
    const id = this.#next++;
    this.#all = [...this.#all.slice(-2), { id, text, tone: more.tone ?? 'plain', action: more.action ?? null, href: more.href ?? null }];
    this.#signal.changed();
    setTimeout(() => this.dismiss(id), more.action || more.href ? ACTION_MS : PLAIN_MS);
    return id;
  }

  dismiss(id: number): void {
    const left = this.#all.filter((toast) => toast.id !== id);
    if (left.length === this.#all.length) return;
    this.#all = left;
    this.#signal.changed();
  }

  /** Does the newest thing that can be undone; says whether there was one. */
  undo(): boolean {
    const toast = this.#all.findLast((one) => one.action !== null);
    if (toast === undefined) return false;
    toast.action?.run();
    this.dismiss(toast.id);
    return true;
  }
}

export const toasts = new Toasts();
