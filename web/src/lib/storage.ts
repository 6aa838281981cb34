//! What is kept in this browser. A browser that keeps nothing (private windows, full disks) costs persistence, never function.

export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

/** A store that forgets with the page; for tests, and where there is no other. */
export class Memory implements Store {
  #values = new Map<string, string>();
  get(key: string): string | null {
    return this.#values.get(key) ?? null;
  }
  set(key: string, value: string): void {
    this.#values.set(key, value);
  }
  remove(key: string): void {
    this.#values.delete(key);
  }
  keys(): string[] {
    return [...this.#values.keys()];
  }
}

/** The browser's local storage, and memory where it refuses. */
class Local implements Store {
  #memory = new Memory();
  get(key: string): string | null {
    try {
      return localStorage.getItem(key) ?? this.#memory.get(key);
    } catch {
      return this.#memory.get(key);
    }
  }
  set(key: string, value: string): void {
    try {
      localStorage.setItem(key, value);
      this.#memory.remove(key);
    } catch {
      this.#memory.set(key, value);
    }
  }
  remove(key: string): void {
    this.#memory.remove(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // It was never there.
    }
  }
  keys(): string[] {
    try {
      return [...new Set([...Object.keys(localStorage), ...this.#memory.keys()])];
    } catch {
      return this.#memory.keys();
    }
  }
}

export const local: Store = new Local();

/** Reads JSON that this client wrote; what is broken counts as absent. */
export function readJson<T>(store: Store, key: string, valid: (value: unknown) => value is T): T | null {
  const text = store.get(key);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return valid(value) ? value : null;
  } catch {
    return null;
  }
}

export function writeJson(store: Store, key: string, value: unknown): void {
  store.set(key, JSON.stringify(value));
}

/** Removes everything that belongs to a person: drafts, outbox, recent tickets. The looks of the page stay. */
export function forgetPerson(store: Store = local): void {
  for (const key of store.keys()) {
    if (key.startsWith('faff.') && !key.startsWith('faff.look') && key !== 'faff.locale') store.remove(key);
  }
}
