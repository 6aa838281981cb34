//! State that screens follow without the state knowing of screens: plain objects tell that they changed, and whatever
//! read them inside an effect is run again. Outside of effects (in tests) reading costs nothing.

import { createSubscriber } from 'svelte/reactivity';

export class Signal {
  #listeners = new Set<() => void>();
  #follow = createSubscriber((update) => this.listen(update));

  /** Call in every getter that screens use. */
  read(): void {
    this.#follow();
  }

  /** Call after every change. */
  changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** For code outside of effects. Returns what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
