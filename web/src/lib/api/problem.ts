//! Why something did not work.

import type { FieldProblem } from './types';

/** The server answered: no. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    /** One of the stable codes of docs/openapi.json. */
    readonly code: string,
    message: string,
    readonly fields: readonly FieldProblem[] = [],
    readonly requestId: string | null = null,
    /** Seconds to wait before asking again. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }

  /** What is wrong with one field of a form. */
  field(name: string): string | null {
    return this.fields.find((field) => field.field === name)?.message ?? null;
  }

  /** Whether asking the same again later may help. */
  get passing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** The server did not answer. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  constructor() {
    super('The server cannot be reached');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isField(value: unknown): value is FieldProblem {
  return isObject(value) && typeof value['field'] === 'string' && typeof value['message'] === 'string';
}

/** Reads the server's `Problem`, or what a proxy between us says instead. */
export function refusal(status: number, body: unknown, headers?: Headers): Refused {
  const problem = isObject(body) ? body : {};
  const text = (key: string): string | null => {
    const value = problem[key];
    return typeof value === 'string' ? value : null;
  };
  const retry = headers?.get('Retry-After') ?? null;
  const fields = problem['fields'];
  return new Refused(
    status,
    text('code') ?? (status >= 500 ? 'internal' : 'bad_request'),
    text('message') ?? text('error') ?? `The server answered ${status}`,
    Array.isArray(fields) ? fields.filter(isField) : [],
    text('requestId') ?? headers?.get('X-Request-Id') ?? null,
    retry === null ? null : Number(retry),
  );
}
