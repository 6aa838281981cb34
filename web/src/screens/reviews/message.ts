//! The messages that reviews are about, with what stands around them; read once.

import { api, ask } from '../../lib/api/client';
import type { Message, Review } from '../../lib/api/types';
import { toPlain } from '../../lib/mentions';

/** Messages before and after that are shown. */
const AROUND = 2;
const MOST_KEPT = 100;

const kept = new Map<string, Promise<readonly Message[]>>();

/** The message with two before and two after it; without it when it is not there any more. */
export function around(review: Pick<Review, 'messageId' | 'taskId' | 'updatedAt'>): Promise<readonly Message[]> {
  const key = `${review.messageId} ${review.updatedAt}`;
  let reading = kept.get(key);
  if (reading === undefined) {
    reading = read(review.taskId, review.messageId);
    kept.set(key, reading);
    reading.catch(() => kept.delete(key));
    const oldest = kept.keys().next().value;
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  }
  return reading;
}

async function read(taskId: number, messageId: number): Promise<readonly Message[]> {
  const query = { limit: AROUND * 4 + 2, around: messageId };
  const page = await ask(api.GET('/api/tasks/{id}/messages', { params: { path: { id: taskId }, query } }));
  const messages = page.messages as Message[];
  const at = messages.findIndex(({ id }) => id === messageId);
  return at < 0 ? messages.slice(0, AROUND * 2) : messages.slice(Math.max(0, at - AROUND), at + AROUND + 1);
}

/** The beginning of the message, in a line. */
export async function excerptOf(review: Review): Promise<string> {
  const message = (await around(review)).find(({ id }) => id === review.messageId);
  return message === undefined ? '' : toPlain(message.content).slice(0, 200);
}
