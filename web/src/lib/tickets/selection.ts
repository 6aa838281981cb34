//! Which row is current, and which are selected. Pure but for the signal; ids, so that rows may move.

import { Signal } from '../signal';

export class Selection {
  #signal = new Signal();
  #current: number | null = null;
  #selected: ReadonlySet<number> = new Set();
  /** Where an extension began. */
  #anchor: number | null = null;

  get current(): number | null {
    this.#signal.read();
    return this.#current;
  }

  get selected(): ReadonlySet<number> {
    this.#signal.read();
    return this.#selected;
  }

  /** What a command is about: the selection, or the current row. */
  get subject(): readonly number[] {
    if (this.selected.size > 0) return [...this.selected];
    return this.current === null ? [] : [this.current];
  }

  set current(id: number | null) {
    if (this.#current === id) return;
    this.#current = id;
    this.#anchor = id;
    this.#signal.changed();
  }

  /** Moves by rows; returns the new place. */
  move(ids: readonly number[], by: number, options: { extend?: boolean } = {}): number {
    if (ids.length === 0) return -1;
    const from = this.#current === null ? -1 : ids.indexOf(this.#current);
    // From nowhere one comes in at the end that one moves away from: down to the first row, up to the last.
    const to = from >= 0 ? from + by : by > 0 ? by - 1 : ids.length + by;
    const next = Math.max(0, Math.min(ids.length - 1, to));
    if (options.extend === true && from >= 0) {
      this.#anchor ??= this.#current;
      const anchor = this.#anchor === null ? from : Math.max(0, ids.indexOf(this.#anchor));
      this.#selected = new Set(ids.slice(Math.min(anchor, next), Math.max(anchor, next) + 1));
      this.#current = ids[next] ?? null;
    } else {
      this.#current = ids[next] ?? null;
      this.#anchor = this.#current;
    }
    this.#signal.changed();
    return next;
  }

  toggle(id: number): void {
    const next = new Set(this.#selected);
    if (!next.delete(id)) next.add(id);
    this.#selected = next;
    this.#current = id;
    this.#anchor = id;
    this.#signal.changed();
  }

  /** A click with Shift: everything between. */
  reach(ids: readonly number[], id: number): void {
    const from = this.#anchor === null ? 0 : Math.max(0, ids.indexOf(this.#anchor));
    const until = ids.indexOf(id);
    this.#selected = new Set(ids.slice(Math.min(from, until), Math.max(from, until) + 1));
    this.#current = id;
    this.#signal.changed();
  }

  all(ids: readonly number[]): void {
    this.#selected = new Set(ids);
    this.#signal.changed();
  }

  clear(): boolean {
    if (this.#selected.size === 0) return false;
    this.#selected = new Set();
    this.#signal.changed();
    return true;
  }

  /** Drops what is no longer there. */
  keep(ids: readonly number[]): void {
    const there = new Set(ids);
    const left = [...this.#selected].filter((id) => there.has(id));
    if (left.length === this.#selected.size) return;
    this.#selected = new Set(left);
    this.#signal.changed();
  }
}
