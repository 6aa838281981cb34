//! How the page looks on this device. public/theme.js applies the same before the first paint.

import { Signal } from './signal';
import { type Store, local, readJson, writeJson } from './storage';

export interface Look {
  theme: 'system' | 'light' | 'dark';
  density: 'compact' | 'normal' | 'comfortable';
  text: 'normal' | 'large' | 'larger';
  motion: 'system' | 'reduced';
  /** Whether Enter sends; otherwise Mod+Enter does, and Enter breaks the line. */
  enterSends: boolean;
  /** Whether single keys are shortcuts. */
  singleKeys: boolean;
}

const KEY = 'faff.look';
export const plain: Look = {
  theme: 'system',
  density: 'normal',
  text: 'normal',
  motion: 'system',
  enterSends: true,
  singleKeys: true,
};

function isLook(value: unknown): value is Partial<Look> {
  return typeof value === 'object' && value !== null;
}

export class Looks {
  #signal = new Signal();
  #now: Look;

  constructor(private store: Store = local) {
    this.#now = { ...plain, ...readJson(store, KEY, isLook) };
  }

  get now(): Look {
    this.#signal.read();
    return this.#now;
  }

  change(change: Partial<Look>): void {
    this.#now = { ...this.#now, ...change };
    writeJson(this.store, KEY, this.#now);
    if (typeof document !== 'undefined') apply(document.documentElement, this.#now);
    this.#signal.changed();
  }
}

export function apply(root: HTMLElement, look: Look): void {
  const set = (name: string, value: string, standard: string): void => {
    if (value === standard) delete root.dataset[name];
    else root.dataset[name] = value;
  };
  set('theme', look.theme, 'system');
  set('density', look.density, 'normal');
  set('text', look.text, 'normal');
  set('motion', look.motion, 'system');
}

export const looks = new Looks();
