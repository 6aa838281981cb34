//! Verdicts on their way: held for some seconds, in which they can be taken back, and then sent. What is held is sent at once
//! when the page is left. A verdict is never lost in silence: what the server refuses is told.

import { type Verdict, reviewsApi } from './api/slices';
import type { Review } from './api/types';
import { Signal } from './signal';

export const UNDO_MS = 8_000;

interface Held {
  review: Review;
  verdict: Verdict;
  timer: ReturnType<typeof setTimeout>;
  sending: boolean;
}

export interface Outcome {
  /** The server has taken it. */
  decided(review: Review): void;
  /** The server has not: somebody was faster, or something else. */
  refused(review: Review, verdict: Verdict, error: unknown): void;
}

export class Decisions {
  #signal = new Signal();
  #held = new Map<number, Held>();
  #outcomes = new Set<Outcome>();
  /** What was written about reviews and not sent. */
  readonly drafts = new Map<number, string>();

  constructor(private send: (id: number, verdict: Verdict) => Promise<{ review: Review }> = reviewsApi.decide) {}

  /** The verdict that is on its way for a review. */
  of(id: number): Verdict | null {
    this.#signal.read();
    return this.#held.get(id)?.verdict ?? null;
  }

  get size(): number {
    this.#signal.read();
    return this.#held.size;
  }

  /** Hears how verdicts end. Returns what ends it. */
  hear(outcome: Outcome): () => void {
    this.#outcomes.add(outcome);
    return () => void this.#outcomes.delete(outcome);
  }

  hold(review: Review, verdict: Verdict): void {
    if (this.#held.has(review.id)) return;
    const timer = setTimeout(() => void this.#send(review.id), UNDO_MS);
    this.#held.set(review.id, { review, verdict, timer, sending: false });
    this.#signal.changed();
  }

  /** Takes a verdict back; false when it is too late. */
  undo(id: number): boolean {
    const held = this.#held.get(id);
    if (held === undefined || held.sending) return false;
    clearTimeout(held.timer);
    this.#held.delete(id);
    this.#signal.changed();
    return true;
  }

  /** Sends everything now. */
  async flush(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((id) => this.#send(id)));
  }

  async #send(id: number): Promise<void> {
    const held = this.#held.get(id);
    if (held === undefined || held.sending) return;
    clearTimeout(held.timer);
    held.sending = true;
    try {
      const { review } = await this.send(id, held.verdict);
      this.#held.delete(id);
      this.drafts.delete(id);
      for (const outcome of [...this.#outcomes]) outcome.decided(review);
    } catch (error) {
      this.#held.delete(id);
      if (held.verdict.feedback !== null) this.drafts.set(id, held.verdict.feedback);
      for (const outcome of [...this.#outcomes]) outcome.refused(held.review, held.verdict, error);
    }
    this.#signal.changed();
  }
}

export const decisions = new Decisions();
