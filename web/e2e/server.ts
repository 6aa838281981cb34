//! The real server with a fresh database. A binary that holds the client is its own origin; for one without it, or one whose client
//! is older than dist/ (`FAFF_CLIENT=dist`, or another folder), `vite preview` stands before it and serves that under the server's own policy.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const binary = process.env.FAFF_BINARY ?? new URL('../../target/debug/faff', import.meta.url).pathname;
export const password = 'printer on fire 7';
export const admin = { name: 'Ada Admin', email: 'ada@faff.example' };

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function until(what: string, ready: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await ready().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come up`);
}

async function end(child: ChildProcess | null, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child === null || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

export class Server {
  #child: ChildProcess | null = null;
  #preview: ChildProcess | null = null;
  #log = '';
  /** Where the API is. */
  api = '';
  /** Where pages are. */
  url = '';

  private constructor(
    private folder: string,
    private port: number,
    private environment: Record<string, string>,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'faff-e2e-')), await freePort(), environment);
    await server.up();
    return server;
  }

  get log(): string {
    return this.#log;
  }

  /** Starts the binary, the first time or again. */
  async up(): Promise<void> {
    this.api = `http://127.0.0.1:${this.port}`;
    const child = spawn(binary, [], {
      env: {
        PATH: process.env.PATH ?? '',
        PORT: String(this.port),
        FAFF_DATA_DIR: join(this.folder, 'data'),
        FAFF_ADMIN_EMAIL: admin.email,
        FAFF_ADMIN_PASSWORD: password,
        BCRYPT_COST: '4',
        RATE_LIMIT_ANONYMOUS: 'off',
        RATE_LIMIT_USER: 'off',
        RATE_LIMIT_LOGIN: 'off',
        RATE_LIMIT_UPLOAD: 'off',
        LOG_FORMAT: 'text',
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const note = (chunk: Buffer): void => void (this.#log += chunk.toString());
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    this.#child = child;
    await until('the server', async () => (await fetch(`${this.api}/health/ready`)).ok);
    if (this.url !== '') return;
    const page = await fetch(this.api, { headers: { Accept: 'text/html' } });
    if (process.env.FAFF_CLIENT === undefined && page.ok && (await page.text()).includes('id="app"')) this.url = this.api;
    else await this.#serve(page.headers.get('content-security-policy') ?? '');
  }

  async #serve(policy: string): Promise<void> {
    const port = await freePort();
    const root = new URL('..', import.meta.url).pathname;
    this.#preview = spawn('npx', ['vite', 'preview', '--outDir', process.env.FAFF_CLIENT ?? 'dist'], { cwd: root, env: { ...process.env, PORT: String(port), FAFF_URL: this.api, FAFF_POLICY: policy }, stdio: 'ignore', detached: true });
    this.url = `http://127.0.0.1:${port}`;
    await until('vite preview', async () => (await fetch(this.url)).ok);
  }

  /** As a power cut does. */
  async kill(): Promise<void> {
    await end(this.#child, 'SIGKILL');
  }

  async stop(): Promise<void> {
    await end(this.#child);
    if (this.#preview?.pid !== undefined) process.kill(-this.#preview.pid);
    await rm(this.folder, { recursive: true, force: true });
  }
}
