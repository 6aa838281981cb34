//! Addresses: what each one shows, and how each is written. Pure.

export const settingsTabs = ['profile', 'appearance', 'notifications', 'shortcuts'] as const;
export const adminTabs = ['users', 'audit', 'system'] as const;
export type SettingsTab = (typeof settingsTabs)[number];
export type AdminTab = (typeof adminTabs)[number];
export type TicketPanel = 'about' | 'files' | 'summary' | 'activity';

export type Route =
  | { name: 'login' }
  | { name: 'register'; email: string; invitation: string }
  | { name: 'setup'; token: string }
  | { name: 'home' }
  | { name: 'inbox' }
  | { name: 'tickets'; mine: boolean }
  | { name: 'view'; id: number }
  | { name: 'new' }
  | { name: 'ticket'; id: number; panel: TicketPanel | null; thread: number | null; message: number | null }
  | { name: 'reviews'; id: number | null }
  | { name: 'search' }
  | { name: 'settings'; tab: SettingsTab }
  | { name: 'admin'; tab: AdminTab }
  | { name: 'missing' };

function id(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}

function among<T extends string>(all: readonly T[], text: string | undefined): T | null {
  return all.find((one) => one === text) ?? null;
}

/** What an address shows. */
export function match(url: Pick<URL, 'pathname' | 'search' | 'hash'>): Route {
  const [first, second, third, ...rest] = url.pathname.split('/').filter((part) => part !== '');
  const depth = [first, second, third].filter((part) => part !== undefined).length + rest.length;
  const missing: Route = { name: 'missing' };
  switch (first) {
    case undefined:
      return { name: 'home' };
    case 'login':
    case 'inbox':
    case 'search':
      return depth === 1 ? { name: first } : missing;
    case 'register':
    case 'setup': {
      // Behind the sign, a token reaches no server's log.
      const given = new URLSearchParams(url.hash.slice(1));
      if (depth !== 1) return missing;
      if (first === 'setup') return { name: 'setup', token: given.get('token') ?? '' };
      return { name: 'register', email: given.get('email') ?? '', invitation: given.get('invitation') ?? '' };
    }
    case 'tickets':
      if (second === 'new' && depth === 2) return { name: 'new' };
      return depth === 1 ? { name: 'tickets', mine: new URLSearchParams(url.search).get('assignee') === 'me' } : missing;
    case 'views': {
      const view = id(second);
      return view !== null && depth === 2 ? { name: 'view', id: view } : missing;
    }
    case 't': {
      const ticket = id(second);
      if (ticket === null || depth > 4) return missing;
      const message = id(/^#m-(\d+)$/.exec(url.hash)?.[1]);
      const shown: Route = { name: 'ticket', id: ticket, panel: null, thread: null, message };
      if (depth === 2) return shown;
      if (third === 'thread') {
        const thread = id(rest[0]);
        return thread !== null ? { ...shown, thread } : missing;
      }
      const panel = among(['about', 'files', 'summary', 'activity'] as const, third);
      return panel !== null && depth === 3 ? { ...shown, panel } : missing;
    }
    case 'reviews': {
      if (depth === 1) return { name: 'reviews', id: null };
      const review = id(second);
      return review !== null && depth === 2 ? { name: 'reviews', id: review } : missing;
    }
    case 'settings': {
      const tab = depth === 1 ? 'profile' : among(settingsTabs, second);
      return tab !== null && depth <= 2 ? { name: 'settings', tab } : missing;
    }
    case 'admin': {
      const tab = depth === 1 ? 'users' : among(adminTabs, second);
      return tab !== null && depth <= 2 ? { name: 'admin', tab } : missing;
    }
    default:
      return missing;
  }
}

/** Whether an address may be seen without a login. */
export function isOpen(route: Route): boolean {
  return route.name === 'login' || route.name === 'register' || route.name === 'setup';
}

/** How addresses are written. */
export const to = {
  home: '/',
  login: (next?: string): string => (next === undefined || next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`),
  register: '/register',
  invitation: (email: string, token: string): string => `/register#${new URLSearchParams({ email, invitation: token }).toString()}`,
  inbox: '/inbox',
  tickets: (query = ''): string => (query === '' ? '/tickets' : `/tickets?${query}`),
  mine: '/tickets?assignee=me&status=open,in_progress',
  view: (view: number): string => `/views/${view}`,
  newTicket: '/tickets/new',
  ticket: (ticket: number, panel: TicketPanel | null = null): string => `/t/${ticket}${panel === null ? '' : `/${panel}`}`,
  message: (ticket: number, message: number): string => `/t/${ticket}#m-${message}`,
  thread: (ticket: number, root: number): string => `/t/${ticket}/thread/${root}`,
  reviews: (state = ''): string => (state === '' ? '/reviews' : `/reviews?state=${state}`),
  review: (review: number): string => `/reviews/${review}`,
  search: (query: string): string => (query === '' ? '/search' : `/search?q=${encodeURIComponent(query)}`),
  settings: (tab: SettingsTab = 'profile'): string => `/settings/${tab}`,
  admin: (tab: AdminTab = 'users'): string => `/admin/${tab}`,
};

/** Where to go after a login: only to an address of our own. */
export function nextOf(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/';
}
