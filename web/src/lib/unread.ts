//! How many messages of each ticket wait to be read, and whether one of them names the person.

import { Signal } from './signal';

class Unread {
  #signal = new Signal();
  #counts = new Map<number, { count: number; mentioned: boolean }>();

  of(taskId: number): number {
    this.#signal.read();
    return this.#counts.get(taskId)?.count ?? 0;
  }

  mentions(taskId: number): boolean {
    this.#signal.read();
    return this.#counts.get(taskId)?.mentioned ?? false;
  }

  set(taskId: number, count: number, mentioned = false): void {
    if (count === 0) this.#counts.delete(taskId);
    else this.#counts.set(taskId, { count, mentioned });
    this.#signal.changed();
  }

  /** Marks tickets read, or unread when all were read; whether there was anything to do. */
  toggle(taskIds: readonly number[]): boolean {
    const unread = taskIds.filter((id) => this.#counts.has(id));
    for (const id of unread) this.set(id, 0);
    return unread.length > 0;
  }
}

export const unread = new Unread();
