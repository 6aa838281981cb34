//! What the server answers, by the names of docs/openapi.json.

import type { components } from './schema';

type Schemas = components['schemas'];

/** Answers hold every field: absent values are null, never missing. */
type Whole<T> = T extends readonly (infer One)[]
  ? Whole<One>[]
  : T extends object
    ? { [K in keyof T]-?: Whole<Exclude<T[K], undefined>> }
    : T;

export type UserRef = Whole<Schemas['UserRef']>;
export type User = Whole<Schemas['User']>;
export type Role = Schemas['Role'];
export type Task = Whole<Schemas['Task']>;
export type Status = Schemas['Status'];
export type Priority = Schemas['Priority'];
export type Visibility = Schemas['Visibility'];
export type Attachment = Whole<Schemas['Attachment']>;
export type Parent = Whole<Schemas['Parent']>;
export type Message = Whole<Schemas['Message']>;
export type AuditEvent = Whole<Schemas['AuditEvent']>;
export type TaskEvent = Whole<Schemas['TaskEvent']>;
export type ChangeTask = Schemas['ChangeTask'];
export type CreateTask = Schemas['CreateTask'];
export type FieldProblem = Schemas['FieldProblem'];

export const statuses = ['open', 'in_progress', 'resolved', 'closed'] as const satisfies readonly Status[];
/** From the most pressing down. */
export const priorities = ['urgent', 'high', 'medium', 'low'] as const satisfies readonly Priority[];
