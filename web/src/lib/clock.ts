//! The time of day, for words such as "2 min" that grow old while they are shown. One timer for the whole page.

import { Signal } from './signal';

class Clock {
  #signal = new Signal();
  #now = Date.now();

  constructor() {
    if (typeof window === 'undefined') return;
    setInterval(() => {
      this.#now = Date.now();
      this.#signal.changed();
    }, 30_000);
  }

  get now(): number {
    this.#signal.read();
    return Math.max(this.#now, Date.now());
  }
}

export const clock = new Clock();
