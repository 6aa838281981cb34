//! People named in a text. While writing it reads `@Bo Ek`; what is sent is `@[Bo Ek](user:7)`. Pure.

import type { UserRef } from './api/types';

/** Code is left as it is. */
const code = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;
const named = /@\[([^\]\n]+)\]\(user:(\d+)\)/g;

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** For the server: whoever is named in full after an `@`. */
export function toMarkdown(text: string, people: readonly UserRef[]): string {
  if (!text.includes('@')) return text;
  const byName = new Map(people.filter((person) => !/[[\]]/.test(person.name)).map((person) => [person.name, person]));
  const names = [...byName.keys()].filter((name) => text.includes(`@${name}`)).sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  const pattern = new RegExp(`(^|[^\\w@\\[])@(${names.map(escape).join('|')})(?![\\p{L}\\p{N}])`, 'gu');
  return text
    .split(code)
    .map((part, at) => (at % 2 === 1 ? part : part.replace(pattern, (_, before: string, name: string) => `${before}@[${name}](user:${byName.get(name)?.id ?? 0})`)))
    .join('');
}

/** For people: as it was written. */
export function toPlain(markdown: string): string {
  return markdown
    .split(code)
    .map((part, at) => (at % 2 === 1 ? part : part.replace(named, '@$1')))
    .join('');
}

/** The word that is being written at the caret, when it begins with this sign: what follows the sign, and where it begins. */
export function wordAt(text: string, caret: number, sign: '@' | '#'): { word: string; from: number } | null {
  const before = text.slice(0, caret);
  const pattern = sign === '@' ? /(?:^|[\s([{>"'])@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*)?)$/u : /(?:^|[\s([{>"'])#([\p{L}\p{N}][\p{L}\p{N} _-]{0,30}|)$/u;
  const found = pattern.exec(before);
  if (found === null) return null;
  const word = found[1] ?? '';
  return { word, from: caret - word.length - 1 };
}
