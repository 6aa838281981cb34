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
/** Names a status, which the document calls text where a slice may not know the slice of tickets. */
interface OfStatus {
  status: Status;
}
export type Reading = Whole<Schemas['Reading']>;
export type InboxEntry = Whole<Schemas['InboxEntry']> & { task: OfStatus };
export type SavedView = Whole<Schemas['View']>;
export type Part = Whole<Schemas['TextPart']>;
export type SearchHit = Whole<Schemas['SearchHit']> & OfStatus;
export type Summary = Whole<Schemas['Summary']>;
export type Summaries = Whole<Schemas['SummariesAnswer']>;
export type ReviewStatus = Schemas['ReviewStatus'];
export type Quote = Whole<Schemas['ReviewQuote']>;
export type Review = Whole<Schemas['QAReview']>;
export type Meta = Whole<Schemas['MetaAnswer']> & { registration: 'open' | 'invite' | 'closed' };
export type Health = Whole<Schemas['HealthAnswer']> & { status: 'ok' | 'degraded' | 'down' };
export type ChangeTask = Schemas['ChangeTask'];
export type ChangeInboxEntry = Schemas['ChangeInboxEntry'];
export type CreateTask = Schemas['CreateTask'];
export type FieldProblem = Schemas['FieldProblem'];

export const statuses = ['open', 'in_progress', 'resolved', 'closed'] as const satisfies readonly Status[];
/** From the most pressing down. */
export const priorities = ['urgent', 'high', 'medium', 'low'] as const satisfies readonly Priority[];
export const reviewStates = ['pending', 'approved', 'rejected'] as const satisfies readonly ReviewStatus[];
