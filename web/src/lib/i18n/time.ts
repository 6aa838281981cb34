//! Times as people say them.

import { Signal } from '../signal';
import { type Store, local } from '../storage';
import { locale, t } from './index';

const KEY = 'faff.look.dates';

function formats(language: string | undefined) {
  const of = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => new Intl.DateTimeFormat(language, options);
  return {
    clock: of({ hour: '2-digit', minute: '2-digit' }),
    full: of({ dateStyle: 'full', timeStyle: 'short' }),
    dayOfYear: of({ weekday: 'long', day: 'numeric', month: 'long' }),
    dayOfAnyYear: of({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    weekday: of({ weekday: 'short' }),
    short: of({ day: 'numeric', month: 'short' }),
    shortOfAnyYear: of({ day: 'numeric', month: 'short', year: 'numeric' }),
  };
}

/** In which language dates are written; null for that of the page. */
export class Dates {
  #signal = new Signal();
  #language: string | null;
  #formats: ReturnType<typeof formats>;

  constructor(private store: Store = local) {
    this.#language = store.get(KEY);
    this.#formats = usable(this.#language);
  }

  get language(): string | null {
    this.#signal.read();
    return this.#language;
  }

  get formats(): ReturnType<typeof formats> {
    this.#signal.read();
    return this.#formats;
  }

  choose(language: string | null): void {
    this.#language = language;
    this.#formats = usable(language);
    if (language === null) this.store.remove(KEY);
    else this.store.set(KEY, language);
    this.#signal.changed();
  }
}

/** What this browser does not know, it writes as the page is written. */
function usable(language: string | null): ReturnType<typeof formats> {
  try {
    return formats(language ?? locale);
  } catch {
    return formats(locale);
  }
}

export const dates = new Dates();

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The local day a time falls on, as a number that is the same all day. */
export function dayOf(time: string | number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export function timeOfDay(time: string): string {
  return dates.formats.clock.format(new Date(time));
}

/** Everything, for tooltips. */
export function exactly(time: string): string {
  return dates.formats.full.format(new Date(time));
}

/** "Today", "Yesterday", "Tuesday, November 17" */
export function dayName(time: string | number, now: number): string {
  const day = dayOf(time);
  const days = Math.round((dayOf(now) - day) / DAY);
  if (days === 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  return (new Date(day).getFullYear() === new Date(now).getFullYear() ? dates.formats.dayOfYear : dates.formats.dayOfAnyYear).format(day);
}

/** "now", "2 min", "3 h", "Tue", "17 Nov", "17 Nov 2025" */
export function ago(time: string, now: number): string {
  const date = new Date(time);
  const passed = now - date.getTime();
  if (passed < MINUTE) return t('time.now');
  if (passed < HOUR) return t('time.minutes', { count: Math.floor(passed / MINUTE) });
  if (passed < DAY) return t('time.hours', { count: Math.floor(passed / HOUR) });
  if (passed < 6 * DAY) return dates.formats.weekday.format(date);
  return (date.getFullYear() === new Date(now).getFullYear() ? dates.formats.short : dates.formats.shortOfAnyYear).format(date);
}
