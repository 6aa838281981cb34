//! What can be done to a message; the conversation and the thread each do it their way.

import type { Message } from '../../lib/api/types';

export interface MessageActions {
  thread(message: Message): void;
  quote(message: Message): void;
  edit(message: Message): void;
  endEdit(): void;
  remove(message: Message): void;
  copyLink(message: Message): void;
  unread(message: Message): void;
  /** Absent where nobody can be asked. */
  review?: (message: Message) => void;
  focused(message: Message): void;
}

/** A text as markdown quotes it. */
export function quoted(text: string): string {
  return `${text
    .trim()
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')}\n\n`;
}
