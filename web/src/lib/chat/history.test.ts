import { describe, expect, it } from 'vitest';
import type { TaskEvent } from '../api/types';
import { ada } from '../sample';
import { History } from './history';

const event = (seq: number): TaskEvent => ({ taskId: 7, seq, kind: seq % 2 === 0 ? 'task_changed' : 'message_posted', actorId: 1, actor: ada, at: '', data: {} });

function made(all: number) {
  const asked: number[] = [];
  const history = new History(7, ({ kind }) => kind === 'task_changed', async (_, after) => {
    asked.push(after);
    const rest = Array.from({ length: all }, (_, at) => event(at + 1)).filter(({ seq }) => seq > after);
    return { events: rest.slice(0, 10), more: rest.length > 10 };
  });
  return { history, asked, seqs: () => history.events.map(({ seq }) => seq) };
}

describe('a ticket’s history', () => {
  it('is read where it is looked at, and on both sides of it', async () => {
    const { history, asked, seqs } = made(30);
    await history.cover(11, 20);
    expect(seqs()).toEqual([12, 14, 16, 18, 20]);
    await history.cover(11, 20);
    expect(asked).toEqual([10]);
    await history.cover(5, 22);
    // What a page brings beyond what was asked for is kept.
    expect(seqs()).toEqual([6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30]);
    expect(asked).toEqual([10, 4, 20]);
  });

  it('stops where the log ends', async () => {
    const { history, seqs, asked } = made(4);
    await history.cover(1, 4);
    await history.cover(1, 4);
    expect(seqs()).toEqual([2, 4]);
    expect(asked).toEqual([0]);
  });
});
