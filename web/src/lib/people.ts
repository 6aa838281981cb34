//! Who can be assigned and mentioned.

import { api, ask } from './api/client';
import type { UserRef } from './api/types';
import { Signal } from './signal';

export class People {
  #signal = new Signal();
  #byId = new Map<number, UserRef>();
  #loading: Promise<void> | null = null;

  get all(): readonly UserRef[] {
    this.#signal.read();
    return [...this.#byId.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  get(id: number): UserRef | undefined {
    this.#signal.read();
    return this.#byId.get(id);
  }

  put(...people: readonly UserRef[]): void {
    let changed = false;
    for (const person of people) {
      const known = this.#byId.get(person.id);
      if (known?.name === person.name && known.email === person.email) continue;
      this.#byId.set(person.id, { id: person.id, name: person.name, email: person.email });
      changed = true;
    }
    if (changed) this.#signal.changed();
  }

  /** Reads everybody; several calls at once are one. */
  load(): Promise<void> {
    this.#loading ??= ask(api.GET('/api/auth/users'))
      .then(({ users }) => {
        this.#byId = new Map(users.map((user) => [user.id, { id: user.id, name: user.name, email: user.email }]));
        this.#signal.changed();
      })
      .finally(() => {
        this.#loading = null;
      });
    return this.#loading;
  }

  /** Whose name or address has a word that begins so; best first. */
  search(words: string, limit = 8): UserRef[] {
    const wanted = fold(words);
    const rank = (person: UserRef): number => {
      const name = fold(person.name);
      if (name.startsWith(wanted)) return 0;
      if (name.split(/\s+/).some((word) => word.startsWith(wanted))) return 1;
      return fold(person.email).startsWith(wanted) ? 2 : 3;
    };
    return this.all
      .map((person) => ({ person, rank: rank(person) }))
      .filter(({ rank }) => rank < 3)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, limit)
      .map(({ person }) => person);
  }
}

/** Without case and accents, for comparisons. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}
