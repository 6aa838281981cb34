//! How far the person has read each ticket, and what waits there. The server's word counts; between its words, what came live is
//! added up.

import { readingApi } from './api/slices';
import type { Message, Reading } from './api/types';
import { Signal } from './signal';

/** Places are told to the server at most this often. */
const MARK_MS = 400;
/** Tickets asked for at once, as many as the server takes. */
const MOST = 100;
/** Where much is said, it is asked for at most this often. */
const AGAIN_MS = 2_000;

const isSeen = (): boolean => typeof document === 'undefined' || document.visibilityState === 'visible';

export type ReadingApi = typeof readingApi;

export class Unread {
  #signal = new Signal();
  #known = new Map<number, Reading>();
  #asked = new Set<number>();
  #marks = new Map<number, { seq: number; timer: ReturnType<typeof setTimeout> }>();
  /** Tickets in which something was marked unread: looking at it does not undo that. */
  #held = new Set<number>();
  /** Tickets in which something was said since their state was asked for. */
  #stirred = new Set<number>();
  #pause: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private api: ReadingApi = readingApi,
    private seenNow: () => boolean = isSeen,
  ) {}

  of(taskId: number): number {
    this.#signal.read();
    return this.#known.get(taskId)?.unreadCount ?? 0;
  }

  mentions(taskId: number): boolean {
    this.#signal.read();
    return this.#known.get(taskId)?.mentioned ?? false;
  }

  reading(taskId: number): Reading | undefined {
    this.#signal.read();
    return this.#known.get(taskId);
  }

  /** Takes what the server said. */
  put(...readings: readonly Reading[]): void {
    if (readings.length === 0) return;
    for (const reading of readings) this.#known.set(reading.taskId, reading);
    this.#signal.changed();
  }

  /** Makes sure that it is known of these tickets, each asked for once. */
  async want(taskIds: readonly number[]): Promise<void> {
    const unknown = taskIds.filter((id) => !this.#asked.has(id));
    for (const id of unknown) this.#asked.add(id);
    for (let at = 0; at < unknown.length; at += MOST) {
      const some = unknown.slice(at, at + MOST);
      try {
        this.put(...(await this.api.several(some)));
      } catch {
        for (const id of some) this.#asked.delete(id);
      }
    }
  }

  /** Asks again, after an interruption. */
  async again(): Promise<void> {
    const ids = [...this.#asked];
    this.#asked.clear();
    await this.want(ids);
  }

  async fetch(taskId: number): Promise<Reading | null> {
    this.#asked.add(taskId);
    try {
      const reading = await this.api.of(taskId);
      this.put(reading);
      return reading;
    } catch {
      return this.#known.get(taskId) ?? null;
    }
  }

  /** Something was said in these tickets, it is not known what. Those of which somebody wanted to know are asked for: at once, then
   * now and then; and not before the page is seen again. */
  stirred(tasks: readonly { taskId: number; seq: number }[]): void {
    for (const { taskId, seq } of tasks) if (this.#asked.has(taskId) && seq > (this.#known.get(taskId)?.readSeq ?? 0)) this.#stirred.add(taskId);
    this.wake();
  }

  /** The page is seen, perhaps again. */
  wake(): void {
    if (this.#pause !== null || this.#stirred.size === 0 || !this.seenNow()) return;
    const some = [...this.#stirred].slice(0, MOST);
    for (const id of some) this.#stirred.delete(id);
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.wake();
    }, AGAIN_MS);
    this.api.several(some).then(
      (readings) => this.put(...readings.filter(({ taskId }) => !this.#marks.has(taskId))),
      () => undefined,
    );
  }

  /** Something was said; by others, it is unread. */
  heard(message: Message, me: number): void {
    const reading = this.#known.get(message.taskId);
    if (message.senderId === me || (reading !== undefined && message.seq <= reading.readSeq)) return;
    const mentioned = message.contentHtml.includes(`data-user-id="${me}"`);
    this.put({
      taskId: message.taskId,
      readSeq: reading?.readSeq ?? 0,
      unreadCount: Math.min(MOST, (reading?.unreadCount ?? 0) + 1),
      firstUnreadId: reading?.firstUnreadId ?? message.id,
      mentioned: mentioned || (reading?.mentioned ?? false),
    });
  }

  /** Everything up to here has been seen. */
  seen(taskId: number, seq: number, unreadBehind: number): void {
    const reading = this.#known.get(taskId);
    if (this.#held.has(taskId) || (reading !== undefined && seq <= reading.readSeq && reading.unreadCount === unreadBehind)) return;
    this.#mark(taskId, seq);
    this.put({
      taskId,
      readSeq: Math.max(seq, reading?.readSeq ?? 0),
      unreadCount: unreadBehind,
      firstUnreadId: unreadBehind === 0 ? null : (reading?.firstUnreadId ?? null),
      mentioned: unreadBehind === 0 ? false : (reading?.mentioned ?? false),
    });
  }

  /** Somebody wants to come back to it: unread from this number on. */
  async unreadFrom(taskId: number, seq: number): Promise<void> {
    this.#held.add(taskId);
    const mark = this.#marks.get(taskId);
    if (mark !== undefined) clearTimeout(mark.timer);
    this.#marks.delete(taskId);
    this.put(await this.api.mark(taskId, Math.max(0, seq - 1), true));
  }

  async read(taskId: number, seq: number): Promise<void> {
    this.#held.delete(taskId);
    this.put(await this.api.mark(taskId, seq));
  }

  /** The ticket is left: looking at it again reads it. */
  left(taskId: number): void {
    this.#held.delete(taskId);
    const mark = this.#marks.get(taskId);
    if (mark === undefined) return;
    clearTimeout(mark.timer);
    this.#send(taskId);
  }

  clear(): void {
    for (const { timer } of this.#marks.values()) clearTimeout(timer);
    this.#marks.clear();
    this.#known.clear();
    this.#asked.clear();
    this.#held.clear();
    this.#stirred.clear();
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = null;
    this.#signal.changed();
  }

  #mark(taskId: number, seq: number): void {
    const before = this.#marks.get(taskId);
    if (before !== undefined) {
      before.seq = Math.max(before.seq, seq);
      return;
    }
    this.#marks.set(taskId, { seq, timer: setTimeout(() => this.#send(taskId), MARK_MS) });
  }

  #send(taskId: number): void {
    const mark = this.#marks.get(taskId);
    this.#marks.delete(taskId);
    if (mark === undefined) return;
    this.api.mark(taskId, mark.seq).then(
      (reading) => {
        if (!this.#marks.has(taskId) && !this.#held.has(taskId)) this.put(reading);
      },
      () => undefined,
    );
  }
}

export const unread = new Unread();
