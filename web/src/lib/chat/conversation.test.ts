import { describe, expect, it } from 'vitest';
import type { Message } from '../api/types';
import { message } from '../sample';
import type { Joined, Missed } from '../socket';
import { NoAnswer } from '../socket';
import { Conversation, type Place } from './conversation';

const missed = (one: Message): Missed => ({ taskId: 7, event: 'new_message', seq: one.seq, data: one });
const joined = (more: Partial<Joined> = {}): Joined => ({ taskId: 7, seq: 0, events: [], hasMore: false, resync: false, viewers: [], ...more });
const live = (one: Message) => ({ name: 'new_message', value: one }) as const;
const ids = (conversation: Conversation): number[] => conversation.messages.map(({ id }) => id);

function made(pages: Message[][], answers: (Joined | Error)[]) {
  const asked: unknown[] = [];
  const places: Place[] = [];
  let connect: () => void = () => undefined;
  const conversation = new Conversation(
    7,
    {
      connected: true,
      ask: (async (_name: string, value: unknown) => {
        asked.push(value);
        const answer = answers.shift() ?? joined({ seq: 0 });
        if (answer instanceof Error) throw answer;
        return answer;
      }) as never,
      enter: () => () => undefined,
      whenConnected: (listener) => {
        connect = listener;
        return () => undefined;
      },
    },
    0,
    async (_, place) => {
      places.push(place);
      return { messages: pages.shift() ?? [], older: false, newer: false };
    },
  );
  return { conversation, asked, places, connect: () => connect() };
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('a conversation', () => {
  it('reads, then joins from where the read surely reached', async () => {
    const { conversation, asked } = made([[message(1), message(2)]], [joined({ seq: 3, events: [missed(message(3))] })]);
    await conversation.show({ at: 'latest' });
    await settle();
    expect(asked).toEqual([{ taskId: 7, afterSeq: 2 }]);
    expect(ids(conversation)).toEqual([1, 2, 3]);
    expect(conversation.head).toBe(3);
  });

  it('asks for what is missing when a number is left out', async () => {
    const { conversation, asked } = made([[message(1)]], [joined({ seq: 1 }), joined({ seq: 3, events: [missed(message(2)), missed(message(3))] })]);
    await conversation.show({ at: 'latest' });
    await settle();
    conversation.apply([live(message(3))]);
    await settle();
    expect(asked.at(-1)).toEqual({ taskId: 7, afterSeq: 1 });
    expect(ids(conversation)).toEqual([1, 2, 3]);
    conversation.apply([live(message(4))]);
    await settle();
    expect(asked).toHaveLength(2);
  });

  it('catches up after each connect, page by page', async () => {
    const { conversation, asked, connect } = made(
      [[message(1)]],
      [joined({ seq: 1 }), joined({ seq: 3, events: [missed(message(2))], hasMore: true }), joined({ seq: 3, events: [missed(message(3))] })],
    );
    await conversation.show({ at: 'latest' });
    await settle();
    connect();
    await settle();
    expect(asked.slice(1)).toEqual([{ taskId: 7, afterSeq: 1 }, { taskId: 7, afterSeq: 2 }]);
    expect(ids(conversation)).toEqual([1, 2, 3]);
  });

  it('reads anew when too much was missed', async () => {
    const { conversation } = made([[message(1)], [message(9000), message(9001)]], [joined({ seq: 9002, resync: true })]);
    await conversation.show({ at: 'latest' });
    await settle();
    expect(ids(conversation)).toEqual([9000, 9001]);
    expect(conversation.head).toBe(9002);
  });

  it('shows what it has when nobody answers, and asks again later', async () => {
    const { conversation, connect } = made([[message(1)]], [new NoAnswer(), joined({ seq: 2, events: [missed(message(2))] })]);
    await conversation.show({ at: 'latest' });
    await settle();
    expect(conversation.phase).toBe('ready');
    connect();
    await settle();
    expect(ids(conversation)).toEqual([1, 2]);
  });

  it('says what came live, for announcements, and not what was read', async () => {
    const { conversation } = made([[message(1)]], [joined({ seq: 1 })]);
    await conversation.show({ at: 'latest' });
    await settle();
    expect(conversation.arrived).toEqual([]);
    conversation.apply([live(message(2)), live(message(3))]);
    expect(conversation.arrived.map(({ id }) => id)).toEqual([2, 3]);
  });
});
