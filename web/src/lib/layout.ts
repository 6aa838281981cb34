//! How much room there is, and how the panes are divided.

import { Signal } from './signal';
import { type Store, local } from './storage';

export type Room = 'phone' | 'narrow' | 'wide' | 'full';

const KEY_SIDEBAR = 'faff.look.sidebar';
const KEY_LIST = 'faff.look.list';
const KEY_PANEL = 'faff.look.panel';

export const listWidth = { least: 320, most: 560, usual: 400 };

export class Layout {
  #signal = new Signal();
  #width = 1280;
  #sidebar: boolean;
  #overlay = false;
  #list: number;
  #panel: boolean | null;

  constructor(private store: Store = local) {
    this.#sidebar = store.get(KEY_SIDEBAR) !== 'closed';
    this.#list = Number(store.get(KEY_LIST) ?? listWidth.usual) || listWidth.usual;
    const panel = store.get(KEY_PANEL);
    this.#panel = panel === null ? null : panel === 'open';
    if (typeof window === 'undefined') return;
    this.#width = window.innerWidth;
    window.addEventListener('resize', () => {
      if (this.#width === window.innerWidth) return;
      this.#width = window.innerWidth;
      this.#signal.changed();
    });
  }

  get room(): Room {
    this.#signal.read();
    return this.#width < 640 ? 'phone' : this.#width < 1024 ? 'narrow' : this.#width < 1440 ? 'wide' : 'full';
  }

  /** Whether list and ticket stand side by side. */
  get beside(): boolean {
    return this.room === 'wide' || this.room === 'full';
  }

  get sidebar(): boolean {
    this.#signal.read();
    return this.#sidebar;
  }

  /** The sidebar over the page, where there is no room beside it. */
  get overlay(): boolean {
    this.#signal.read();
    return this.#overlay;
  }

  set overlay(open: boolean) {
    this.#overlay = open;
    this.#signal.changed();
  }

  toggleSidebar(): void {
    if (this.beside) {
      this.#sidebar = !this.#sidebar;
      this.store.set(KEY_SIDEBAR, this.#sidebar ? 'open' : 'closed');
    } else this.#overlay = !this.#overlay;
    this.#signal.changed();
  }

  get list(): number {
    this.#signal.read();
    return this.#list;
  }

  set list(width: number) {
    this.#list = Math.round(Math.max(listWidth.least, Math.min(listWidth.most, width)));
    this.store.set(KEY_LIST, String(this.#list));
    this.#signal.changed();
  }

  /** The right panel of a ticket; shown by itself where there is room. */
  get panel(): boolean {
    this.#signal.read();
    return this.#panel ?? this.room === 'full';
  }

  set panel(open: boolean) {
    this.#panel = open;
    this.store.set(KEY_PANEL, open ? 'open' : 'closed');
    this.#signal.changed();
  }
}

export const layout = new Layout();
