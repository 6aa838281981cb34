//! Marks around what is selected in a text field.

export type Mark = 'bold' | 'italic' | 'code' | 'link';

const marks: Record<Mark, [string, string]> = { bold: ['**', '**'], italic: ['*', '*'], code: ['`', '`'], link: ['[', '](https://)'] };

/** Puts marks around a selection, or takes them away; returns the text and the new selection. */
export function format(text: string, start: number, end: number, mark: Mark): { text: string; start: number; end: number } {
  const [open, close] = marks[mark];
  const inner = text.slice(start, end);
  const marked = text.slice(start - open.length, start) === open && text.slice(end, end + close.length) === close;
  if (marked && mark !== 'link') {
    return { text: text.slice(0, start - open.length) + inner + text.slice(end + close.length), start: start - open.length, end: end - open.length };
  }
  const block = mark === 'code' && inner.includes('\n');
  const [before, after] = block ? ['```\n', '\n```'] : [open, close];
  const next = text.slice(0, start) + before + inner + after + text.slice(end);
  const at = start + before.length;
  return mark === 'link' && inner !== '' ? { text: next, start: end + 3, end: end + before.length + close.length - 1 } : { text: next, start: at, end: at + inner.length };
}
