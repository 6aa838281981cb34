import { describe, expect, it } from 'vitest';
import type { AuditEvent } from './api/types';
import { changes, csv, parseFilter, particulars, question, writeFilter } from './audit';
import { bo } from './sample';

const event = (data: Record<string, unknown>, more: Partial<AuditEvent> = {}): AuditEvent => ({
  id: 9, taskId: 7, userId: null, seq: 2, kind: 'task_changed', actorId: bo.id, actor: bo, at: '2026-11-20T09:00:00.000Z', data: data as AuditEvent['data'], ...more,
});

describe('the filter of the audit log', () => {
  it('comes back from its address as it went', () => {
    for (const filter of [
      { actor: null, kind: null, taskId: null, userId: null },
      { actor: 3, kind: 'task_changed', taskId: 812, userId: 4 },
    ]) expect(parseFilter(`?${writeFilter(filter)}`)).toEqual(filter);
  });

  it('leaves out what nobody can mean', () => {
    expect(parseFilter('?actor=x&kind=%3Cb%3E&task=0&user=-1')).toEqual({ actor: null, kind: null, taskId: null, userId: null });
    expect(question(parseFilter('?task=5'))).toEqual({ taskId: 5 });
  });
});

describe('an entry of the audit log', () => {
  it('says what changed, and what else it knows', () => {
    const changed = event({ changes: [{ field: 'status', from: 'open', to: 'closed' }, { field: 'title' }, 'x'], reviewId: 4, status: 'approved' });
    expect(changes(changed)).toEqual([{ field: 'status', from: 'open', to: 'closed' }, { field: 'title', from: null, to: null }]);
    expect(particulars(changed)).toEqual([['reviewId', '4'], ['status', 'approved']]);
    expect(changes(event({}))).toEqual([]);
  });

  it('is a row that a spreadsheet cannot run', () => {
    const [head, row] = csv([event({ field: 'a "b"' }, { actor: { ...bo, email: '=cmd()@x.example' } })]).split('\r\n');
    expect(head).toBe('id,at,actorId,actor,kind,taskId,userId,seq,data');
    expect(row).toBe(`9,2026-11-20T09:00:00.000Z,2,'=cmd()@x.example,task_changed,7,,2,"{""field"":""a \\""b\\""""}"`);
  });
});
