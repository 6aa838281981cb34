import { describe, expect, it, vi } from 'vitest';
import { type CommandId, Commands, type Pressed, type Where, commands, spell } from './commands';

const key = (name: string, more: Partial<Pressed> = {}): Pressed => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
const at = (...places: Where[]) => ({ inField: false, inside: new Set(places), apple: false, singleKeys: true });

describe('the table of commands', () => {
  it('gives each key one meaning in each place', () => {
    const seen = new Map<string, CommandId>();
    for (const { id, where, keys } of commands) {
      for (const one of keys) {
        const other = seen.get(`${where} ${one}`);
        expect(other, `${one} in ${where}`).toBeUndefined();
        seen.set(`${where} ${one}`, id);
      }
    }
    expect(seen.size).toBeGreaterThan(60);
  });

  it('has no single key that begins a sequence', () => {
    const starts = new Set(commands.flatMap(({ keys }) => keys.filter((one) => one.includes(' ')).map((one) => one.split(' ')[0])));
    for (const { keys } of commands) for (const one of keys) expect(starts.has(one), one).toBe(false);
  });

  it('needs at most two keys', () => {
    for (const { keys } of commands) for (const one of keys) expect(one.split(' ').length).toBeLessThanOrEqual(2);
  });
});

describe('keys', () => {
  it('are spelled alike on every keyboard', () => {
    expect(spell(key('k', { ctrlKey: true }), false)).toBe('Mod+K');
    expect(spell(key('k', { metaKey: true }), true)).toBe('Mod+K');
    expect(spell(key('k', { ctrlKey: true }), true)).toBe('');
    expect(spell(key('F', { shiftKey: true }), false)).toBe('Shift+F');
    expect(spell(key('?', { shiftKey: true }), false)).toBe('?');
    expect(spell(key('ArrowDown', { shiftKey: true }), false)).toBe('Shift+ArrowDown');
    expect(spell(key(' '), false)).toBe('Space');
    expect(spell(key('c', { altKey: true }), false)).toBe('');
  });

  function made(bound: CommandId[]) {
    let now = 0;
    const done: CommandId[] = [];
    const registry = new Commands(() => now);
    registry.bind(Object.fromEntries(bound.map((id) => [id, () => void done.push(id)])));
    return { registry, done, pass: (ms: number) => (now += ms) };
  }

  it('mean what the innermost place makes of them', () => {
    const { registry, done } = made(['ticketEdit', 'messageEdit', 'listStatus', 'ticketStatus']);
    registry.press(key('e'), at('ticket', 'message'));
    registry.press(key('e'), at('ticket'));
    registry.press(key('s'), at('list'));
    registry.press(key('s'), at('ticket'));
    expect(done).toEqual(['messageEdit', 'ticketEdit', 'listStatus', 'ticketStatus']);
  });

  it('mean what the page makes of them, where the place makes nothing of them', () => {
    const { registry, done } = made(['listStatus', 'ticketStatus', 'ticketReply']);
    const list = { ...at('list'), page: 'ticket' as const };
    registry.press(key('s'), list);
    registry.press(key('r'), list);
    registry.press(key('r'), { ...list, inField: true });
    registry.press(key('r'), at('list'));
    expect(done).toEqual(['listStatus', 'ticketReply']);
  });

  it('come in sequences, within a moment', () => {
    const { registry, done, pass } = made(['goInbox', 'ticketAssignMe']);
    expect(registry.press(key('g'), at('ticket'))).toBe(true);
    pass(1200);
    registry.press(key('i'), at('ticket'));
    registry.press(key('g'), at('ticket'));
    pass(1201);
    registry.press(key('i'), at('ticket'));
    expect(done).toEqual(['goInbox', 'ticketAssignMe']);
  });

  it('are left to fields, except those with Mod', () => {
    const { registry, done } = made(['newTicket', 'palette', 'composerBold', 'undo']);
    const field = { ...at('composer'), inField: true };
    expect(registry.press(key('c'), field)).toBe(false);
    expect(registry.press(key('z', { ctrlKey: true }), field)).toBe(false);
    registry.press(key('k', { ctrlKey: true }), field);
    registry.press(key('b', { ctrlKey: true }), field);
    expect(done).toEqual(['palette', 'composerBold']);
  });

  it('can be switched off where they are single', () => {
    const { registry, done } = made(['newTicket', 'palette', 'goInbox']);
    const off = { ...at(), singleKeys: false };
    registry.press(key('c'), off);
    registry.press(key('g'), off);
    registry.press(key('i'), off);
    registry.press(key('k', { ctrlKey: true }), off);
    expect(done).toEqual(['palette']);
  });

  it('go to whoever was bound last and wants them', () => {
    const registry = new Commands();
    const page = vi.fn();
    registry.bind({ escape: page });
    const end = registry.bind({ escape: () => false });
    registry.run('escape');
    end();
    expect(page).toHaveBeenCalledTimes(1);
    expect(registry.run('undo')).toBe(false);
  });
});
