//! What the palette offers for what was typed. Pure: what is known, and what the server found, are given in.

import type { Part, SearchHit, Task, UserRef } from './api/types';
import type { CommandId } from './commands';
import { fold } from './people';
import type { Recent } from './recent';

/** Sections, in their order. */
export const sections = ['recent', 'subject', 'values', 'go', 'tickets', 'people', 'messages', 'more'] as const;
export type Section = (typeof sections)[number];

interface Base {
  /** The same thing has the same key, whoever found it. */
  key: string;
  section: Section;
  label: string;
}
export type Choice = Base &
  (
    | { kind: 'ticket'; id: number; parts: readonly Part[] }
    | { kind: 'person'; person: UserRef }
    | { kind: 'message'; taskId: number; id: number; sender: UserRef; parts: readonly Part[] }
    | { kind: 'command'; command: CommandId; keys: string | null }
    | { kind: 'value'; value: string; on: boolean }
    | { kind: 'search'; words: string }
  );

export type Prefix = '>' | '#' | '@' | '/';

export interface Asked {
  prefix: Prefix | null;
  words: string;
}

export function parseAsked(text: string): Asked {
  const trimmed = text.trimStart();
  const first = trimmed[0];
  if (first === '>' || first === '#' || first === '@' || first === '/') return { prefix: first, words: trimmed.slice(1).trim() };
  return { prefix: null, words: trimmed.trim() };
}

/** How well words fit a label: 0 is best, null is not at all. Each must begin a word, or all together stand in it. */
export function rank(label: string, words: string): number | null {
  const text = fold(label);
  const wanted = fold(words);
  if (wanted === '') return 2;
  if (text.startsWith(wanted)) return 0;
  const begins = text.split(/[^\p{L}\p{N}]+/u);
  if (wanted.split(/\s+/).every((word) => begins.some((begin) => begin.startsWith(word)))) return 1;
  return text.includes(wanted) ? 2 : null;
}

/** Those that fit, best first; equally good ones keep their order. */
export function best<T>(all: readonly T[], label: (one: T) => string, words: string, most: number): T[] {
  return all
    .flatMap((one) => {
      const found = rank(label(one), words);
      return found === null ? [] : [{ one, found }];
    })
    .sort((a, b) => a.found - b.found)
    .slice(0, most)
    .map(({ one }) => one);
}

export interface Known {
  recents: readonly Recent[];
  tickets: readonly Pick<Task, 'id' | 'title'>[];
  people: readonly UserRef[];
  commands: readonly { id: CommandId; label: string; keys: string | null; subject: boolean }[];
}

const MOST = 6;
const MOST_OF_ONE = 12;

const plain = (text: string): Part[] => [{ text, match: false }];
const ticket = (section: Section, one: Recent | Pick<Task, 'id' | 'title'>): Choice => ({
  key: `ticket ${one.id}`, kind: 'ticket', section, label: one.title, id: one.id, parts: plain(one.title),
});

/** What is known without asking anybody. */
export function atOnce({ prefix, words }: Asked, known: Known): Choice[] {
  const wants = (one: Prefix): boolean => prefix === null || prefix === one;
  const most = prefix === null ? MOST : MOST_OF_ONE;
  const choices: Choice[] = [];
  const commands = (subject: boolean, among: Known['commands']): void => {
    for (const { id, label, keys } of among.filter((one) => one.subject === subject)) {
      choices.push({ key: `command ${id}`, kind: 'command', section: subject ? 'subject' : 'go', label, command: id, keys });
    }
  };
  if (words === '' && prefix === null) choices.push(...known.recents.map((recent) => ticket('recent', recent)));
  if (wants('>')) {
    const found = best(known.commands, (command) => command.label, words, prefix === '>' || words === '' ? 100 : MOST * 2);
    commands(true, found);
    commands(false, found);
  }
  if (wants('#') && (words !== '' || prefix === '#')) {
    const id = /^\d{1,15}$/.test(words) ? Number(words) : null;
    const all = [...known.recents, ...known.tickets.filter(({ id: one }) => !known.recents.some((recent) => recent.id === one))];
    const exact = id === null ? [] : [all.find((one) => one.id === id) ?? { id, title: '' }];
    const others = best(all, (one) => one.title, words, most).filter((one) => one.id !== id);
    choices.push(...[...exact, ...others].map((one) => ticket('tickets', one)));
  }
  if (wants('@') && (words !== '' || prefix === '@')) {
    for (const person of best(known.people, ({ name, email }) => `${name} ${email}`, words, most)) {
      choices.push({ key: `person ${person.id}`, kind: 'person', section: 'people', label: person.name, person });
    }
  }
  return choices;
}

/** Which kind of things the server is asked for; null when it is not asked. */
export function wanted({ prefix, words }: Asked): 'task' | 'message' | 'both' | null {
  if (words.length < 2 || prefix === '>' || prefix === '@') return null;
  return prefix === '#' ? 'task' : prefix === '/' ? 'message' : 'both';
}

export function fromServer(hits: readonly SearchHit[]): Choice[] {
  return hits.map((hit): Choice => {
    const title = hit.title.map((part) => part.text).join('');
    if (hit.message === null) return { key: `ticket ${hit.taskId}`, kind: 'ticket', section: 'tickets', label: title, id: hit.taskId, parts: hit.title };
    return {
      key: `message ${hit.message.id}`, kind: 'message', section: 'messages', label: title,
      taskId: hit.taskId, id: hit.message.id, sender: hit.message.sender, parts: hit.snippet,
    };
  });
}

/** Everything in the order of the sections, each once; whoever comes first stays. */
export function arrange(...lists: readonly (readonly Choice[])[]): Choice[] {
  const seen = new Set<string>();
  const all = lists.flat().filter(({ key }) => !seen.has(key) && seen.add(key) !== undefined);
  return sections.flatMap((section) => all.filter((choice) => choice.section === section));
}

/** What is shown after more was found: up to the highlighted one all stays where it is, and what is new comes behind it. */
export function merge(shown: readonly Choice[], found: readonly Choice[], highlighted: number): Choice[] {
  if (highlighted <= 0) {
    const first = shown[0];
    if (highlighted < 0 || first === undefined || found[0]?.key === first.key) return [...found];
  }
  const kept = shown.slice(0, highlighted + 1);
  const keys = new Set(kept.map(({ key }) => key));
  return [...kept, ...found.filter(({ key }) => !keys.has(key))];
}
