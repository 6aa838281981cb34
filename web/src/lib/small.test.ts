import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ada, bo, message } from './sample';
import { Drafts, slotOf } from './drafts';
import { disguise, fill, size } from './i18n/index';
import { People, initials } from './people';
import { may } from './perm';
import { Typing, Typists } from './presence';
import { Memory, forgetPerson } from './storage';
import { Sync } from './sync';
import { Looks } from './theme';
import { Toasts } from './toasts';
import { MOST_BYTES, type Transfer, Uploads, check } from './uploads';
import type { Attachment, User } from './api/types';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('events', () => {
  it('are applied once a frame, in order', () => {
    let frame: () => void = () => undefined;
    let frames = 0;
    const sync = new Sync((run) => {
      frame = run;
      frames += 1;
    });
    const heard: number[][] = [];
    sync.on((events) => heard.push(events.map((event) => ('id' in event.value ? event.value.id : 0))));
    for (let id = 1; id <= 200; id += 1) sync.push('new_message', message(id));
    expect(heard).toEqual([]);
    frame();
    expect(frames).toBe(1);
    expect(heard).toEqual([Array.from({ length: 200 }, (_, at) => at + 1)]);
    sync.push('new_message', message(201));
    frame();
    expect(heard[1]).toEqual([201]);
  });
});

describe('typing', () => {
  it('is said at most every 4 s, and ended by rest', () => {
    const said: boolean[] = [];
    const typing = new Typing((on) => said.push(on));
    typing.input(false);
    vi.advanceTimersByTime(3_000);
    typing.input(false);
    expect(said).toEqual([true]);
    vi.advanceTimersByTime(1_000);
    typing.input(false);
    expect(said).toEqual([true, true]);
    vi.advanceTimersByTime(5_000);
    expect(said).toEqual([true, true, false]);
    typing.stop();
    expect(said).toHaveLength(3);
  });

  it('ends when the text is emptied', () => {
    const said: boolean[] = [];
    const typing = new Typing((on) => said.push(on));
    typing.input(true);
    typing.input(false);
    typing.input(true);
    expect(said).toEqual([true, false]);
  });

  it('of others is forgotten after 7 s, also when their tab was killed', () => {
    const typists = new Typists();
    typists.apply({ taskId: 7, userId: 2, userName: 'Bo', isTyping: true });
    vi.advanceTimersByTime(6_999);
    expect(typists.of(7)).toEqual(['Bo']);
    vi.advanceTimersByTime(1);
    expect(typists.of(7)).toEqual([]);
    typists.apply({ taskId: 7, userId: 2, userName: 'Bo', isTyping: true });
    typists.spoke(7, 2);
    expect(typists.of(7)).toEqual([]);
  });
});

describe('drafts', () => {
  it('are kept for each ticket and thread, and go when they are emptied', () => {
    const store = new Memory();
    const drafts = new Drafts(1, store);
    drafts.set(slotOf(7), { text: 'hello', attachments: [] });
    drafts.set(slotOf(7, 3), { text: 'reply', attachments: [] });
    const again = new Drafts(1, store);
    expect(again.get(slotOf(7))?.text).toBe('hello');
    expect(again.get(slotOf(7, 3))?.text).toBe('reply');
    expect(again.has(7)).toBe(true);
    drafts.set(slotOf(7), { text: '  ', attachments: [] });
    expect(drafts.has(7)).toBe(false);
    expect(new Drafts(2, store).get(slotOf(7, 3))).toBeNull();
  });

  it('survive broken storage', () => {
    const store = new Memory();
    store.set('faff.draft.1.t7', '{');
    expect(new Drafts(1, store).get(slotOf(7))).toBeNull();
  });

  it('go with the person, the looks stay', () => {
    const store = new Memory();
    for (const key of ['faff.draft.1.t7', 'faff.outbox.1.c', 'faff.recent.1', 'faff.look', 'faff.look.list', 'other']) store.set(key, 'x');
    forgetPerson(store);
    expect(store.keys()).toEqual(['faff.look', 'faff.look.list', 'other']);
  });
});

describe('uploads', () => {
  const file = (name: string, bytes = 10): File => ({ name, size: bytes, type: '' }) as File;
  const attachment = (id: string): Attachment => ({ id, filename: id, originalName: id, url: `/uploads/messages/${id}`, mimetype: 'text/plain', size: 1, width: null, height: null, createdAt: '' }) as Attachment;

  it('are checked one by one, and the good ones kept', () => {
    const { good, bad } = check([file('a.txt'), file('b.exe'), file('c.pdf', MOST_BYTES), file('d.pdf', MOST_BYTES + 1), file('e.txt', 0), file('f.png'), file('g.png')], 2);
    expect(good.map(({ name }) => name)).toEqual(['a.txt', 'c.pdf', 'f.png']);
    expect(bad.map(({ file: { name }, why }) => [name, why])).toEqual([['b.exe', 'kind'], ['d.pdf', 'large'], ['e.txt', 'empty'], ['g.png', 'many']]);
  });

  function made() {
    const sent: { name: string; progress: (part: number) => void; resolve: (value: Attachment) => void; reject: (error: Error) => void; cancelled: boolean }[] = [];
    const uploads = new Uploads(7, (_, { name }, progress): Transfer => {
      const one = { name, progress, resolve: (_value: Attachment) => undefined as void, reject: (_error: Error) => undefined as void, cancelled: false };
      const done = new Promise<Attachment>((resolve, reject) => Object.assign(one, { resolve, reject }));
      sent.push(one);
      return { done, cancel: () => ((one.cancelled = true), one.reject(new Error('cancelled'))) };
    });
    return { uploads, sent };
  }

  it('tell their progress, can be cancelled and tried again', async () => {
    const { uploads, sent } = made();
    uploads.add([file('a.txt'), file('b.txt'), file('c.txt')]);
    sent[0]?.progress(0.5);
    expect(uploads.all[0]).toMatchObject({ state: 'sending', progress: 0.5 });
    sent[1]?.reject(new Error('offline'));
    await vi.advanceTimersByTimeAsync(0);
    expect(uploads.failed).toBe(1);
    uploads.remove(uploads.all[2]?.key ?? '');
    expect(sent[2]?.cancelled).toBe(true);
    uploads.retry(uploads.all[1]?.key ?? '');
    sent[0]?.resolve(attachment('a'));
    sent[3]?.resolve(attachment('b'));
    await uploads.finished();
    expect(uploads.attachments.map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('words', () => {
  it('have plurals and values', () => {
    const words = { one: '{count} reply of {who}', other: '{count} replies of {who}' };
    expect(fill(words, { count: 1, who: 'Bo' })).toBe('1 reply of Bo');
    expect(fill(words, { count: 1200, who: 'Bo' })).toBe('1,200 replies of Bo');
    expect(fill('nothing {missing}')).toBe('nothing {missing}');
  });

  it('keep their places for values in disguise', () => {
    expect(disguise('Send {count}')).toMatch(/^\[Šéñd \{count\}·+\]$/);
  });

  it('tell sizes', () => {
    expect([size(0), size(1023), size(12_288), size(10 * 1024 * 1024), size(1_600_000)]).toEqual(['0 B', '1,023 B', '12 KB', '10 MB', '1.5 MB']);
  });
});

describe('people', () => {
  it('are found by the beginnings of their names, without accents', () => {
    const people = new People();
    people.put(ada, bo, { id: 3, name: 'Zoë Admáin', email: 'zoe@faff.example' });
    expect(people.search('ad').map(({ id }) => id)).toEqual([1, 3]);
    expect(people.search('zoe').map(({ id }) => id)).toEqual([3]);
    expect(people.search('x')).toEqual([]);
    expect(initials('Ada Maria Admin')).toBe('AA');
  });

  it('may do what the rules say', () => {
    const user = (role: 'admin' | 'user', id: number): User => ({ ...bo, id, role, active: true, createdAt: '', updatedAt: '' });
    const mine = message(1, { senderId: 2 });
    expect(may(user('user', 2), 'message.edit', mine)).toBe(true);
    expect(may(user('admin', 9), 'message.edit', mine)).toBe(false);
    expect(may(user('admin', 9), 'message.delete', mine)).toBe(true);
    expect(may(user('user', 3), 'message.delete', mine)).toBe(false);
    expect(may(user('user', 2), 'message.edit', { ...mine, deletedAt: 'now' })).toBe(false);
    expect(may({ ...user('admin', 9), active: false }, 'audit.read')).toBe(false);
    expect(may(null, 'audit.read')).toBe(false);
  });
});

describe('small state', () => {
  it('of looks is kept', () => {
    const store = new Memory();
    new Looks(store).change({ theme: 'dark', enterSends: false });
    expect(new Looks(store).now).toMatchObject({ theme: 'dark', enterSends: false, density: 'normal' });
  });

  it('of notices goes by itself, later when there is something to do', () => {
    const toasts = new Toasts();
    let undone = 0;
    toasts.say('plain');
    toasts.say('deleted', { action: { label: 'Undo', run: () => (undone += 1) } });
    vi.advanceTimersByTime(5_000);
    expect(toasts.all.map(({ text }) => text)).toEqual(['deleted']);
    expect(toasts.undo()).toBe(true);
    expect(undone).toBe(1);
    expect(toasts.undo()).toBe(false);
  });
});
