//! What the pseudo-locale and the other direction of writing bring to light: words that were forgotten in the catalogue, words that
//! are cut off, and boxes that do not change sides.

import type { Page } from '@playwright/test';

/** Texts with Latin letters outside of the pseudo-locale's brackets. People, tickets and files of the world are not Latin; engraved
 * keys, addresses and endings of files are as they are. */
export async function latin(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const look = (text: string | null, where: string): void => {
      let left = text ?? '';
      for (let before = ''; before !== left; ) [before, left] = [left, left.replace(/\[[^[\]]*?·+\]/g, '')];
      left = left.replace(/\S+@\S+\.\w+/g, '').replace(/[а-я]+\.\w+/gi, '');
      if (/[A-Za-z]/.test(left)) found.add(`${where}: ${(text ?? '').trim().slice(0, 80)}`);
    };
    look(document.title, 'title');
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || parent.closest('script, style, noscript, kbd, code') !== null) continue;
      look(node.nodeValue, `<${parent.tagName.toLowerCase()} class="${parent.className}">`);
    }
    for (const element of document.querySelectorAll('body *')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-tip', 'aria-description', 'aria-valuetext', 'aria-roledescription']) {
        look(element.getAttribute(name), `${element.tagName.toLowerCase()} ${name}`);
      }
    }
    return [...found];
  });
}

/** Words of the interface that are not seen in whole, though nothing can be scrolled to see them. */
export async function clipped(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.nodeValue?.trim() ?? '';
      if (element === null || !/·\]/.test(text) || element.closest('.visually-hidden, [popover]:not(:popover-open), [hidden]') !== null) continue;
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width === 0) continue;
      const tell = (why: string): void => void found.add(`${text.slice(0, 70)} in <${element.tagName.toLowerCase()} class="${element.className}">: ${why}`);
      let [sideways, down] = [true, true];
      for (let at: Element | null = element; at !== null && (sideways || down); at = at.parentElement) {
        const style = getComputedStyle(at);
        const frame = at.getBoundingClientRect();
        const hides = (overflow: string): boolean => overflow === 'hidden' || overflow === 'clip';
        if (sideways && hides(style.overflowX) && (box.left < frame.left - 1 || box.right > frame.right + 1 || (style.textOverflow === 'ellipsis' && at.scrollWidth > at.clientWidth + 1))) tell(`${Math.round(box.width)} px wide, cut off by <${at.tagName.toLowerCase()} class="${at.className}">`);
        if (down && hides(style.overflowY) && (box.top < frame.top - 3 || box.bottom > frame.bottom + 3)) tell(`${Math.round(box.height)} px high, cut off by <${at.tagName.toLowerCase()} class="${at.className}">`);
        if (/auto|scroll/.test(style.overflowX) && at.scrollWidth > at.clientWidth) sideways = false;
        if (/auto|scroll/.test(style.overflowY) && at.scrollHeight > at.clientHeight) down = false;
        if (style.position === 'fixed' || at.matches('dialog, [popover]')) break;
      }
      if (sideways && (box.left < -1 || box.right > innerWidth + 1)) tell(`from ${Math.round(box.left)} to ${Math.round(box.right)} px, beside the page`);
    }
    return [...found];
  });
}

/** Boxes that do not stand where a mirror would show them when the page is written from right to left. What floats was placed
 * before. */
export async function unmirrored(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const root = document.documentElement;
    interface Place {
      left: number;
      right: number;
      name: string;
    }
    const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
    const places = (): Map<Element, Place> => {
      const all = new Map<Element, Place>();
      for (const element of document.querySelectorAll('nav, main, aside, header, footer, section, form, h1, h2, button, a, input, textarea, img, svg, article, [role=row], [role=gridcell], [role=tab], [role=separator], .badge, .chip')) {
        if (element.closest('[popover], .visually-hidden, .markdown, .tooltip') !== null || !element.checkVisibility()) continue;
        // Inside a line, words decide; in a picture, the picture.
        if (getComputedStyle(element).display.startsWith('inline') || element.parentElement?.closest('svg') != null) continue;
        const { left, right } = element.getBoundingClientRect();
        all.set(element, { left, right, name: `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}` });
      }
      return all;
    };
    // Where one has scrolled sideways is not what is asked.
    for (const element of document.querySelectorAll('body *')) if (element.scrollLeft !== 0) element.scrollLeft = 0;
    const before = places();
    root.dir = 'rtl';
    await frame();
    const after = places();
    const found: string[] = [];
    for (const [element, { left, right, name }] of before) {
      const there = after.get(element);
      if (there === undefined) found.push(`${name}: is gone`);
      else if (Math.abs(innerWidth - there.right - left) > 2 || Math.abs(innerWidth - there.left - right) > 2) found.push(`${name}: was from ${Math.round(left)} to ${Math.round(right)}, is from ${Math.round(there.left)} to ${Math.round(there.right)} px`);
    }
    if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} px wide`);
    root.dir = 'ltr';
    await frame();
    return found;
  });
}
