//! The tickets that were opened last, in this browser.

import { Signal } from './signal';
import { type Store, local, readJson, writeJson } from './storage';

export interface Recent {
  id: number;
  title: string;
}

const MOST = 5;

function isList(value: unknown): value is Recent[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null && 'id' in one && 'title' in one);
}

export class Recents {
  #signal = new Signal();
  #key: string;
  #all: readonly Recent[];

  constructor(
    userId: number,
    private store: Store = local,
  ) {
    this.#key = `faff.recent.${userId}`;
    this.#all = readJson(store, this.#key, isList) ?? [];
  }

  get all(): readonly Recent[] {
    this.#signal.read();
    return this.#all;
  }

  add(recent: Recent): void {
    if (this.#all[0]?.id === recent.id && this.#all[0].title === recent.title) return;
    this.#save([recent, ...this.#all.filter(({ id }) => id !== recent.id)].slice(0, MOST));
  }

  remove(id: number): void {
    if (this.#all.some((recent) => recent.id === id)) this.#save(this.#all.filter((recent) => recent.id !== id));
  }

  #save(all: readonly Recent[]): void {
    this.#all = all;
    writeJson(this.store, this.#key, all);
    this.#signal.changed();
  }
}
