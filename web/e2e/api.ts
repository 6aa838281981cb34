//! A program beside the browser: makes people, tickets and messages, and looks at what the server holds.

import { Agent, request } from 'node:http';
import { admin, password } from './server';

export interface Named {
  id: number;
  name: string;
  email: string;
}

export class Api {
  constructor(
    private base: string,
    private token: string,
    readonly user: Named,
  ) {}

  static async logIn(base: string, email: string = admin.email): Promise<Api> {
    return Api.#enter(base, 'login', { email, password });
  }

  static async register(base: string, name: string): Promise<Api> {
    const email = `${name.split(' ')[0]?.toLowerCase() ?? 'x'}@faff.example`;
    return Api.#enter(base, 'register', { name, email, password });
  }

  static async #enter(base: string, way: string, body: unknown): Promise<Api> {
    const response = await fetch(`${base}/api/auth/${way}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const answer = (await response.json()) as { token: string; user: Named };
    if (!response.ok) throw new Error(`${way}: ${response.status}`);
    return new Api(base, answer.token, answer.user);
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.base + path, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
  }

  /** Sends a form; the status, and what was answered. */
  async form<T>(path: string, body: FormData): Promise<{ status: number; answer: Partial<T> }> {
    const response = await fetch(this.base + path, { method: 'POST', headers: { Authorization: `Bearer ${this.token}` }, body });
    return { status: response.status, answer: (await response.json()) as Partial<T> };
  }

  async ticket(title: string, more: Record<string, unknown> = {}): Promise<number> {
    return (await this.call<{ task: { id: number } }>('POST', '/api/tasks', { title, description: title, ...more })).task.id;
  }

  /** Files many tickets, over few connections: with `fetch`, most of the time would be its own. */
  async tickets(titles: readonly string[]): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const file = (title: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const headers = { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' };
        const asked = request(`${this.base}/api/tasks`, { method: 'POST', agent, headers }, (answer) => {
          answer.resume().on('end', () => (answer.statusCode === 201 ? resolve() : reject(new Error(`POST /api/tasks: ${answer.statusCode}`))));
        });
        asked.on('error', reject);
        asked.end(JSON.stringify({ title, description: title }));
      });
    let next = 0;
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let title = titles[next++]; title !== undefined; title = titles[next++]) await file(title);
      }),
    );
    agent.destroy();
  }

  async say(task: number, content: string, more: Record<string, unknown> = {}): Promise<number> {
    return (await this.call<{ data: { id: number } }>('POST', `/api/tasks/${task}/messages`, { content, ...more })).data.id;
  }

  /** Stages a file for a message of this ticket; its id goes into `attachments`. */
  async upload(task: number, name: string, bytes: Buffer): Promise<string> {
    const body = new FormData();
    body.append('taskId', String(task));
    body.append('files', new Blob([new Uint8Array(bytes)]), name);
    const response = await fetch(`${this.base}/api/attachments/upload`, { method: 'POST', headers: { Authorization: `Bearer ${this.token}` }, body });
    const answer = (await response.json()) as { attachments: { id: string }[] };
    if (!response.ok || answer.attachments[0] === undefined) throw new Error(`upload: ${response.status} ${JSON.stringify(answer)}`);
    return answer.attachments[0].id;
  }

  /** Everything that was said in a ticket, in order. */
  async said(task: number): Promise<string[]> {
    const all: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { messages: { content: string }[]; nextCursor: string | null } = await this.call('GET', `/api/tasks/${task}/messages?limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
      all.push(...page.messages.map(({ content }) => content));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return all;
  }
}
