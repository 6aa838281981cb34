//! Events on their way to the screens: gathered as they come, applied in order, once per frame. However many come, a frame
//! has one change.

import type { Told, ToldName } from './socket';

export type Event = { [Name in ToldName]: { name: Name; value: Told[Name] } }[ToldName];
type Handler = (events: readonly Event[]) => void;

/** In a hidden window there are no frames. */
function nextFrame(run: () => void): void {
  if (typeof document !== 'undefined' && document.visibilityState === 'visible') requestAnimationFrame(run);
  else setTimeout(run, 100);
}

export class Sync {
  #waiting: Event[] = [];
  #scheduled = false;
  #handlers = new Set<Handler>();

  constructor(private schedule: (run: () => void) => void = nextFrame) {}

  push<Name extends ToldName>(name: Name, value: Told[Name]): void {
    this.#waiting.push({ name, value } as Event);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.schedule(() => this.flush());
  }

  /** Hears all events of a frame at once. Returns what ends it. */
  on(handler: Handler): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  /** Applies what has come, now. */
  flush(): void {
    this.#scheduled = false;
    const events = this.#waiting;
    if (events.length === 0) return;
    this.#waiting = [];
    for (const handler of [...this.#handlers]) handler(events);
  }
}

export const sync = new Sync();
