//! The typed client of the HTTP API. `ask` turns its answers into values, and refusals into errors:
//!
//!     const { task } = await ask(api.GET('/api/tasks/{id}', { params: { path: { id } } }));

import createClient from 'openapi-fetch';
import { Refused, Unreachable, refusal } from './problem';
import type { paths } from './schema';

/** Told when the server no longer knows our login. */
let onLoggedOut: () => void = () => undefined;
export function whenLoggedOut(listener: () => void): void {
  onLoggedOut = listener;
}

/** Requests that ask for nothing new may be repeated once when the server is busy. */
const PATIENCE_S = 10;

export async function send(request: Request): Promise<Response> {
  const again = request.method === 'GET' ? request.clone() : null;
  let response = await reach(request);
  if (again !== null && (response.status === 429 || response.status === 503)) {
    const wait = Number(response.headers.get('Retry-After') ?? '1');
    if (wait <= PATIENCE_S) {
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      response = await reach(again);
    }
  }
  return response;
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable();
  }
}

/** What every request of this page carries; with it the session cookie may write. */
export const csrf = { 'X-Faff-CSRF': '1' } as const;

export const api = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? 'http://localhost' : location.origin,
  credentials: 'same-origin',
  headers: csrf,
  fetch: send,
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The value of an answer. Throws `Refused` when the server refused, and `Unreachable` when it did not answer. */
export async function ask<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  const problem = refusal(response.status, error, response.headers);
  if (problem.code === 'unauthenticated') onLoggedOut();
  throw problem;
}

export { Refused, Unreachable };
