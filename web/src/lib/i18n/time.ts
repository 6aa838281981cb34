//! Times as people say them.

import { locale, t } from './index';

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
const dayOfYear = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
const dayOfAnyYear = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const shortOfAnyYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The local day a time falls on, as a number that is the same all day. */
export function dayOf(time: string | number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export function timeOfDay(time: string): string {
  return clock.format(new Date(time));
}

/** Everything, for tooltips. */
export function exactly(time: string): string {
  return full.format(new Date(time));
}

/** "Today", "Yesterday", "Tuesday, November 17" */
export function dayName(time: string | number, now: number): string {
  const day = dayOf(time);
  const days = Math.round((dayOf(now) - day) / DAY);
  if (days === 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  return (new Date(day).getFullYear() === new Date(now).getFullYear() ? dayOfYear : dayOfAnyYear).format(day);
}

/** "now", "2 min", "3 h", "Tue", "17 Nov", "17 Nov 2025" */
export function ago(time: string, now: number): string {
  const date = new Date(time);
  const passed = now - date.getTime();
  if (passed < MINUTE) return t('time.now');
  if (passed < HOUR) return t('time.minutes', { count: Math.floor(passed / MINUTE) });
  if (passed < DAY) return t('time.hours', { count: Math.floor(passed / HOUR) });
  if (passed < 6 * DAY) return weekday.format(date);
  return (date.getFullYear() === new Date(now).getFullYear() ? short : shortOfAnyYear).format(date);
}
