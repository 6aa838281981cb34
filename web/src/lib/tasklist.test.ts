import { describe, expect, it } from 'vitest';
import { check } from './tasklist';

describe('boxes of a task list', () => {
  const text = '# Steps\n- [ ] one\n```\n- [ ] code\n```\n  * [x] two\n1. [ ] three';
  it('are counted as they are drawn', () => {
    expect(check(text, 0, true)).toBe(text.replace('- [ ] one', '- [x] one'));
    expect(check(text, 1, false)).toBe(text.replace('* [x] two', '* [ ] two'));
    expect(check(text, 2, true)).toBe(text.replace('1. [ ] three', '1. [x] three'));
    expect(check(text, 3, true)).toBeNull();
  });
});
