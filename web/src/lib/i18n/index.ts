//! Words of the interface: `t('list.empty')`. Plurals, lists, dates and numbers are those of `Intl`.

import { local } from '../storage';
import { en } from './en';

export type Key = keyof typeof en;
type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
type Words = string | Plural;
type Params = Record<string, string | number>;

const chosen = local.get('faff.locale');
/** `en-XA` shows every catalogued word with accents, and longer: what is plain was forgotten. */
const pseudo = chosen === 'en-XA';
export const locale = pseudo ? 'en' : (chosen ?? 'en');

const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);
const lists = new Intl.ListFormat(locale, { type: 'conjunction' });

const accents: Record<string, string> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', c: 'ç', n: 'ñ', A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', C: 'Ç', N: 'Ñ', s: 'š', S: 'Š' };

/** Words as the pseudo-locale writes them; places for values stay. */
export function disguise(words: string): string {
  const accented = words.replace(/\{\w+\}|[aeioucnsAEIOUCNS]/g, (part) => accents[part] ?? part);
  return `[${accented}${'·'.repeat(Math.ceil(words.length / 4))}]`;
}

/** Chooses the form for a count, and fills in values. */
export function fill(words: Words, params: Params = {}): string {
  let text: string;
  if (typeof words === 'string') text = words;
  else {
    const count = Number(params['count'] ?? 0);
    text = (count === 0 ? words.zero : undefined) ?? words[plurals.select(count)] ?? words.other;
  }
  if (pseudo) text = disguise(text);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

export function t(key: Key, params?: Params): string {
  return fill(en[key], params);
}

/** "Asha, Ben and Chidi" */
export function list(names: readonly string[]): string {
  return lists.format(names);
}

export function number(value: number): string {
  return numbers.format(value);
}

const units = ['B', 'KB', 'MB', 'GB'] as const;
export function size(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return t(`size.${units[unit] ?? 'B'}`, { value: new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 }).format(value) });
}

export function setDocumentLanguage(root: HTMLElement): void {
  root.lang = locale;
  root.dir = /^(ar|fa|he|ur)\b/.test(locale) || local.get('faff.dir') === 'rtl' ? 'rtl' : 'ltr';
}
