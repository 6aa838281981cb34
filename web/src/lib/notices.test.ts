import { describe, expect, it } from 'vitest';
import type { InboxEntry } from './api/types';
import { type Bell, type Notice, Notices } from './notices';
import { bo } from './sample';
import { Memory } from './storage';

const entry = (id: number, messageId: number | null = id * 10): InboxEntry => ({
  id, kind: 'mentioned', taskId: 7, task: { id: 7, title: 'Printer on fire', status: 'open' }, messageId, excerpt: messageId === null ? null : 'look', seq: id,
  actorId: bo.id, actor: bo, createdAt: '2026-11-20T09:00:00.000Z', readAt: null, doneAt: null,
});

function made(permission: NotificationPermission | null, answer: NotificationPermission = 'granted') {
  const rung: Notice[] = [];
  const browser = { permission, looked: false };
  const bell: Bell = {
    permission: () => browser.permission,
    ask: async () => (browser.permission = answer),
    ring: (notice) => void rung.push(notice),
    looked: async () => browser.looked,
  };
  const store = new Memory();
  const notices = new Notices(bell, store);
  notices.begin(3);
  return { notices, rung, browser, store };
}

describe('notices of the browser', () => {
  it('are off until somebody turns them on, and the browser agrees', async () => {
    const { notices, browser, store } = made('default');
    expect(notices.state).toBe('off');
    await notices.turnOn();
    expect([notices.state, store.keys()]).toEqual(['on', ['faff.notices.3']]);
    browser.permission = 'denied';
    expect(notices.state).toBe('denied');
    browser.permission = 'granted';
    notices.turnOff();
    expect([notices.state, store.keys()]).toEqual(['off', []]);
    expect(made(null).notices.state).toBe('absent');
    const refused = made('default', 'denied');
    await refused.notices.turnOn();
    expect([refused.notices.state, refused.store.keys()]).toEqual(['denied', []]);
  });

  it('tell what came since, once, and only while nobody looks', async () => {
    const { notices, rung, browser } = made('granted');
    await notices.turnOn();
    await notices.hear([entry(4)]);
    expect(rung).toEqual([]);
    await notices.hear([entry(6, null), entry(5), entry(4)]);
    expect(rung).toEqual([
      { title: 'Bo Ek mentioned you', body: '#7 Printer on fire\nlook', tag: 'faff-5', href: '/t/7#m-50' },
      { title: 'Bo Ek mentioned you', body: '#7 Printer on fire', tag: 'faff-6', href: '/t/7' },
    ]);
    await notices.hear([entry(6), entry(5)]);
    browser.looked = true;
    await notices.hear([entry(7)]);
    browser.looked = false;
    await notices.hear([entry(7)]);
    expect(rung).toHaveLength(2);
  });

  it('of one person are not those of the next', async () => {
    const { notices, rung } = made('granted');
    await notices.turnOn();
    await notices.hear([]);
    notices.begin(4);
    expect(notices.state).toBe('off');
    await notices.hear([entry(9)]);
    await notices.hear([entry(10), entry(9)]);
    expect(rung).toEqual([]);
  });
});
