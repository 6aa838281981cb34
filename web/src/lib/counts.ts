//! How much waits for the person: in the inbox, and to be reviewed. Also in the title of the page.

import { Signal } from './signal';

class Counts {
  #signal = new Signal();
  #inbox = 0;
  #reviews = 0;

  get inbox(): number {
    this.#signal.read();
    return this.#inbox;
  }

  get reviews(): number {
    this.#signal.read();
    return this.#reviews;
  }

  set(change: { inbox?: number; reviews?: number }): void {
    const { inbox = this.#inbox, reviews = this.#reviews } = change;
    if (inbox === this.#inbox && reviews === this.#reviews) return;
    this.#inbox = inbox;
    this.#reviews = reviews;
    this.#signal.changed();
  }
}

export const counts = new Counts();
