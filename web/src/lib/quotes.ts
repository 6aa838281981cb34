//! A message with the parts marked that a machine quotes. Pure.

import type { Quote } from './api/types';

export interface Piece {
  text: string;
  /** What is quoted here; several when quotes overlap. */
  kinds: readonly string[];
}

/** The text in pieces. Quotes that do not stand where they say (the message was edited) are left out. */
export function pieces(text: string, quotes: readonly Quote[]): Piece[] {
  const valid = quotes.filter(({ quote, start, end }) => start < end && text.slice(start, end) === quote);
  const cuts = [...new Set([0, text.length, ...valid.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, at) => {
    const until = cuts[at + 1] ?? text.length;
    const kinds = valid.filter(({ start, end }) => start <= from && end >= until).map(({ kind }) => kind);
    return { text: text.slice(from, until), kinds: [...new Set(kinds)] };
  });
}
