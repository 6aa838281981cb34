import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused, Unreachable } from '../api/problem';
import type { Message } from '../api/types';
import { ada, message } from '../sample';
import { NoAnswer, SocketRefused } from '../socket';
import { Memory } from '../storage';
import { Outbox, type Outgoing, type Written } from './outbox';

const words = (content: string, more: Partial<Written> = {}): Written => ({ taskId: 7, content, replyToId: null, replyTo: null, attachments: [], ...more });
const arrived = (entry: Outgoing, id: number): Message => message(id, { sender: ada, clientId: entry.clientId, content: entry.content });

/** A server that does what it is told, one answer after the other. */
function made(store = new Memory()) {
  const sent: Outgoing[] = [];
  const answers: ((entry: Outgoing) => Promise<Message>)[] = [];
  const settled: string[] = [];
  let names = 0;
  const outbox = new Outbox({
    store,
    userId: ada.id,
    name: () => `c${++names}`,
    deliver: (entry) => {
      sent.push(entry);
      return (answers.shift() ?? (() => Promise.resolve(arrived(entry, 100 + sent.length))))(entry);
    },
    settled: (_, clientId) => settled.push(clientId),
  });
  return { outbox, sent, answers, settled, store };
}

describe('the outbox', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const rest = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

  it('writes down, sends, forgets', async () => {
    const { outbox, settled, store } = made();
    outbox.post(words('hello'));
    expect(store.keys()).toEqual(['faff.outbox.1.c1']);
    expect(outbox.of(7)).toHaveLength(1);
    await rest();
    expect(settled).toEqual(['c1']);
    expect(outbox.of(7)).toHaveLength(0);
    expect(store.keys()).toEqual([]);
  });

  it('sends in the order of writing, one after the other', async () => {
    const { outbox, sent, answers } = made();
    let first: (message: Message) => void = () => undefined;
    answers.push(() => new Promise((resolve) => (first = resolve)));
    outbox.post(words('one'));
    outbox.post(words('two'));
    outbox.post(words('three'));
    await rest();
    expect(sent.map(({ content }) => content)).toEqual(['one']);
    first(arrived(sent[0] as Outgoing, 100));
    await rest();
    expect(sent.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
  });

  it('is settled once by whichever comes first: broadcast, then acknowledgement', async () => {
    const { outbox, answers, settled, sent } = made();
    let answer: (message: Message) => void = () => undefined;
    answers.push(() => new Promise((resolve) => (answer = resolve)));
    outbox.post(words('hello'));
    await rest();
    const echo = arrived(sent[0] as Outgoing, 100);
    outbox.settle(echo);
    outbox.settle(echo);
    expect(outbox.size).toBe(0);
    answer(echo);
    await rest();
    expect(settled).toEqual(['c1']);
  });

  it('leaves others’ messages alone that happen to have the same name', () => {
    const { outbox } = made();
    outbox.post(words('hello'));
    outbox.settle(message(100, { clientId: 'c1' }));
    expect(outbox.size).toBe(1);
  });

  it('keeps what could not be sent, and sends it in order when there is a way again', async () => {
    const { outbox, sent, answers } = made();
    answers.push(() => Promise.reject(new Unreachable()));
    outbox.post(words('one'));
    outbox.post(words('two'));
    await rest();
    expect(sent).toHaveLength(1);
    expect(outbox.of(7).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    outbox.wake();
    await rest();
    expect(sent.map(({ content }) => content)).toEqual(['one', 'one', 'two']);
    expect(sent[0]?.clientId).toBe(sent[1]?.clientId);
    expect(outbox.size).toBe(0);
  });

  it('tries again by itself, later and later', async () => {
    const { outbox, sent, answers } = made();
    for (let n = 0; n < 3; n += 1) answers.push(() => Promise.reject(new NoAnswer()));
    outbox.post(words('one'));
    await rest();
    await vi.advanceTimersByTimeAsync(500);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(999);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(outbox.size).toBe(0);
  });

  it('survives a reload, in order and under the same names', async () => {
    const store = new Memory();
    const before = made(store);
    before.answers.push(() => Promise.reject(new Unreachable()));
    before.outbox.post(words('one'));
    before.outbox.post(words('two'));
    await rest();
    before.outbox.close();
    const after = made(store);
    expect(after.outbox.of(7).map(({ content, state }) => [content, state])).toEqual([['one', 'waiting'], ['two', 'waiting']]);
    after.outbox.wake();
    await rest();
    expect(after.sent.map(({ clientId }) => clientId)).toEqual(['c1', 'c2']);
    expect(store.keys()).toEqual([]);
  });

  it('shows a refusal, goes on with the next, and retries under the same name', async () => {
    const { outbox, sent, answers, settled } = made();
    answers.push(() => Promise.reject(new Refused(400, 'validation_failed', 'Too long')));
    outbox.post(words('one'));
    outbox.post(words('two'));
    await rest();
    expect(outbox.of(7)).toMatchObject([{ content: 'one', state: 'failed', reason: 'Too long' }]);
    expect(settled).toEqual(['c2']);
    outbox.retry('c1');
    await rest();
    expect(sent.at(-1)?.clientId).toBe('c1');
    expect(outbox.size).toBe(0);
  });

  it('waits as long as the server asks', async () => {
    const { outbox, sent, answers } = made();
    answers.push(() => Promise.reject(new SocketRefused('rate_limited', 'Slow down', 3)));
    outbox.post(words('one'));
    await vi.advanceTimersByTimeAsync(2_999);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(2);
  });

  it('waits for a login without bothering the server', async () => {
    const { outbox, sent, answers } = made();
    answers.push(() => Promise.reject(new Refused(401, 'unauthenticated', 'Log in')));
    outbox.post(words('one'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    outbox.wake();
    await rest();
    expect(outbox.size).toBe(0);
  });

  it('gives up on a server that cannot, and says so', async () => {
    const { outbox, answers } = made();
    for (let n = 0; n < 10; n += 1) answers.push(() => Promise.reject(new Refused(500, 'internal', 'Internal server error')));
    outbox.post(words('one'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(outbox.of(7)[0]).toMatchObject({ state: 'failed', reason: 'Internal server error' });
  });

  it('holds a message back until its files are there, and lets others pass', async () => {
    const { outbox, sent } = made();
    const entry = outbox.post(words('look', { uploads: 1 }));
    outbox.post(words('meanwhile'));
    await rest();
    expect(sent.map(({ content }) => content)).toEqual(['meanwhile']);
    outbox.uploaded(entry.clientId, []);
    await rest();
    expect(sent.map(({ content }) => content)).toEqual(['meanwhile', 'look']);
  });

  it('says after a reload that files on their way were lost', () => {
    const store = new Memory();
    made(store).outbox.post(words('look', { uploads: 1 }));
    expect(made(store).outbox.of(7)[0]).toMatchObject({ state: 'failed' });
  });

  it('forgets what another tab has sent, and shows what it waits for', async () => {
    const store = new Memory();
    const here = made(store);
    here.answers.push(() => Promise.reject(new Unreachable()));
    here.outbox.post(words('one'));
    await rest();
    store.remove('faff.outbox.1.c1');
    here.outbox.reread();
    expect(here.outbox.size).toBe(0);
  });
});
