//! Everything that belongs to the person who is signed in: made at sign-in, ended at sign-out. Screens get it by `work()`.

import type { Message, User } from './api/types';
import { Conversation } from './chat/conversation';
import { deliverer } from './chat/deliver';
import { Outbox } from './chat/outbox';
import { Drafts } from './drafts';
import { t } from './i18n/index';
import { People } from './people';
import { Typists } from './presence';
import { Recents } from './recent';
import { session } from './session';
import { type Missed, type Wire, connection } from './socket';
import { local } from './storage';
import { type Event, sync } from './sync';
import { type Tickets, tickets } from './tickets/cache';
import { TicketList } from './tickets/list';
import { type Filters, write } from './tickets/filters';
import { unread } from './unread';

/** Coming back after this long, one catches up as after an interruption. */
const HIDDEN_MS = 60_000;
/** How often one asks what happened in tickets that are not open, should news of it get lost. */
const NOTE_EVERY_MS = 30_000;

export class Workspace {
  readonly tickets: Tickets = tickets;
  readonly people = new People();
  readonly typists = new Typists();
  readonly drafts: Drafts;
  readonly recents: Recents;
  readonly outbox: Outbox;
  #conversations = new Map<number, { conversation: Conversation; users: number }>();
  #lists = new Map<string, TicketList>();
  #position: string | null = null;
  #ends: (() => void)[] = [];
  #listeners = new Set<(events: readonly Event[]) => void>();

  constructor(readonly me: User) {
    this.drafts = new Drafts(me.id);
    this.recents = new Recents(me.id);
    this.outbox = new Outbox({
      store: local,
      userId: me.id,
      deliver: deliverer(connection),
      settled: (message) => {
        this.#conversations.get(message.taskId)?.conversation.take(message);
      },
      lostUploads: () => t('send.lostFiles'),
    });
    this.people.put(me);
  }

  /** Connects, and keeps everything up to date. */
  async start(): Promise<void> {
    this.#ends.push(
      sync.on((events) => this.#apply(events)),
      connection.whenConnected(() => {
        this.outbox.wake();
        void this.#catchUp();
        // That something was said in tickets that are not open; what it was, only their rooms hear.
        connection.ask('watch_lists', { on: true }).catch(() => undefined);
      }),
    );
    const listen = (target: Window | Document, name: string, run: (event: globalThis.Event) => void): void => {
      target.addEventListener(name, run);
      this.#ends.push(() => target.removeEventListener(name, run));
    };
    let hiddenAt: number | null = null;
    listen(document, 'visibilitychange', () => {
      if (document.visibilityState === 'hidden') {
        hiddenAt = Date.now();
        return;
      }
      sync.flush();
      unread.wake();
      if (hiddenAt !== null && Date.now() - hiddenAt > HIDDEN_MS) this.refresh();
      hiddenAt = null;
      connection.retry();
    });
    listen(window, 'online', () => {
      connection.retry();
      this.outbox.wake();
    });
    listen(window, 'storage', () => this.outbox.reread());
    const noting = setInterval(() => {
      if (this.#position !== null && connection.connected && document.visibilityState === 'visible') void this.#catchUp();
    }, NOTE_EVERY_MS);
    this.#ends.push(() => clearInterval(noting));
    void this.people.load().catch(() => undefined);
    const { io } = await import('socket.io-client');
    const wire = io({
      autoConnect: false,
      withCredentials: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 10_000,
      randomizationFactor: 0.5,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
    });
    connection.open(wire as Wire, {
      told: (name, value) => sync.push(name, value),
      loggedOut: () => session.expire(),
    });
  }

  /** After somebody has signed in again on the same page. */
  resume(): void {
    connection.retry();
    this.outbox.wake();
    this.refresh();
  }

  /** Fetches again what is on screen. */
  refresh(): void {
    void this.#catchUp();
    for (const { conversation } of this.#conversations.values()) void conversation.catchUp();
    this.outbox.wake();
  }

  /** A ticket's conversation, for as long as a screen shows it. Returns what ends that. */
  open(taskId: number): [Conversation, () => void] {
    let held = this.#conversations.get(taskId);
    if (held === undefined) {
      const conversation = new Conversation(taskId, connection, this.tickets.told(taskId)?.seq ?? 0);
      held = { conversation, users: 0 };
      this.#conversations.set(taskId, held);
    }
    const mine = held;
    mine.users += 1;
    return [
      mine.conversation,
      () => {
        mine.users -= 1;
        if (mine.users > 0) return;
        this.#conversations.delete(taskId);
        mine.conversation.close();
      },
    ];
  }

  /** A message that an answer has brought: its event may come later. */
  took(message: Message): void {
    this.#conversations.get(message.taskId)?.conversation.take(message);
  }

  /** The list for these filters; the last ones are kept, so that going back shows them at once. */
  list(filters: Filters): TicketList {
    const key = write(filters);
    const list = this.#lists.get(key) ?? new TicketList(filters, this.me.id, this.tickets);
    this.#lists.delete(key);
    this.#lists.set(key, list);
    const oldest = this.#lists.keys().next().value;
    if (this.#lists.size > 4 && oldest !== undefined) this.#lists.delete(oldest);
    return list;
  }

  /** For screens that keep lists of their own. Returns what ends it. */
  hear(listener: (events: readonly Event[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  stop(): void {
    for (const end of this.#ends) end();
    this.outbox.close();
    unread.clear();
    connection.close();
    for (const { conversation } of this.#conversations.values()) conversation.close();
  }

  #apply(events: readonly Event[]): void {
    for (const event of events) {
      switch (event.name) {
        case 'task_created':
        case 'task_changed':
          this.tickets.put(event.value);
          break;
        case 'task_deleted':
          this.tickets.remove(event.value.id);
          this.recents.remove(event.value.id);
          break;
        case 'refresh_task':
          // The change itself comes as task_changed to everyone for whom the ticket exists.
          if (this.tickets.told(event.value.taskId) === undefined) break;
          if ((this.tickets.told(event.value.taskId)?.seq ?? 0) < event.value.seq) void this.#fetch(event.value.taskId);
          break;
        case 'new_message':
          this.outbox.settle(event.value);
          this.typists.spoke(event.value.taskId, event.value.senderId);
          this.people.put(event.value.sender);
          unread.heard(event.value, this.me.id);
          break;
        case 'task_activity':
          this.tickets.stirred(event.value.tasks);
          unread.stirred(event.value.tasks.filter(({ taskId }) => !this.#conversations.has(taskId)));
          break;
        case 'reading_changed':
          unread.put(event.value);
          break;
        case 'user_typing':
          this.typists.apply(event.value);
          break;
        default:
      }
    }
    for (const list of this.#lists.values()) list.apply(events);
    for (const { conversation } of this.#conversations.values()) conversation.apply(events);
    for (const listener of [...this.#listeners]) listener(events);
  }

  #fetching = new Set<number>();
  /** The change is usually in the same frame; only when it is not, it is fetched. */
  async #fetch(id: number): Promise<void> {
    if (this.#fetching.has(id)) return;
    this.#fetching.add(id);
    await new Promise((resolve) => setTimeout(resolve, 50));
    this.#fetching.delete(id);
    await this.tickets.fetch(id).catch(() => undefined);
  }

  /** What happened in all tickets since the place noted last. */
  async #catchUp(): Promise<void> {
    try {
      for (;;) {
        const answer = await connection.ask('sync', this.#position === null ? {} : { after: this.#position });
        const first = this.#position === null;
        this.#position = answer.position;
        if (answer.resync) {
          for (const list of this.#lists.values()) void list.refresh();
          void unread.again();
          void this.people.load().catch(() => undefined);
          return;
        }
        if (first) {
          // What was read before there was a place may be older than it.
          for (const list of this.#lists.values()) void list.recheck();
          void unread.again();
        } else for (const missed of answer.events) this.#missed(missed);
        if (!answer.hasMore) return;
      }
    } catch {
      // The next connection asks again.
    }
  }

  #missed({ event, taskId, seq, data }: Missed): void {
    // The rooms of open tickets catch up by themselves.
    if (event === 'new_message' && !this.#conversations.has(taskId)) unread.stirred([{ taskId, seq }]);
    if (event === 'task_created' || event === 'task_changed' || event === 'task_deleted') sync.push(event, data as never);
  }
}

let current: Workspace | null = null;

/** The workspace of the person who is signed in. */
export function work(): Workspace {
  if (current === null) throw new Error('nobody is signed in');
  return current;
}

export function openWorkspace(me: User): Workspace {
  current?.stop();
  current = new Workspace(me);
  return current;
}

export function closeWorkspace(): void {
  current?.stop();
  current = null;
}

