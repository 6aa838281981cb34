//! Every screen, and every state of it that is worth looking at: where it is, and how one gets there.

import type { Locator, Page } from '@playwright/test';
import { en } from '../src/lib/i18n/en';
import { type Key, disguise, fill } from '../src/lib/i18n/index';
import type { World } from './world';

export type Words = (key: Key, params?: Record<string, string | number>) => string;
/** The words of the interface, and as its pseudo-locale writes them. */
export const plain: Words = (key, params) => fill(en[key], params);
export const pseudo: Words = (key, params) => {
  const words = en[key];
  if (typeof words === 'string') return fill(disguise(words), params);
  return fill(Object.fromEntries(Object.entries(words).map(([form, text]) => [form, disguise(text)])) as typeof words, params);
};

export interface Screen {
  name: string;
  path: string;
  /** What is there when it is there. */
  ready: (page: Page) => Locator;
  act?: (page: Page) => Promise<void>;
  /** Leaves what lies over the page. */
  leave?: (page: Page) => Promise<void>;
  /** Only where there is this much room. */
  only?: 'wide' | 'phone';
}

const dialog = (page: Page): Locator => page.getByRole('dialog');
const popover = (page: Page): Locator => page.locator('[popover]:popover-open:not(.tooltip)').first();
const escape = async (page: Page): Promise<void> => page.keyboard.press('Escape');
const key = (keys: string) => async (page: Page): Promise<void> => {
  for (const one of keys.split(' ')) await page.keyboard.press(one);
};

/** What an administrator may see. */
export function screensOf(world: World, words: Words): Screen[] {
  const { ticket, root, picture, pending, decided, view } = world;
  const heading = (key: Key) => (page: Page): Locator => page.getByRole('heading', { level: 1, name: words(key), exact: true });
  const button = (page: Page, key: Key, params?: Record<string, string | number>): Locator => page.getByRole('button', { name: words(key, params), exact: true });
  const row = (page: Page): Locator => page.locator('[role=row] a.title').first();
  const message = (page: Page): Locator => page.locator(`#m-${picture}`);
  const over = { leave: escape };
  const inList = { path: '/tickets', ready: row };
  const inTicket = { path: `/t/${ticket}`, ready: message };
  const menu = (page: Page): Promise<void> => message(page).hover().then(() => message(page).getByRole('button', { name: words('message.more') }).click());
  return [
    { name: 'list', ...inList },
    { name: 'list, grouped and filtered', path: '/tickets?status=open,in_progress&priority=urgent,low&group=status', ready: row },
    { name: 'list without results', path: '/tickets?q=%D1%8A%D1%8A%D1%8A', ready: (page) => page.getByText(words('list.nothing')) },
    { name: 'list with a selection', ...inList, act: key('j x j x'), leave: escape },
    { name: 'status of a row', ...inList, act: key('j s'), ...over },
    { name: 'filters', ...inList, act: key('f'), ...over },
    { name: 'display', ...inList, act: key('Shift+V'), ...over },
    { name: 'view', path: `/views/${view}`, ready: row },
    { name: 'view that is gone', path: '/views/9999', ready: (page) => page.getByText(words('views.gone')) },
    { name: 'view to be saved', path: '/tickets?status=open', ready: (page) => button(page, 'views.save'), act: (page) => button(page, 'views.save').click(), ...over },
    { name: 'ticket', ...inTicket },
    { name: 'ticket, edited', ...inTicket, act: key('e'), leave: (page) => button(page, 'app.cancel').click() },
    { name: 'ticket, its menu', ...inTicket, act: (page) => button(page, 'ticket.actions').click(), ...over },
    {
      name: 'ticket, to be deleted', ...inTicket, leave: escape,
      act: async (page) => {
        await button(page, 'ticket.actions').click();
        await page.getByRole('menuitem', { name: words('ticket.delete') }).click();
      },
    },
    { name: 'message, its menu', ...inTicket, act: menu, ...over },
    {
      name: 'message, edited', ...inTicket,
      act: async (page) => {
        await menu(page);
        await page.getByRole('menuitem', { name: words('message.edit') }).click();
      },
      leave: (page) => page.getByRole('textbox', { name: words('message.edit') }).press('Escape'),
    },
    { name: 'picture', ...inTicket, act: (page) => page.getByRole('button', { name: words('file.view', { name: 'дым.png' }) }).click(), ...over },
    {
      name: 'people to mention', ...inTicket,
      act: async (page) => {
        await page.getByRole('textbox', { name: words('composer.placeholder') }).fill('');
        await page.getByRole('textbox', { name: words('composer.placeholder') }).pressSequentially('@');
      },
      leave: (page) => page.getByRole('textbox', { name: words('composer.placeholder') }).fill(''),
    },
    { name: 'about', path: `/t/${ticket}/about`, ready: (page) => page.getByText(words('ticket.people')) },
    { name: 'summary', path: `/t/${ticket}/summary`, ready: (page) => page.getByText(words('summary.byBuiltIn')) },
    { name: 'files', path: `/t/${ticket}/files`, ready: (page) => page.locator('aside').getByText('лог.txt') },
    { name: 'activity', path: `/t/${ticket}/activity`, ready: (page) => page.locator('aside').getByText(words('note.created')) },
    { name: 'thread', path: `/t/${ticket}/thread/${root}`, ready: (page) => page.getByText('Я тоже').last() },
    { name: 'ticket that is gone', path: '/t/9999', ready: (page) => page.getByRole('heading', { name: words('ticket.gone') }).last() },
    { name: 'new ticket', path: '/tickets/new', ready: heading('nav.new') },
    { name: 'new ticket over the page', ...inList, act: key('c'), ...over, only: 'wide' },
    { name: 'palette', ...inList, act: key('Control+k'), ...over },
    {
      name: 'palette with a search', ...inList, ...over,
      act: async (page) => {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox').fill('принтер');
        await page.locator('.fetching[data-busy=false]').waitFor({ state: 'attached' });
      },
    },
    { name: 'shortcuts', ...inList, act: key('?'), ...over },
    { name: 'inbox', path: '/inbox', ready: heading('nav.inbox') },
    { name: 'inbox, all', path: '/inbox?show=all', ready: (page) => page.locator('[data-entry]').first() },
    { name: 'reviews', path: '/reviews', ready: heading('nav.reviews') },
    { name: 'review', path: `/reviews/${pending}`, ready: (page) => page.getByRole('textbox', { name: words('review.feedback') }) },
    { name: 'review, decided', path: `/reviews/${decided}`, ready: (page) => page.getByText('Не обещай') },
    { name: 'reviews, rejected', path: '/reviews?state=rejected', ready: heading('nav.reviews') },
    { name: 'search', path: '/search', ready: (page) => page.getByText(words('search.start')) },
    { name: 'search with results', path: '/search?q=%D0%BF%D1%80%D0%B8%D0%BD%D1%82%D0%B5%D1%80', ready: (page) => page.locator('mark').first() },
    { name: 'search without results', path: '/search?q=%D1%8A%D1%8A%D1%8A', ready: (page) => page.getByText(words('search.none', { words: 'ъъъ' })) },
    { name: 'profile', path: '/settings/profile', ready: (page) => page.getByText(words('settings.profileHint')) },
    { name: 'appearance', path: '/settings/appearance', ready: (page) => page.getByText(words('settings.densityHint')) },
    { name: 'keyboard', path: '/settings/shortcuts', ready: (page) => button(page, 'settings.allShortcuts') },
    { name: 'people', path: '/admin/users', ready: (page) => page.getByText('Бо Эк').first() },
    { name: 'person, to be changed', path: '/admin/users', ready: (page) => button(page, 'admin.actions', { name: 'Бо Эк' }), ...over, act: (page) => button(page, 'admin.actions', { name: 'Бо Эк' }).click() },
    {
      name: 'person, to be deactivated', path: '/admin/users', ready: (page) => button(page, 'admin.actions', { name: 'Бо Эк' }), ...over,
      act: async (page) => {
        await button(page, 'admin.actions', { name: 'Бо Эк' }).click();
        await page.getByRole('menuitem', { name: words('admin.deactivate') }).click();
        await dialog(page).waitFor();
      },
    },
    { name: 'person, to be invited', path: '/admin/users', ready: (page) => button(page, 'admin.invite'), ...over, act: (page) => button(page, 'admin.invite').click() },
    {
      name: 'person, invited', path: '/admin/users', ready: (page) => button(page, 'admin.invite'), ...over,
      act: async (page) => {
        await button(page, 'admin.invite').click();
        await dialog(page).getByRole('textbox').fill('di@faff.example');
        await page.keyboard.press('Enter');
        await button(page, 'admin.inviteCopy').waitFor();
      },
    },
    { name: 'audit', path: '/admin/audit', ready: (page) => page.getByText(words('audit.is.review_decided')).first() },
    { name: 'system', path: '/admin/system', ready: (page) => page.getByText(words('system.healthy')).first() },
    { name: 'nothing here', path: '/nowhere', ready: heading('app.missing') },
    { name: 'account', path: '/tickets', ready: row, ...over, only: 'wide', act: (page) => button(page, 'nav.account', { name: 'Ада Адмиралова' }).click() },
    {
      name: 'notice', path: '/tickets', ready: row, act: async (page) => {
        await page.keyboard.press('j');
        await page.keyboard.press('i');
        await page.getByRole('region', { name: words('toast.region') }).getByRole('button').first().waitFor();
      },
    },
  ];
}

export { dialog, popover };
