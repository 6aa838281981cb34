//! One attempt to send a message: over the socket; and by REST under the same name when there is no socket, or no answer.

import { api, ask } from '../api/client';
import type { Message } from '../api/types';
import { type Connection, NoAnswer } from '../socket';
import type { Outgoing } from './outbox';

export type Post = (message: Outgoing) => Promise<Message>;

async function postByRest({ taskId, content, replyToId, clientId, attachments }: Outgoing): Promise<Message> {
  const body = { content, replyToId, clientId, attachments: attachments.map(({ id }) => ({ id })) };
  const { data } = await ask(api.POST('/api/tasks/{id}/messages', { params: { path: { id: taskId } }, body }));
  return data as Message;
}

export function deliverer(connection: Pick<Connection, 'connected' | 'ask'>, post: Post = postByRest): Post {
  return async (message) => {
    if (connection.connected) {
      const { taskId, content, replyToId, clientId } = message;
      const attachments = message.attachments.map(({ id }) => ({ id }));
      try {
        return (await connection.ask('send_message', { taskId, content, replyToId, clientId, attachments })).message;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
      }
    }
    return post(message);
  };
}
