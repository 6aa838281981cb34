//! Who types. Best effort: a lost "stop" is made up for by forgetting.

import { Signal } from './signal';
import type { Told } from './socket';

/** "I am typing" is said again at most this often. */
const SAY_EVERY_MS = 4_000;
/** So long after the last key one has stopped. */
const REST_MS = 5_000;
/** Others are forgotten so long after they last said something. */
const FORGET_MS = 7_000;

/** Tells others that I type. */
export class Typing {
  #saidAt: number | null = null;
  #rest: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private tell: (isTyping: boolean) => void,
    private now: () => number = Date.now,
  ) {}

  /** A key was pressed; the text is empty or not. */
  input(empty: boolean): void {
    if (empty) return this.stop();
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.stop(), REST_MS);
    if (this.#saidAt !== null && this.now() - this.#saidAt < SAY_EVERY_MS) return;
    this.#saidAt = this.now();
    this.tell(true);
  }

  /** Sent, emptied, left. */
  stop(): void {
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = null;
    if (this.#saidAt === null) return;
    this.#saidAt = null;
    this.tell(false);
  }
}

/** Knows who else types, in every ticket. */
export class Typists {
  #signal = new Signal();
  #all = new Map<number, Map<number, { name: string; timer: ReturnType<typeof setTimeout> }>>();

  /** Names of those who type in a ticket. */
  of(taskId: number): readonly string[] {
    this.#signal.read();
    return [...(this.#all.get(taskId)?.values() ?? [])].map(({ name }) => name);
  }

  apply({ taskId, userId, userName, isTyping }: Told['user_typing']): void {
    this.#remove(taskId, userId);
    if (isTyping) {
      const typing = this.#all.get(taskId) ?? new Map<number, { name: string; timer: ReturnType<typeof setTimeout> }>();
      const timer = setTimeout(() => {
        this.#remove(taskId, userId);
        this.#signal.changed();
      }, FORGET_MS);
      typing.set(userId, { name: userName, timer });
      this.#all.set(taskId, typing);
    }
    this.#signal.changed();
  }

  /** Whoever has said something does not type any more. */
  spoke(taskId: number, userId: number): void {
    if (this.#remove(taskId, userId)) this.#signal.changed();
  }

  #remove(taskId: number, userId: number): boolean {
    const typing = this.#all.get(taskId);
    const found = typing?.get(userId);
    if (typing === undefined || found === undefined) return false;
    clearTimeout(found.timer);
    typing.delete(userId);
    if (typing.size === 0) this.#all.delete(taskId);
    return true;
  }
}
