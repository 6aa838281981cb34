//! Files on their way to the server, for one composer: checked first, each with its progress, each to be taken back.
//!
//! Files are staged for the ticket (`POST /api/attachments/upload`), one request each, so that one that fails takes no other
//! with it; the message then names them.

import { csrf } from './api/client';
import { Refused, refusal } from './api/problem';
import type { Attachment } from './api/types';
import { Signal } from './signal';

export const MOST_FILES = 5;
export const MOST_BYTES = 10 * 1024 * 1024;
/** Kinds the server takes; it decides by content, this only spares the way. */
const kinds = /\.(jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|pptx?|txt|csv|zip|rar|log|md)$/i;

export type UploadState = 'waiting' | 'sending' | 'done' | 'failed';

export interface Upload {
  key: string;
  name: string;
  size: number;
  state: UploadState;
  /** 0 to 1 */
  progress: number;
  attachment: Attachment | null;
  reason: string | null;
  /** An address of the picture on this device; released when it goes. */
  preview: string | null;
}

/** Why a file is not taken. */
export type Rejected = { file: File; why: 'many' | 'large' | 'kind' | 'empty' };

/** Sorts out what the server would refuse, keeping the rest. */
export function check(files: readonly File[], already: number): { good: File[]; bad: Rejected[] } {
  const good: File[] = [];
  const bad: Rejected[] = [];
  for (const file of files) {
    if (file.size > MOST_BYTES) bad.push({ file, why: 'large' });
    else if (file.size === 0) bad.push({ file, why: 'empty' });
    else if (!kinds.test(file.name)) bad.push({ file, why: 'kind' });
    else if (already + good.length >= MOST_FILES) bad.push({ file, why: 'many' });
    else good.push(file);
  }
  return { good, bad };
}

export interface Transfer {
  done: Promise<Attachment>;
  cancel(): void;
}
export type Send = (taskId: number, file: File, progress: (part: number) => void) => Transfer;

function isAttachment(value: unknown): value is Attachment {
  return typeof value === 'object' && value !== null && 'id' in value && 'url' in value;
}

/** `fetch` does not tell how far an upload is. */
export const sendByXhr: Send = (taskId, file, progress) => {
  const xhr = new XMLHttpRequest();
  const done = new Promise<Attachment>((resolve, reject) => {
    const form = new FormData();
    form.append('taskId', String(taskId));
    form.append('files', file, file.name);
    xhr.open('POST', '/api/attachments/upload');
    for (const [name, value] of Object.entries(csrf)) xhr.setRequestHeader(name, value);
    xhr.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    xhr.addEventListener('load', () => {
      let body: unknown = null;
      try {
        body = JSON.parse(xhr.responseText);
      } catch {
        // A proxy's page; the status says enough.
      }
      if (xhr.status < 300 && typeof body === 'object' && body !== null && 'attachments' in body && Array.isArray(body.attachments)) {
        const first: unknown = body.attachments[0];
        if (isAttachment(first)) return resolve(first);
      }
      reject(refusal(xhr.status, body));
    });
    xhr.addEventListener('error', () => reject(new Error('offline')));
    xhr.addEventListener('abort', () => reject(new Error('cancelled')));
    xhr.send(form);
  });
  return { done, cancel: () => xhr.abort() };
};

export class Uploads {
  #signal = new Signal();
  #all: readonly Upload[] = [];
  #files = new Map<string, { file: File; transfer: Transfer | null }>();
  #waiters: (() => void)[] = [];
  #next = 0;

  constructor(
    readonly taskId: number,
    private send: Send = sendByXhr,
    private offline: () => string = () => 'The server cannot be reached',
  ) {}

  get all(): readonly Upload[] {
    this.#signal.read();
    return this.#all;
  }

  get attachments(): Attachment[] {
    return this.all.flatMap((upload) => upload.attachment ?? []);
  }

  get unfinished(): number {
    return this.all.filter((upload) => upload.state === 'waiting' || upload.state === 'sending').length;
  }

  get failed(): number {
    return this.all.filter((upload) => upload.state === 'failed').length;
  }

  /** Files that a draft had already. */
  restore(attachments: readonly Attachment[]): void {
    const restored = attachments.map((attachment): Upload => ({
      key: attachment.id,
      name: attachment.originalName,
      size: attachment.size,
      state: 'done',
      progress: 1,
      attachment,
      reason: null,
      preview: null,
    }));
    this.#set([...this.#all, ...restored]);
  }

  /** Begins to upload what may be; returns what may not. */
  add(files: readonly File[]): Rejected[] {
    const { good, bad } = check(files, this.#all.length);
    for (const file of good) {
      const key = `u${this.#next++}`;
      const preview = /^image\/(png|jpeg|gif|webp)$/.test(file.type) && typeof URL.createObjectURL === 'function' ? URL.createObjectURL(file) : null;
      this.#files.set(key, { file, transfer: null });
      this.#set([...this.#all, { key, name: file.name, size: file.size, state: 'waiting', progress: 0, attachment: null, reason: null, preview }]);
      void this.#start(key);
    }
    return bad;
  }

  retry(key: string): void {
    if (this.#files.has(key)) void this.#start(key);
  }

  /** Takes a file back, wherever it is. A staged one is forgotten by the server after an hour. */
  remove(key: string): void {
    this.#files.get(key)?.transfer?.cancel();
    this.#release(key);
    this.#set(this.#all.filter((upload) => upload.key !== key));
    this.#wakeWaiters();
  }

  /** Resolves when nothing is on its way any more. */
  async finished(): Promise<void> {
    while (this.unfinished > 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  clear(): void {
    for (const { key } of this.#all) {
      this.#files.get(key)?.transfer?.cancel();
      this.#release(key);
    }
    this.#set([]);
    this.#wakeWaiters();
  }

  async #start(key: string): Promise<void> {
    const held = this.#files.get(key);
    if (held === undefined) return;
    this.#change(key, { state: 'sending', progress: 0, reason: null });
    const transfer = this.send(this.taskId, held.file, (progress) => this.#change(key, { progress }));
    held.transfer = transfer;
    try {
      const attachment = await transfer.done;
      this.#change(key, { state: 'done', progress: 1, attachment });
      this.#files.delete(key);
    } catch (error) {
      held.transfer = null;
      this.#change(key, { state: 'failed', reason: error instanceof Refused ? error.message : this.offline() });
    }
    this.#wakeWaiters();
  }

  #release(key: string): void {
    const preview = this.#all.find((upload) => upload.key === key)?.preview;
    if (preview != null) URL.revokeObjectURL(preview);
    this.#files.delete(key);
  }

  #change(key: string, change: Partial<Upload>): void {
    this.#set(this.#all.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)));
  }

  #set(all: readonly Upload[]): void {
    this.#all = all;
    this.#signal.changed();
  }

  #wakeWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
