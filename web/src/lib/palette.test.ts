import { describe, expect, it } from 'vitest';
import type { SearchHit } from './api/types';
import { type Choice, type Known, arrange, atOnce, fromServer, merge, parseAsked, rank, wanted } from './palette';
import { ada, bo } from './sample';

const known: Known = {
  recents: [{ id: 812, title: 'Invoice export times out' }],
  tickets: [{ id: 812, title: 'Invoice export times out' }, { id: 790, title: 'Webhook retries never stop' }],
  people: [ada, bo],
  commands: [
    { id: 'ticketStatus', label: 'Set status', keys: 's', subject: true },
    { id: 'goInbox', label: 'Go to inbox', keys: 'g i', subject: false },
  ],
};
const keys = (choices: readonly Choice[]): string[] => choices.map(({ key }) => key);
const hit = (taskId: number, message: number | null): SearchHit => ({
  kind: message === null ? 'task' : 'message', taskId, title: [{ text: `found ${taskId}`, match: true }], status: 'open',
  message: message === null ? null : { id: message, seq: 1, sender: bo }, snippet: [], createdAt: '2026-11-20T09:00:00.000Z',
});

describe('what was typed', () => {
  it('has a sign for each kind', () => {
    expect(parseAsked('  > set')).toEqual({ prefix: '>', words: 'set' });
    expect(parseAsked('#812')).toEqual({ prefix: '#', words: '812' });
    expect(parseAsked('invoice /x ')).toEqual({ prefix: null, words: 'invoice /x' });
  });

  it('fits by beginnings of words, without case and accents', () => {
    expect(rank('Invoice export', 'inv')).toBe(0);
    expect(rank('Invoice export', 'exp inv')).toBe(1);
    expect(rank('Invoice export', 'voice')).toBe(2);
    expect(rank('Größe', 'grosse')).toBe(null);
    expect(rank('Élan vital', 'elan')).toBe(0);
    expect(rank('Invoice export', 'invoices')).toBe(null);
  });

  it('is not sent to the server when it cannot know', () => {
    expect(wanted(parseAsked('>status'))).toBe(null);
    expect(wanted(parseAsked('@bo'))).toBe(null);
    expect(wanted(parseAsked('a'))).toBe(null);
    expect(wanted(parseAsked('/trace'))).toBe('message');
    expect(wanted(parseAsked('#trace'))).toBe('task');
    expect(wanted(parseAsked('trace'))).toBe('both');
  });
});

describe('what is offered at once', () => {
  it('is what was opened last, and commands, when nothing was typed', () => {
    expect(keys(atOnce(parseAsked(''), known))).toEqual(['ticket 812', 'command ticketStatus', 'command goInbox']);
  });

  it('is only what the sign says', () => {
    expect(keys(atOnce(parseAsked('>'), known))).toEqual(['command ticketStatus', 'command goInbox']);
    expect(keys(atOnce(parseAsked('@'), known))).toEqual(['person 1', 'person 2']);
    expect(keys(atOnce(parseAsked('#web'), known))).toEqual(['ticket 790']);
    expect(keys(atOnce(parseAsked('/anything'), known))).toEqual([]);
  });

  it('has a ticket by its number, known or not, first', () => {
    expect(keys(atOnce(parseAsked('#790'), known))).toEqual(['ticket 790']);
    expect(keys(atOnce(parseAsked('31'), known))).toEqual(['ticket 31']);
  });
});

describe('what the server found', () => {
  it('joins the sections, each thing once', () => {
    const local = atOnce(parseAsked('o'), known);
    const all = arrange(local, fromServer([hit(812, null), hit(5, null), hit(5, 77)]));
    expect(new Set(keys(all)).size).toBe(all.length);
    const at = (key: string): number => keys(all).indexOf(key);
    expect(at('ticket 5')).toBeLessThan(at('person 2'));
    expect(at('person 2')).toBeLessThan(at('message 77'));
  });

  it('never moves what is highlighted', () => {
    const local = arrange(atOnce(parseAsked('o'), known));
    const found = arrange(local, fromServer([hit(5, null), hit(6, null), hit(5, 77)]));
    for (let at = 0; at < local.length; at += 1) {
      const merged = merge(local, found, at);
      expect(merged[at]?.key).toBe(local[at]?.key);
      expect(new Set(keys(merged))).toEqual(new Set(keys(found)));
      expect(merged.length).toBe(found.length);
    }
  });

  it('is all there is when nothing was known', () => {
    expect(keys(merge([], fromServer([hit(5, null)]), 0))).toEqual(['ticket 5']);
  });
});
