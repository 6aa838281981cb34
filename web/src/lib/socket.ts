//! The one connection of the page. It comes back by itself, remembers which rooms it was in, and says when there is
//! something to catch up on. The transport is given in, so that tests need none.

import { Signal } from './signal';
import type { Message, Reading, Task, UserRef } from './api/types';

/** What the server tells, live. docs/sockets.md is the contract. */
export interface Told {
  new_message: Message;
  message_updated: Message & { eventSeq: number };
  message_deleted: { taskId: number; id: number; seq: number };
  refresh_task: { taskId: number; seq: number };
  task_created: Task;
  task_changed: Task;
  task_deleted: { taskId: number; id: number; seq: number };
  user_typing: { taskId: number; userId: number; userName: string; isTyping: boolean };
  presence: { taskId: number; users: UserRef[] };
  task_activity: { tasks: { taskId: number; seq: number; messageCount: number; lastMessageAt: string | null }[] };
  file_upload_progress: { taskId: number; userId: number; userName: string; progress: number; filename: string };
  summary_updated: { taskId: number };
  reading_changed: Reading;
  review_updated: { id: number; taskId: number };
  review_withdrawn: { id: number; taskId: number };
  summary_requested: { taskId: number };
  summary_failed: { taskId: number };
  summary_withdrawn: { taskId: number };
  inbox_changed: Record<string, never>;
  views_changed: Record<string, never>;
}

export type ToldName = keyof Told;

/** Every event that the page listens to. */
export const toldNames = [
  'new_message',
  'message_updated',
  'message_deleted',
  'refresh_task',
  'task_created',
  'task_changed',
  'task_deleted',
  'user_typing',
  'presence',
  'task_activity',
  'file_upload_progress',
  'summary_updated',
  'reading_changed',
  'review_updated',
  'review_withdrawn',
  'summary_requested',
  'summary_failed',
  'summary_withdrawn',
  'inbox_changed',
  'views_changed',
] as const satisfies readonly ToldName[];

/** An event as a catch-up brings it. */
export interface Missed {
  taskId: number;
  event: string;
  seq: number;
  data: unknown;
}

export interface Joined {
  taskId: number;
  seq: number;
  events: Missed[];
  hasMore: boolean;
  resync: boolean;
  viewers: UserRef[];
}

export interface Synced {
  events: Missed[];
  position: string;
  hasMore: boolean;
  resync: boolean;
}

/** What the client asks, and how it is answered. */
export interface Asked {
  join_task: [{ taskId: number; afterSeq?: number }, Joined];
  leave_task: [{ taskId: number }, { taskId: number }];
  send_message: [
    { taskId: number; content: string; replyToId: number | null; clientId: string; attachments: { id: string }[] },
    { message: Message },
  ];
  sync: [{ after?: string }, Synced];
  watch_lists: [{ on: boolean }, { on: boolean }];
}

/** The server's refusal of something asked over the socket. */
export class SocketRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly retryAfter: number | null,
  ) {
    super(message);
  }
}

/** No answer: not connected, or too late. The same may have happened all the same. */
export class NoAnswer extends Error {}

/** As much of socket.io-client as is used. */
export interface Wire {
  readonly connected: boolean;
  connect(): unknown;
  disconnect(): unknown;
  on(event: string, listener: (...values: never[]) => void): unknown;
  emit(event: string, ...values: unknown[]): unknown;
  timeout(ms: number): { emitWithAck(event: string, ...values: unknown[]): Promise<unknown> };
}

export type Line = 'connecting' | 'online' | 'offline';

const ANSWER_MS = 8_000;
/** Rooms are left this long after the last screen that needed them. */
const LINGER_MS = 10_000;
/** Interruptions shorter than this are nobody's business. */
export const SHOWN_AFTER_MS = 5_000;

interface Room {
  users: number;
  leaving: ReturnType<typeof setTimeout> | null;
}

export class Connection {
  #signal = new Signal();
  #line: Line = 'connecting';
  #lostAt: number | null = null;
  #wire: Wire | null = null;
  #rooms = new Map<number, Room>();
  #onTold: (name: ToldName, value: Told[ToldName]) => void = () => undefined;
  #onConnect = new Set<() => void>();
  #onLoggedOut: () => void = () => undefined;

  get line(): Line {
    this.#signal.read();
    return this.#line;
  }

  /** Since when there is no connection. */
  get lostAt(): number | null {
    this.#signal.read();
    return this.#lostAt;
  }

  get connected(): boolean {
    return this.#wire?.connected ?? false;
  }

  /** The rooms that screens need now or needed a moment ago. */
  get rooms(): readonly number[] {
    return [...this.#rooms.keys()];
  }

  /** Starts to listen. */
  open(wire: Wire, handlers: { told: (name: ToldName, value: Told[ToldName]) => void; loggedOut: () => void }): void {
    this.close();
    this.#wire = wire;
    this.#onTold = handlers.told;
    this.#onLoggedOut = handlers.loggedOut;
    this.#lostAt = Date.now();
    wire.on('connect', () => {
      this.#set('online');
      for (const listener of [...this.#onConnect]) listener();
    });
    wire.on('disconnect', (reason: string) => {
      this.#set('offline');
      // The server ended it on purpose; the library leaves it at that.
      if (reason === 'io server disconnect') setTimeout(() => this.retry(), 1_000);
    });
    wire.on('connect_error', (error: Error & { data?: { code?: string } }) => {
      this.#set('offline');
      if (error.data?.code === 'unauthenticated') this.#loggedOut();
      // Refusals are not retried by the library: too many connections, an unknown origin.
      else if (error.data !== undefined) setTimeout(() => this.retry(), 5_000);
    });
    wire.on('error', (error: { code?: string }) => {
      if (error.code === 'unauthenticated') this.#loggedOut();
    });
    for (const name of toldNames) wire.on(name, (value: Told[ToldName]) => this.#onTold(name, value));
    wire.connect();
  }

  close(): void {
    const wire = this.#wire;
    this.#wire = null;
    for (const room of this.#rooms.values()) if (room.leaving !== null) clearTimeout(room.leaving);
    this.#rooms.clear();
    wire?.disconnect();
    this.#set('connecting');
  }

  /** Tries now instead of after the pause. */
  retry(): void {
    const wire = this.#wire;
    if (wire === null || wire.connected) return;
    wire.disconnect();
    wire.connect();
  }

  /** Runs after each connect, so that what was missed is fetched. Returns what ends it. */
  whenConnected(listener: () => void): () => void {
    this.#onConnect.add(listener);
    return () => void this.#onConnect.delete(listener);
  }

  /** Asks, and waits for the answer. */
  async ask<Name extends keyof Asked>(name: Name, value: Asked[Name][0]): Promise<Asked[Name][1]> {
    const wire = this.#wire;
    if (wire === null || !wire.connected) throw new NoAnswer('not connected');
    let answer: unknown;
    try {
      answer = await wire.timeout(ANSWER_MS).emitWithAck(name, value);
    } catch {
      throw new NoAnswer('no answer in time');
    }
    if (isOk(answer)) return answer as unknown as Asked[Name][1];
    const error = isRefusal(answer) ? answer.error : { code: 'internal', message: 'The answer cannot be understood' };
    if (error.code === 'unauthenticated') this.#loggedOut();
    throw new SocketRefused(error.code, error.message, error.retryAfter ?? null);
  }

  /** Says something that needs no answer and may be lost. */
  tell(name: 'typing' | 'upload_progress', value: Record<string, unknown>): void {
    if (this.#wire?.connected === true) this.#wire.emit(name, value);
  }

  /** A screen needs a room. Whoever enters joins by `join_task` itself, with what it has. Returns what ends the need. */
  enter(taskId: number): () => void {
    const room = this.#rooms.get(taskId) ?? { users: 0, leaving: null };
    if (room.leaving !== null) clearTimeout(room.leaving);
    room.leaving = null;
    room.users += 1;
    this.#rooms.set(taskId, room);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      room.users -= 1;
      if (room.users > 0) return;
      room.leaving = setTimeout(() => {
        if (this.#rooms.get(taskId) === room) this.#rooms.delete(taskId);
        this.ask('leave_task', { taskId }).catch(() => undefined);
      }, LINGER_MS);
    };
  }

  #loggedOut(): void {
    this.#wire?.disconnect();
    this.#onLoggedOut();
  }

  #set(line: Line): void {
    if (line === 'online') this.#lostAt = null;
    else this.#lostAt ??= Date.now();
    this.#line = line;
    this.#signal.changed();
  }
}

function isOk(answer: unknown): answer is { ok: true } {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;
}

function isRefusal(answer: unknown): answer is { error: { code: string; message: string; retryAfter?: number } } {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'error' in answer &&
    typeof answer.error === 'object' &&
    answer.error !== null &&
    'code' in answer.error &&
    typeof answer.error.code === 'string'
  );
}

export const connection = new Connection();
