import { describe, expect, it } from 'vitest';
import { ada, bo } from './sample';
import { toMarkdown, toPlain, wordAt } from './mentions';

const people = [ada, bo, { id: 3, name: 'Bo Ekström', email: '' }, { id: 4, name: 'A [x]', email: '' }];

describe('mentions', () => {
  it('become links to accounts, the longest name first', () => {
    expect(toMarkdown('@Bo Ek, and (@Bo Ekström)!', people)).toBe('@[Bo Ek](user:2), and (@[Bo Ekström](user:3))!');
  });

  it('leave other texts alone', () => {
    for (const text of ['bo@Bo Ek', '@Bo', '@Bo Ekk', '`@Bo Ek`', '```\n@Bo Ek\n```', '@A [x]', '@[Bo Ek](user:2)', 'nobody']) {
      expect(toMarkdown(text, people), text).toBe(text);
    }
  });

  it('come back as they were written', () => {
    for (const text of ['@Bo Ek hello `@[Bo Ek](user:2)`', 'hi @Ada Admin\n@Bo Ek']) expect(toPlain(toMarkdown(text, people))).toBe(text);
  });

  it('are completed where the caret is', () => {
    const at = (text: string) => wordAt(text, text.length, '@');
    expect(at('hi @b')).toEqual({ word: 'b', from: 3 });
    expect(at('@')).toEqual({ word: '', from: 0 });
    expect(at('@Bo E')).toEqual({ word: 'Bo E', from: 0 });
    expect(at('mail@b')).toBeNull();
    expect(at('@Bo Ek and')).toBeNull();
    expect(wordAt('see #inv', 8, '#')).toEqual({ word: 'inv', from: 4 });
    expect(wordAt('# heading', 9, '#')).toBeNull();
  });
});
