import { describe, expect, it } from 'vitest';
import type { SearchHit } from './api/types';
import { groupHits } from './hits';
import { bo } from './sample';

const hit = (taskId: number, message: number | null): SearchHit => ({
  kind: message === null ? 'task' : 'message', taskId, title: [], status: 'open', message: message === null ? null : { id: message, seq: 1, sender: bo },
  snippet: [{ text: `${taskId} ${message}`, match: false }], createdAt: '',
});

describe('what was found', () => {
  it('stands together by ticket, where its first hit stood', () => {
    const groups = groupHits([hit(7, 1), hit(9, null), hit(7, null), hit(7, 2), hit(8, 3)]);
    expect(groups.map(({ taskId, description, messages }) => [taskId, description?.[0]?.text ?? null, messages.map(({ message }) => message.id)])).toEqual([
      [7, '7 null', [1, 2]],
      [9, '9 null', []],
      [8, null, [3]],
    ]);
  });
});
