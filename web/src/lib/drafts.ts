//! What was begun and not sent, for each ticket and thread, in this browser.

import type { Attachment } from './api/types';
import { Signal } from './signal';
import { type Store, local, readJson, writeJson } from './storage';

export interface Draft {
  text: string;
  attachments: Attachment[];
}

/** What a draft is for. */
export type Slot = `t${number}` | `t${number}.${number}` | 'new';

export function slotOf(taskId: number, thread: number | null = null): Slot {
  return thread === null ? `t${taskId}` : `t${taskId}.${thread}`;
}

function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';
}

export class Drafts {
  #signal = new Signal();
  #prefix: string;

  constructor(
    userId: number,
    private store: Store = local,
  ) {
    this.#prefix = `faff.draft.${userId}.`;
  }

  get(slot: Slot): Draft | null {
    const draft = readJson(this.store, this.#prefix + slot, isDraft);
    return draft === null ? null : { text: draft.text, attachments: Array.isArray(draft.attachments) ? draft.attachments : [] };
  }

  /** Whether lists should mark the ticket. */
  has(taskId: number): boolean {
    this.#signal.read();
    return this.store.get(`${this.#prefix}t${taskId}`) !== null;
  }

  /** Keeps a draft; an empty one is none. */
  set(slot: Slot, draft: Draft): void {
    const before = this.store.get(this.#prefix + slot) !== null;
    const empty = draft.text.trim() === '' && draft.attachments.length === 0;
    if (empty) this.store.remove(this.#prefix + slot);
    else writeJson(this.store, this.#prefix + slot, draft);
    if (before === empty) this.#signal.changed();
  }

  clear(slot: Slot): void {
    this.set(slot, { text: '', attachments: [] });
  }
}
