//! Messages on their way: drawn at once, kept over a reload, sent in order, never doubled.
//!
//! Each has a name of its own (`clientId`), made before it is sent the first time. Whichever of acknowledgement, answer and
//! broadcast comes first settles it; the server answers any repetition with the first message. Tabs share the store: each
//! message has a key of its own, so that tabs do not overwrite each other, and sending twice is harmless.

import { NoAnswer, SocketRefused } from '../socket';
import { Refused, Unreachable } from '../api/problem';
import type { Attachment, Message, Parent } from '../api/types';
import { Signal } from '../signal';
import { type Store, readJson, writeJson } from '../storage';
import { uuid } from '../uuid';

export interface Outgoing {
  clientId: string;
  taskId: number;
  content: string;
  replyToId: number | null;
  replyTo: Parent | null;
  /** Files that the server has. */
  attachments: Attachment[];
  /** Files that are still on their way there; after a reload they are lost. */
  uploads: number;
  /** When it was written, and its place among others of that moment. */
  at: number;
  state: 'uploading' | 'waiting' | 'sending' | 'failed';
  reason: string | null;
}

export interface Written {
  taskId: number;
  content: string;
  replyToId: number | null;
  replyTo: Parent | null;
  attachments: Attachment[];
  uploads?: number;
}

/** One attempt: by socket, else by REST. */
export type Deliver = (message: Outgoing) => Promise<Message>;

/** Attempts against a server that answers but cannot, before a person is asked. */
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

function isOutgoing(value: unknown): value is Outgoing {
  return (
    typeof value === 'object' &&
    value !== null &&
    'clientId' in value &&
    typeof value.clientId === 'string' &&
    'taskId' in value &&
    typeof value.taskId === 'number' &&
    'content' in value &&
    typeof value.content === 'string'
  );
}

export interface Parts {
  store: Store;
  userId: number;
  deliver: Deliver;
  /** A message is the server's now. */
  settled: (message: Message, clientId: string) => void;
  name?: () => string;
  now?: () => number;
  lostUploads?: () => string;
}

export class Outbox {
  #signal = new Signal();
  #entries: Outgoing[] = [];
  #running = new Set<number>();
  #pauses = new Map<number, { ms: number; timer: ReturnType<typeof setTimeout> | null; tries: number }>();
  #prefix: string;
  #closed = false;

  constructor(private parts: Parts) {
    this.#prefix = `faff.outbox.${parts.userId}.`;
    this.#entries = this.#stored();
    for (const entry of this.#entries) {
      if (entry.state === 'uploading') this.#fail(entry, parts.lostUploads?.() ?? 'Files were not uploaded');
      else if (entry.state !== 'failed') this.#change(entry, { state: 'waiting' });
    }
  }

  /** What has not arrived in a ticket yet, in the order it was written. */
  of(taskId: number): readonly Outgoing[] {
    this.#signal.read();
    return this.#entries.filter((entry) => entry.taskId === taskId);
  }

  get size(): number {
    this.#signal.read();
    return this.#entries.length;
  }

  /** Writes a message down, and sends it when its turn comes. */
  post(written: Written): Outgoing {
    const last = this.#entries.at(-1)?.at ?? 0;
    const entry: Outgoing = {
      ...written,
      uploads: written.uploads ?? 0,
      clientId: (this.parts.name ?? uuid)(),
      at: Math.max((this.parts.now ?? Date.now)(), last + 1),
      state: (written.uploads ?? 0) > 0 ? 'uploading' : 'waiting',
      reason: null,
    };
    this.#entries = [...this.#entries, entry];
    this.#save(entry);
    this.#signal.changed();
    void this.#pump(entry.taskId);
    return entry;
  }

  /** Its files are there, or not to be had. */
  uploaded(clientId: string, attachments: Attachment[] | null, reason = ''): void {
    const entry = this.#find(clientId);
    if (entry === undefined) return;
    if (attachments === null) this.#fail(entry, reason);
    else {
      this.#change(entry, { attachments: [...entry.attachments, ...attachments], uploads: 0, state: 'waiting' });
      void this.#pump(entry.taskId);
    }
    this.#signal.changed();
  }

  /** Somebody wants it tried again: under the same name. */
  retry(clientId: string): void {
    const entry = this.#find(clientId);
    if (entry === undefined || entry.state !== 'failed') return;
    this.#change(entry, { state: 'waiting', reason: null });
    this.#signal.changed();
    this.#calm(entry.taskId);
    void this.#pump(entry.taskId);
  }

  /** Somebody does not want it sent any more. */
  discard(clientId: string): Outgoing | undefined {
    const entry = this.#find(clientId);
    if (entry !== undefined) this.#drop(clientId);
    return entry;
  }

  /** The server has it: says so the first time only. */
  settle(message: Message): void {
    const clientId = message.clientId;
    if (clientId === null || message.senderId !== this.parts.userId || this.#find(clientId) === undefined) return;
    this.#drop(clientId);
    this.parts.settled(message, clientId);
  }

  /** There may be a way again: everything that waits is tried now. */
  wake(): void {
    for (const taskId of new Set(this.#entries.map((entry) => entry.taskId))) {
      this.#calm(taskId);
      void this.#pump(taskId);
    }
  }

  /** Another tab has changed the store. */
  reread(): void {
    const stored = new Map(this.#stored().map((entry) => [entry.clientId, entry]));
    const before = this.#entries;
    this.#entries = before.filter((entry) => entry.state === 'uploading' || stored.has(entry.clientId));
    for (const entry of stored.values()) {
      if (!this.#entries.some((other) => other.clientId === entry.clientId)) this.#entries.push(entry);
    }
    this.#entries.sort((a, b) => a.at - b.at);
    this.#signal.changed();
  }

  /** Sends nothing more; what is stored stays. */
  close(): void {
    this.#closed = true;
    for (const pause of this.#pauses.values()) if (pause.timer !== null) clearTimeout(pause.timer);
  }

  async #pump(taskId: number): Promise<void> {
    if (this.#running.has(taskId) || this.#closed) return;
    this.#running.add(taskId);
    try {
      for (;;) {
        const entry = this.#entries.find((one) => one.taskId === taskId && one.state === 'waiting');
        if (entry === undefined || this.#closed) return;
        this.#change(entry, { state: 'sending' });
        this.#signal.changed();
        try {
          this.settle(await this.parts.deliver(entry));
          // An answer without our name would never settle it.
          this.#drop(entry.clientId);
          this.#calm(taskId);
        } catch (error) {
          if (this.#find(entry.clientId) === undefined) continue;
          if (!this.#again(entry, error)) return;
        }
      }
    } finally {
      this.#running.delete(taskId);
    }
  }

  /** After an attempt that failed: whether the next one's turn has come. */
  #again(entry: Outgoing, error: unknown): boolean {
    const lost = error instanceof NoAnswer || error instanceof Unreachable;
    const out = hasCode(error, 'unauthenticated');
    const passing = (error instanceof Refused && error.passing) || hasCode(error, 'rate_limited', 'busy', 'internal', 'unavailable');
    const pause = this.#pauses.get(entry.taskId) ?? { ms: FIRST_PAUSE_MS, timer: null, tries: 0 };
    if (passing) pause.tries += 1;
    if (lost || out || (passing && pause.tries < ATTEMPTS)) {
      this.#change(entry, { state: 'waiting' });
      const asked = error instanceof Refused || error instanceof SocketRefused ? error.retryAfter : null;
      const ms = asked !== null ? asked * 1000 : pause.ms;
      if (pause.timer !== null) clearTimeout(pause.timer);
      // Without a login there is nothing to try until somebody signs in.
      pause.timer = out ? null : setTimeout(() => void this.#pump(entry.taskId), ms);
      pause.ms = Math.min(pause.ms * 2, LONGEST_PAUSE_MS);
      this.#pauses.set(entry.taskId, pause);
      this.#signal.changed();
      return false;
    }
    this.#fail(entry, error instanceof Error ? error.message : String(error));
    this.#calm(entry.taskId);
    this.#signal.changed();
    return true;
  }

  #calm(taskId: number): void {
    const pause = this.#pauses.get(taskId);
    if (pause?.timer != null) clearTimeout(pause.timer);
    this.#pauses.delete(taskId);
  }

  #find(clientId: string): Outgoing | undefined {
    return this.#entries.find((entry) => entry.clientId === clientId);
  }

  #fail(entry: Outgoing, reason: string): void {
    this.#change(entry, { state: 'failed', reason });
  }

  /** Screens compare entries by identity, so a changed one is another one. */
  #change({ clientId }: Outgoing, change: Partial<Outgoing>): void {
    this.#entries = this.#entries.map((entry) => {
      if (entry.clientId !== clientId) return entry;
      const changed = { ...entry, ...change };
      this.#save(changed);
      return changed;
    });
  }

  #drop(clientId: string): void {
    if (this.#find(clientId) === undefined) return;
    this.#entries = this.#entries.filter((entry) => entry.clientId !== clientId);
    this.parts.store.remove(this.#prefix + clientId);
    this.#signal.changed();
  }

  #save(entry: Outgoing): void {
    writeJson(this.parts.store, this.#prefix + entry.clientId, entry);
  }

  #stored(): Outgoing[] {
    const { store } = this.parts;
    return store
      .keys()
      .filter((key) => key.startsWith(this.#prefix))
      .flatMap((key) => readJson(store, key, isOutgoing) ?? [])
      .sort((a, b) => a.at - b.at);
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return (error instanceof SocketRefused || error instanceof Refused) && codes.includes(error.code);
}
