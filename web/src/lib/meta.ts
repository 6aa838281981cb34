//! This server: what a page must know before anybody is logged in, and whether it was loaded from another version.

import { Signal } from './signal';

export interface Meta {
  name: string;
  version: string;
  clientVersion: string | null;
  registration: 'open' | 'invite' | 'closed';
  hasAdministrator: boolean;
  uploads: { maxFiles: number; maxBytes: number };
}

const unknown: Meta = {
  name: 'Faff',
  version: '',
  clientVersion: null,
  registration: 'open',
  hasAdministrator: true,
  uploads: { maxFiles: 5, maxBytes: 10 * 1024 * 1024 },
};

function isMeta(value: unknown): value is Partial<Meta> {
  return typeof value === 'object' && value !== null && 'version' in value;
}

class Server {
  #signal = new Signal();
  #meta = unknown;
  #first: string | null = null;

  get meta(): Meta {
    this.#signal.read();
    return this.#meta;
  }

  /** Whether the server serves another client than this page's. */
  get isNew(): boolean {
    this.#signal.read();
    return this.#first !== null && this.#meta.clientVersion !== null && this.#meta.clientVersion !== this.#first;
  }

  async load(): Promise<void> {
    const response = await fetch('/api/meta', { credentials: 'same-origin' }).catch(() => null);
    if (response === null || !response.ok) return;
    const meta: unknown = await response.json().catch(() => null);
    if (!isMeta(meta)) return;
    this.#meta = { ...unknown, ...meta };
    this.#first ??= this.#meta.clientVersion;
    this.#signal.changed();
  }
}

export const server = new Server();
