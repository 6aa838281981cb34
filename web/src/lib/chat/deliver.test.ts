import { describe, expect, it } from 'vitest';
import { message } from '../sample';
import { NoAnswer, SocketRefused } from '../socket';
import { deliverer } from './deliver';
import type { Outgoing } from './outbox';

const entry: Outgoing = { clientId: 'c', taskId: 7, content: 'hello', replyToId: null, replyTo: null, attachments: [], uploads: 0, at: 1, state: 'sending', reason: null };
const bySocket = message(1, { clientId: 'c', content: 'socket' });
const byRest = message(1, { clientId: 'c', content: 'rest' });

function connection(connected: boolean, answer: () => Promise<unknown>) {
  const asked: unknown[] = [];
  return { asked, wire: { connected, ask: ((_: string, value: unknown) => (asked.push(value), answer())) as never } };
}

describe('an attempt to send', () => {
  it('goes over the socket', async () => {
    const { wire, asked } = connection(true, () => Promise.resolve({ message: bySocket }));
    await expect(deliverer(wire, () => Promise.reject(new Error('not this way')))(entry)).resolves.toBe(bySocket);
    expect(asked).toEqual([{ taskId: 7, content: 'hello', replyToId: null, clientId: 'c', attachments: [] }]);
  });

  it('goes by REST under the same name when there is no answer', async () => {
    const names: string[] = [];
    const post = async (sent: Outgoing) => (names.push(sent.clientId), byRest);
    const { wire } = connection(true, () => Promise.reject(new NoAnswer()));
    await expect(deliverer(wire, post)(entry)).resolves.toBe(byRest);
    expect(names).toEqual(['c']);
  });

  it('goes by REST when there is no socket', async () => {
    const { wire, asked } = connection(false, () => Promise.reject(new Error('not this way')));
    await expect(deliverer(wire, () => Promise.resolve(byRest))(entry)).resolves.toBe(byRest);
    expect(asked).toEqual([]);
  });

  it('takes a refusal for an answer', async () => {
    const { wire } = connection(true, () => Promise.reject(new SocketRefused('not_found', 'Gone', null)));
    await expect(deliverer(wire, () => Promise.resolve(byRest))(entry)).rejects.toThrow('Gone');
  });
});
