import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused } from './api/problem';
import type { Review } from './api/types';
import { Decisions, UNDO_MS } from './decisions';
import { pieces } from './quotes';
import { ada, bo } from './sample';

const review: Review = {
  id: 4, messageId: 3, taskId: 7, requestedById: bo.id, requestedBy: bo, reviewerId: null, reviewer: null, status: 'pending', feedback: null,
  feedbackHtml: null, usedAI: false, analysis: null, outdated: false, job: null, createdAt: '', updatedAt: '', decidedAt: null,
};
const verdict = { status: 'rejected', feedback: 'no' } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a verdict', () => {
  it('is sent when it was not taken back in time', async () => {
    const send = vi.fn(async () => ({ review: { ...review, status: 'rejected' as const, reviewer: ada } }));
    const decisions = new Decisions(send);
    const decided = vi.fn();
    decisions.hear({ decided, refused: vi.fn() });
    decisions.hold(review, verdict);
    decisions.hold(review, { status: 'approved', feedback: null });
    expect(decisions.of(4)).toEqual(verdict);
    await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
    expect(send).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(send.mock.calls).toEqual([[4, verdict]]);
    expect(decided).toHaveBeenCalledWith(expect.objectContaining({ status: 'rejected' }));
    expect([decisions.of(4), decisions.size]).toEqual([null, 0]);
  });

  it('that was taken back is never sent', async () => {
    const send = vi.fn(async () => ({ review }));
    const decisions = new Decisions(send);
    decisions.hold(review, verdict);
    expect(decisions.undo(4)).toBe(true);
    expect(decisions.undo(4)).toBe(false);
    await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
    expect(send).not.toHaveBeenCalled();
  });

  it('is sent once and at once when the page is left, and cannot be taken back then', async () => {
    let answer: (value: { review: Review }) => void = () => undefined;
    const send = vi.fn(() => new Promise<{ review: Review }>((resolve) => (answer = resolve)));
    const decisions = new Decisions(send);
    decisions.hold(review, verdict);
    const leaving = decisions.flush();
    void decisions.flush();
    expect(decisions.undo(4)).toBe(false);
    answer({ review });
    await leaving;
    await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('that is refused is told with its words', async () => {
    const error = new Refused(409, 'review_decided', 'This review was approved meanwhile');
    const decisions = new Decisions(async () => { throw error; });
    const refused = vi.fn();
    decisions.hear({ decided: vi.fn(), refused });
    decisions.hold(review, verdict);
    await decisions.flush();
    expect(refused).toHaveBeenCalledWith(review, verdict, error);
    expect(decisions.of(4)).toBe(null);
  });
});

describe('what a machine quotes', () => {
  const text = 'pay 4111 now, idiot';
  const quote = (kind: string, words: string) => ({ kind, quote: words, start: text.indexOf(words), end: text.indexOf(words) + words.length });

  it('is marked where it stands, and nothing is lost', () => {
    const found = pieces(text, [quote('card', '4111'), quote('insult', 'idiot'), quote('all', '4111 now')]);
    expect(found.map((piece) => piece.text).join('')).toBe(text);
    expect(found).toEqual([
      { text: 'pay ', kinds: [] }, { text: '4111', kinds: ['card', 'all'] }, { text: ' now', kinds: ['all'] }, { text: ', ', kinds: [] }, { text: 'idiot', kinds: ['insult'] },
    ]);
  });

  it('is left out when the message is another by now', () => {
    expect(pieces('something else', [quote('card', '4111')])).toEqual([{ text: 'something else', kinds: [] }]);
    expect(pieces('', [quote('card', '4111')])).toEqual([]);
  });
});
