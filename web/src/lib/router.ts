//! The address of the page, as state. Ordinary links work: clicks on them are taken over here.

import { type Route, match } from './routes';
import { Signal } from './signal';

type Leave = () => boolean;

export class Router {
  #signal = new Signal();
  #url: URL;
  #route: Route;
  #guards = new Set<Leave>();
  /** How many of our own pages lie behind this one. */
  #depth = 0;

  constructor(private window: Pick<Window, 'history' | 'location'> | null) {
    this.#url = new URL(window?.location.href ?? 'http://localhost/');
    this.#route = match(this.#url);
  }

  get url(): URL {
    this.#signal.read();
    return this.#url;
  }

  get route(): Route {
    this.#signal.read();
    return this.#route;
  }

  /** Whether *Back* stays within the application. */
  get canGoBack(): boolean {
    this.#signal.read();
    return this.#depth > 0;
  }

  /** Goes to an address of ours. */
  go(href: string, options: { replace?: boolean } = {}): void {
    const next = new URL(href, this.#url);
    if (next.href === this.#url.href) return;
    if (next.pathname !== this.#url.pathname && ![...this.#guards].every((leave) => leave())) return;
    if (options.replace === true) this.window?.history.replaceState({ depth: this.#depth }, '', next.href);
    else {
      this.#depth += 1;
      this.window?.history.pushState({ depth: this.#depth }, '', next.href);
    }
    this.#show(next);
  }

  /** Goes back where one came from, or to this address when that was another site. */
  back(otherwise: string): void {
    if (this.#depth > 0) this.window?.history.back();
    else this.go(otherwise, { replace: true });
  }

  /** Asks before a page is left. Returns what ends it. */
  guard(leave: Leave): () => void {
    this.#guards.add(leave);
    return () => void this.#guards.delete(leave);
  }

  /** Takes over the browser's buttons and clicks on links. Returns what ends it. */
  start(window: Window): () => void {
    const pop = (event: PopStateEvent): void => {
      const state: unknown = event.state;
      this.#depth = isPlace(state) ? state.depth : 0;
      this.#show(new URL(window.location.href));
    };
    const click = (event: MouseEvent): void => {
      if (event.defaultPrevented || event.button !== 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (link === null || !(link instanceof HTMLAnchorElement) || !isOurs(link, this.#url)) return;
      event.preventDefault();
      this.go(link.href);
    };
    window.addEventListener('popstate', pop);
    window.document.addEventListener('click', click);
    return () => {
      window.removeEventListener('popstate', pop);
      window.document.removeEventListener('click', click);
    };
  }

  #show(url: URL): void {
    this.#url = url;
    this.#route = match(url);
    this.#signal.changed();
  }
}

function isPlace(state: unknown): state is { depth: number } {
  return typeof state === 'object' && state !== null && 'depth' in state && typeof state.depth === 'number';
}

/** Whether this page shows what the link leads to. Files and the API are the server's. */
function isOurs(link: HTMLAnchorElement, here: URL): boolean {
  if (link.origin !== here.origin || link.hasAttribute('download')) return false;
  if (link.target !== '' && link.target !== '_self') return false;
  return !/^\/(api|uploads|health|metrics|socket\.io|assets)(\/|$)/.test(link.pathname);
}

export const router = new Router(typeof window === 'undefined' ? null : window);
