import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused } from './api/problem';
import type { Summaries, Summary } from './api/types';
import { message } from './sample';
import { type SummaryApi, TicketSummary, byKind, since } from './summary';

const made: Summary = {
  id: 1, taskId: 7, content: 'c', contentHtml: '<p>c</p>', issue: 'i', investigation: '', nextSteps: '', keyPoints: [], entities: [],
  source: 'built-in', model: null, upToSeq: 3, stale: false, createdById: 1, createdAt: '2026-11-20T09:00:00.000Z', updatedAt: '2026-11-20T09:00:00.000Z',
};
const none: Summaries = { summary: null, generated: null, written: null, job: null };
const ready: Summaries = { ...none, summary: made, generated: made };

function fake(answers: Summaries[]): SummaryApi & { keys: string[] } {
  const keys: string[] = [];
  return {
    keys,
    of: async () => answers.shift() ?? ready,
    generate: async () => ({ ...none, job: { state: 'waiting', code: null } }),
    write: async (_task, content, key) => {
      keys.push(key);
      if (content === 'refuse') throw new Refused(400, 'validation_failed', 'no');
      if (content === 'fail') throw new Refused(503, 'unavailable', 'later');
      return { summary: { ...made, id: 2, source: 'person', content } };
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the summary of a ticket', () => {
  it('is being made until it is there, also when nobody tells', async () => {
    const summary = new TicketSummary(7, fake([none, ready]));
    await summary.load();
    expect([summary.all, summary.making]).toEqual([none, false]);
    await summary.generate();
    expect(summary.making).toBe(true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([summary.making, summary.all?.generated]).toEqual([false, made]);
    summary.close();
  });

  it('keeps what there was when making one fails', async () => {
    const api = fake([ready]);
    const summary = new TicketSummary(7, { ...api, generate: async () => { throw new Refused(429, 'too_many_requests', 'wait'); } });
    await summary.load();
    await summary.generate();
    expect([summary.all, summary.making]).toEqual([ready, false]);
    expect(summary.askError).toBeInstanceOf(Refused);
  });

  it('is out of date when something is said in its ticket, and read again when it was made', async () => {
    const summary = new TicketSummary(7, fake([ready, { ...ready, written: made }]));
    await summary.load();
    summary.apply([{ name: 'new_message', value: message(9, { taskId: 8 }) }]);
    expect(summary.all?.generated?.stale).toBe(false);
    summary.apply([{ name: 'new_message', value: message(9) }]);
    expect(summary.all?.generated?.stale).toBe(true);
    summary.apply([{ name: 'summary_updated', value: { taskId: 7 } }]);
    await vi.advanceTimersByTimeAsync(0);
    expect([summary.all?.generated?.stale, summary.all?.written]).toEqual([false, made]);
  });

  it('that a person writes is sent again under the same key, until it is another', async () => {
    const api = fake([none]);
    const summary = new TicketSummary(7, api);
    await summary.load();
    await expect(summary.write('fail')).rejects.toThrow('later');
    await expect(summary.write('refuse')).rejects.toThrow('no');
    await summary.write('fine');
    await summary.write('more');
    expect(api.keys[0]).toBe(api.keys[1]);
    expect(new Set(api.keys).size).toBe(3);
    expect(summary.all?.written?.content).toBe('more');
  });
});

describe('what came after a summary', () => {
  it('is counted only when it is all held', () => {
    const messages = [2, 4, 5, 6].map((seq) => message(seq, { seq, deletedAt: seq === 5 ? '2026-11-20T09:00:00.000Z' : null }));
    expect(since(made, messages, false)).toBe(2);
    expect(since(made, messages.slice(1), false)).toBe(null);
    expect(since(made, messages.slice(1), true)).toBe(2);
    expect(since(made, [], true)).toBe(null);
  });

  it('is named by kind', () => {
    const entity = (kind: string, text: string) => ({ kind, text, messageIds: [1] });
    expect(byKind([entity('host', 'a'), entity('date', 'b'), entity('host', 'c')])).toEqual([
      ['host', [entity('host', 'a'), entity('host', 'c')]],
      ['date', [entity('date', 'b')]],
    ]);
  });
});
