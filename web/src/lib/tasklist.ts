//! Boxes of a markdown task list. Pure.

const fence = /^\s*(```|~~~)/;
const item = /^(\s*(?:>\s*)*(?:[-*+]|\d+[.)])\s+\[)([ xX])(\]\s)/;

/** Checks or unchecks the n-th box; null when there is none. */
export function check(markdown: string, at: number, checked: boolean): string | null {
  let seen = -1;
  let inCode = false;
  let found = false;
  const lines = markdown.split('\n').map((line) => {
    if (fence.test(line)) inCode = !inCode;
    const box = inCode ? null : item.exec(line);
    if (box === null) return line;
    seen += 1;
    if (seen !== at) return line;
    found = true;
    return `${box[1]}${checked ? 'x' : ' '}${box[3]}${line.slice(box[0].length)}`;
  });
  return found ? lines.join('\n') : null;
}
