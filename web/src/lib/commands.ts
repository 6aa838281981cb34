//! Every command: where it works, by which keys, and what it is called. Shortcuts, menus, tooltips, the palette and the
//! shortcut sheet all read this table; screens only say what a command does while they are shown (`bind`).
//!
//! Keys: `Mod+K` (⌘ on Apple, Ctrl elsewhere), `Shift+F`, `c`, or two in sequence, `g i`.

import { type Key, t } from './i18n/index';
import { Signal } from './signal';

export type Where = 'anywhere' | 'list' | 'ticket' | 'message' | 'composer' | 'reviews' | 'inbox';

export interface Command {
  id: CommandId;
  where: Where;
  keys: readonly string[];
  title: Key;
}

interface Entry {
  where: Where;
  keys: readonly string[];
}

const table = {
  palette: { where: 'anywhere', keys: ['Mod+K'] },
  shortcuts: { where: 'anywhere', keys: ['?'] },
  newTicket: { where: 'anywhere', keys: ['c'] },
  search: { where: 'anywhere', keys: ['/'] },
  goInbox: { where: 'anywhere', keys: ['g i'] },
  goTickets: { where: 'anywhere', keys: ['g t'] },
  goMine: { where: 'anywhere', keys: ['g m'] },
  goReviews: { where: 'anywhere', keys: ['g r'] },
  goAdmin: { where: 'anywhere', keys: ['g a'] },
  goSettings: { where: 'anywhere', keys: ['g s'] },
  sidebar: { where: 'anywhere', keys: ['['] },
  panel: { where: 'anywhere', keys: ['Mod+.'] },
  nextPane: { where: 'anywhere', keys: ['F6'] },
  previousPane: { where: 'anywhere', keys: ['Shift+F6'] },
  escape: { where: 'anywhere', keys: ['Escape'] },
  undo: { where: 'anywhere', keys: ['Mod+Z'] },
  themeToggle: { where: 'anywhere', keys: [] },
  signOut: { where: 'anywhere', keys: [] },

  listDown: { where: 'list', keys: ['j', 'ArrowDown'] },
  listUp: { where: 'list', keys: ['k', 'ArrowUp'] },
  listFirst: { where: 'list', keys: ['Home'] },
  listLast: { where: 'list', keys: ['End'] },
  listPageDown: { where: 'list', keys: ['PageDown'] },
  listPageUp: { where: 'list', keys: ['PageUp'] },
  listOpen: { where: 'list', keys: ['Enter', 'o'] },
  listSelect: { where: 'list', keys: ['x'] },
  listExtendDown: { where: 'list', keys: ['Shift+ArrowDown'] },
  listExtendUp: { where: 'list', keys: ['Shift+ArrowUp'] },
  listSelectAll: { where: 'list', keys: ['Mod+A'] },
  listStatus: { where: 'list', keys: ['s'] },
  listPriority: { where: 'list', keys: ['p'] },
  listAssign: { where: 'list', keys: ['a'] },
  listAssignMe: { where: 'list', keys: ['i'] },
  listFilter: { where: 'list', keys: ['f'] },
  listClearFilters: { where: 'list', keys: ['Shift+F'] },
  listDisplay: { where: 'list', keys: ['Shift+V'] },
  listToggleRead: { where: 'list', keys: ['u'] },

  ticketReply: { where: 'ticket', keys: ['r'] },
  ticketNext: { where: 'ticket', keys: ['Shift+J'] },
  ticketPrevious: { where: 'ticket', keys: ['Shift+K'] },
  ticketNextUnread: { where: 'ticket', keys: ['n'] },
  ticketStatus: { where: 'ticket', keys: ['s'] },
  ticketPriority: { where: 'ticket', keys: ['p'] },
  ticketAssign: { where: 'ticket', keys: ['a'] },
  ticketAssignMe: { where: 'ticket', keys: ['i'] },
  ticketEdit: { where: 'ticket', keys: ['e'] },
  ticketCopyId: { where: 'ticket', keys: ['l'] },
  ticketCopyLink: { where: 'ticket', keys: ['Mod+Shift+C'] },
  ticketSummary: { where: 'ticket', keys: ['Shift+S'] },
  ticketMarkRead: { where: 'ticket', keys: ['Shift+Escape'] },

  messageNext: { where: 'message', keys: ['j'] },
  messagePrevious: { where: 'message', keys: ['k'] },
  messageThread: { where: 'message', keys: ['Enter', 't'] },
  messageQuote: { where: 'message', keys: ['q'] },
  messageEdit: { where: 'message', keys: ['e'] },
  messageUnread: { where: 'message', keys: ['Shift+U'] },
  messageImage: { where: 'message', keys: ['v'] },

  composerSend: { where: 'composer', keys: ['Mod+Enter'] },
  composerBold: { where: 'composer', keys: ['Mod+B'] },
  composerItalic: { where: 'composer', keys: ['Mod+I'] },
  composerCode: { where: 'composer', keys: ['Mod+E'] },
  composerLink: { where: 'composer', keys: ['Mod+Shift+L'] },
  composerAttach: { where: 'composer', keys: ['Mod+Shift+U'] },

  reviewsNext: { where: 'reviews', keys: ['j'] },
  reviewsPrevious: { where: 'reviews', keys: ['k'] },
  reviewsApprove: { where: 'reviews', keys: ['Shift+A'] },
  reviewsReject: { where: 'reviews', keys: ['Shift+R'] },

  inboxDown: { where: 'inbox', keys: ['j', 'ArrowDown'] },
  inboxUp: { where: 'inbox', keys: ['k', 'ArrowUp'] },
  inboxDone: { where: 'inbox', keys: ['e'] },
  inboxAllRead: { where: 'inbox', keys: ['Shift+A'] },
} as const satisfies Record<string, Entry>;

export type CommandId = keyof typeof table;

export const commands: readonly Command[] = (Object.entries(table) as [CommandId, Entry][]).map(([id, entry]) => ({
  id,
  ...entry,
  title: `command.${id}` as Key,
}));

/** From the innermost to the outermost: a key means what the innermost place makes of it. */
const order: readonly Where[] = ['composer', 'message', 'reviews', 'inbox', 'ticket', 'list', 'anywhere'];

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** A key event as the table writes it. */
export function spell(pressed: Pressed, apple: boolean): string {
  const mod = apple ? pressed.metaKey : pressed.ctrlKey;
  const other = apple ? pressed.ctrlKey : pressed.metaKey;
  if (other || pressed.altKey) return '';
  let key = pressed.key === ' ' ? 'Space' : pressed.key;
  const letter = /^\p{L}$/u.test(key);
  if (letter && (mod || pressed.shiftKey)) key = key.toUpperCase();
  // Signs already contain their Shift.
  const shift = pressed.shiftKey && (letter || key.length > 1);
  return `${mod ? 'Mod+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

const named = ['Mod', 'Shift', 'Escape', 'Home', 'End', 'PageDown', 'PageUp'] as const;
const isNamed = (key: string): key is (typeof named)[number] => named.some((one) => one === key);

/** Keys as people read them. */
export function show(keys: string, apple: boolean): string[] {
  const signs: Record<string, string> = { Enter: '↵', ArrowDown: '↓', ArrowUp: '↑', ...(apple ? { Mod: '⌘', Shift: '⇧' } : {}) };
  const engraved = (key: string): string => signs[key] ?? (isNamed(key) ? t(`key.${key}`) : key.length === 1 ? key.toUpperCase() : key);
  return keys.split(' ').flatMap((chord) => chord.split('+').map(engraved));
}

/** A second key must follow within this time. */
const SEQUENCE_MS = 1200;

type Does = () => void | boolean;

export class Commands {
  #signal = new Signal();
  #bound = new Map<CommandId, Does[]>();
  #first: { key: string; at: number } | null = null;

  constructor(private now: () => number = () => performance.now()) {}

  /** Says what commands do for as long as a screen is shown; returns what ends it. `false` means: not here, not now. */
  bind(does: Partial<Record<CommandId, Does>>): () => void {
    const entries = Object.entries(does) as [CommandId, Does][];
    for (const [id, run] of entries) this.#bound.set(id, [...(this.#bound.get(id) ?? []), run]);
    this.#signal.changed();
    return () => {
      for (const [id, run] of entries) {
        const left = (this.#bound.get(id) ?? []).filter((other) => other !== run);
        if (left.length === 0) this.#bound.delete(id);
        else this.#bound.set(id, left);
      }
      this.#signal.changed();
    };
  }

  /** Those that do something now. */
  get available(): readonly Command[] {
    this.#signal.read();
    return commands.filter(({ id }) => this.#bound.has(id));
  }

  run(id: CommandId): boolean {
    // What was bound last comes first: a panel before its page.
    return (this.#bound.get(id) ?? []).toReversed().some((does) => does() !== false);
  }

  /** Does what a key means in this place, or else (`page`) on this page as a whole; says whether it meant something. */
  press(pressed: Pressed, at: { inField: boolean; inside: ReadonlySet<Where>; page?: Where | null; apple: boolean; singleKeys: boolean }): boolean {
    const key = spell(pressed, at.apple);
    if (key === '') return false;
    const plain = !key.startsWith('Mod+') && !/^(Shift\+)?(F\d+|Escape)$/.test(key);
    if (at.inField && plain) {
      this.#first = null;
      return false;
    }
    const started = this.#first !== null && this.now() - this.#first.at <= SEQUENCE_MS ? this.#first.key : null;
    this.#first = null;
    if (!at.singleKeys && plain && key.replace('Shift+', '').length === 1) return false;
    if (started !== null && this.#try(`${started} ${key}`, at)) return true;
    if (this.#try(key, at)) return true;
    if (commands.some((command) => command.keys.some((keys) => keys.startsWith(`${key} `)))) {
      this.#first = { key, at: this.now() };
      return true;
    }
    return false;
  }

  #try(keys: string, at: { inField: boolean; inside: ReadonlySet<Where>; page?: Where | null }): boolean {
    const inside = order.filter((where) => at.inside.has(where));
    for (const where of [...inside, ...(at.page ? [at.page] : []), 'anywhere' as const]) {
      // In a field, only the composer's keys and those that work anywhere.
      if (at.inField && where !== 'composer' && where !== 'anywhere') continue;
      if (at.inField && keys === 'Mod+Z') continue;
      for (const command of commands) {
        if (command.where === where && command.keys.includes(keys) && this.run(command.id)) return true;
      }
    }
    return false;
  }
}

export const registry = new Commands();

/** The first keys of a command, for tooltips and menus. */
export function keysOf(id: CommandId): string | null {
  return table[id].keys[0] ?? null;
}

export const apple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
