//! This server: what a page must know before anybody is logged in, and whether it was loaded from another version.

import { api } from './api/client';
import type { Meta } from './api/types';
import { Signal } from './signal';

const unknown: Meta = {
  name: 'Faff',
  version: '',
  clientVersion: null,
  registration: 'open',
  hasAdministrator: true,
  uploads: { maxFiles: 5, maxBytes: 10 * 1024 * 1024 },
};

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
    const { data } = await api.GET('/api/meta').catch(() => ({ data: undefined }));
    if (data === undefined) return;
    this.#meta = data as Meta;
    this.#first ??= this.#meta.clientVersion;
    this.#signal.changed();
  }
}

export const server = new Server();
