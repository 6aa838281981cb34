//! Tickets as far as they are known, each once, and the changes to them that are on their way.

import { api, ask } from '../api/client';
import type { ChangeTask, Task, UserRef } from '../api/types';
import { Signal } from '../signal';

export type Patch = Omit<ChangeTask, 'version'>;
/** Sends a change. */
export type Send = (id: number, change: ChangeTask) => Promise<Task>;

async function sendByRest(id: number, body: ChangeTask): Promise<Task> {
  return (await ask(api.PUT('/api/tasks/{id}', { params: { path: { id } }, body }))).task as Task;
}

interface Pending {
  patch: Patch;
  assignedTo: UserRef | null | undefined;
}

export class Tickets {
  #signal = new Signal();
  #known = new Map<number, Task>();
  #pending = new Map<number, Pending[]>();

  constructor(private send: Send = sendByRest) {}

  /** As it will be when everything on its way has arrived. */
  get(id: number): Task | undefined {
    this.#signal.read();
    const task = this.#known.get(id);
    const pending = this.#pending.get(id);
    return task === undefined || pending === undefined ? task : pending.reduce(overlay, task);
  }

  /** As the server has told it. */
  told(id: number): Task | undefined {
    return this.#known.get(id);
  }

  /** All that are known. */
  get all(): readonly Task[] {
    this.#signal.read();
    return [...this.#known.values()];
  }

  /** Takes what the server told; older news changes nothing. */
  put(...tasks: readonly Task[]): void {
    let changed = false;
    for (const task of tasks) {
      const known = this.#known.get(task.id);
      if (known !== undefined && (known.version > task.version || (known.version === task.version && known.seq > task.seq))) continue;
      this.#known.set(task.id, task);
      changed = true;
    }
    if (changed) this.#signal.changed();
  }

  /** Something was said in these. */
  stirred(lines: readonly { taskId: number; messageCount: number; lastMessageAt: string | null }[]): void {
    let changed = false;
    for (const { taskId, messageCount, lastMessageAt } of lines) {
      const known = this.#known.get(taskId);
      if (known === undefined || known.messageCount === messageCount) continue;
      this.#known.set(taskId, { ...known, messageCount, lastMessageAt });
      changed = true;
    }
    if (changed) this.#signal.changed();
  }

  remove(id: number): void {
    if (this.#known.delete(id)) this.#signal.changed();
  }

  async fetch(id: number): Promise<Task> {
    const task = (await ask(api.GET('/api/tasks/{id}', { params: { path: { id } } }))).task as Task;
    this.put(task);
    return task;
  }

  /** Changes a ticket: shown at once, taken back when the server refuses; then the error is thrown. With a version, only
   * while nobody was faster. */
  async change(id: number, patch: Patch, options: { version?: number; assignedTo?: UserRef | null } = {}): Promise<Task> {
    const pending: Pending = { patch, assignedTo: options.assignedTo };
    this.#pending.set(id, [...(this.#pending.get(id) ?? []), pending]);
    this.#signal.changed();
    try {
      const task = await this.send(id, options.version === undefined ? patch : { ...patch, version: options.version });
      this.put(task);
      return task;
    } finally {
      const left = (this.#pending.get(id) ?? []).filter((other) => other !== pending);
      if (left.length === 0) this.#pending.delete(id);
      else this.#pending.set(id, left);
      this.#signal.changed();
    }
  }
}

function overlay(task: Task, { patch, assignedTo }: Pending): Task {
  const next = { ...task };
  if (patch.title != null) next.title = patch.title;
  if (patch.description != null) next.description = patch.description;
  if (patch.status != null) next.status = patch.status;
  if (patch.priority != null) next.priority = patch.priority;
  if (patch.visibility != null) next.visibility = patch.visibility;
  if (patch.tags != null) next.tags = patch.tags;
  if (patch.assignedToId !== undefined) {
    next.assignedToId = patch.assignedToId;
    next.assignedTo = assignedTo ?? null;
  }
  return next;
}

export const tickets = new Tickets();
