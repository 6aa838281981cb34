//! Requests by path, for what the typed client does not know of; slices.ts names what they take and answer.

import { ask, csrf, send } from './client';

interface More {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  /** The same key gives the first answer again. */
  key?: string;
  signal?: AbortSignal;
  /** Goes on when the page is left. */
  keepalive?: boolean;
}

/** What the server answers. Throws as `ask` does. */
export async function call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, { query = {}, body, key, signal, keepalive = false }: More = {}): Promise<T> {
  const url = new URL(path, typeof location === 'undefined' ? 'http://localhost' : location.origin);
  for (const [name, value] of Object.entries(query)) if (value != null) url.searchParams.set(name, String(value));
  const headers = new Headers(csrf);
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  if (key !== undefined) headers.set('Idempotency-Key', key);
  const response = await send(
    new Request(url, { method, headers, credentials: 'same-origin', body: body === undefined ? null : JSON.stringify(body), signal: signal ?? null, keepalive }),
  );
  const answer: unknown = await response.json().catch(() => undefined);
  return ask(Promise.resolve(response.ok ? { data: answer as T, response } : { error: answer, response }));
}
