import type { Page } from '@playwright/test';
import { composer, expect, messages, say, test } from './fixture';

const row = (page: Page, title: string) => page.locator('[role=row]').filter({ hasText: title });
const unread = (page: Page, title: string) => row(page, title).locator('.badge');
const inbox = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Inbox/ });

test.describe('what one has read', () => {
  test('28 a ticket opens at what is unread, and what one tab has read, the other knows', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const ids: number[] = [];
    for (let at = 1; at <= 60; at += 1) ids.push(await bo.say(id, `line ${at}`));
    const { task } = await ada.call<{ task: { seq: number } }>('GET', `/api/tasks/${id}`);
    // Ada has read up to the twentieth.
    await ada.call('PUT', `/api/tasks/${id}/read`, { seq: task.seq - 40 });
    const list = await open(ada, '/tickets');
    await expect(unread(list, 'Printer on fire')).toHaveText('40');
    const page = await list.context().newPage();
    await page.goto(list.url().replace('/tickets', `/t/${id}`));
    await expect(page.getByText('40 new messages', { exact: true })).toBeInViewport();
    await expect(page.getByText('line 21', { exact: true })).toBeInViewport();
    await expect(page.getByText('line 60', { exact: true })).not.toBeInViewport();
    // What was in view is read, here and in the other tab; the rest is not.
    await expect(unread(list, 'Printer on fire')).not.toHaveText('40');
    await expect(unread(list, 'Printer on fire')).toBeVisible();
    await page.getByRole('log').evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await expect(page.getByText('line 60', { exact: true })).toBeInViewport();
    await expect(unread(list, 'Printer on fire')).toHaveCount(0);
    // The line stays where reading began.
    await expect(page.getByText('40 new messages', { exact: true })).toBeAttached();

    // Unread from here: both tabs, and not undone by looking at it.
    await messages(page).last().hover();
    await page.getByRole('button', { name: 'More actions' }).last().click();
    await page.getByRole('menuitem', { name: 'Mark unread from here' }).click();
    await expect(unread(list, 'Printer on fire')).toHaveText('1');
    await list.locator('body').press('j');
    await list.locator('body').press('u');
    await expect(unread(list, 'Printer on fire')).toHaveCount(0);
    expect((await ada.call<{ reading: { unreadCount: number } }>('GET', `/api/tasks/${id}/read`)).reading.unreadCount).toBe(0);
  });

  test('tickets that are not open count at once what is said in them', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const door = await ada.ticket('Door stuck');
    const page = await open(ada, '/tickets');
    await expect(row(page, 'Printer on fire')).toBeVisible();
    const asked = page.waitForResponse(/\/api\/reading\?/);
    await bo.say(id, 'It burns');
    await asked;
    await expect(unread(page, 'Printer on fire')).toHaveText('1');
    await bo.say(id, `@[Ada Admin](user:${ada.user.id}) come quickly`);
    await expect(unread(page, 'Printer on fire')).toHaveText('2');
    await expect(row(page, 'Printer on fire').getByTitle('You are mentioned')).toBeVisible();
    // One's own words are no news.
    await ada.say(door, 'Pull');
    await expect(row(page, 'Door stuck').getByTitle('1 message')).toBeVisible();
    await expect(unread(page, 'Door stuck')).toHaveCount(0);
  });

  test('31 a mention comes into the inbox, the title and the tab, and goes when it is read', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const [here, there] = [await open(ada, '/tickets'), await open(bo, `/t/${id}`)];
    await expect(here).toHaveTitle('All tickets · Faff');
    await composer(there).pressSequentially('@Ada');
    await there.getByRole('option', { name: /Ada Admin/ }).click();
    await composer(there).pressSequentially('can you check?');
    await composer(there).press('Enter');
    await expect(here).toHaveTitle('(1) All tickets · Faff');
    await expect(here.locator('link[rel=icon]')).toHaveAttribute('href', '/favicon-unread.svg');
    await expect(inbox(here)).toContainText('1');
    await inbox(here).click();
    await expect(here).toHaveTitle('(1) Inbox · Faff');
    const entry = here.getByRole('link', { name: /Bo Ek mentioned you/ });
    await expect(entry).toContainText('@Ada Admin can you check?');
    await entry.click();
    await expect(here).toHaveURL(new RegExp(`/t/${id}#m-\\d+$`));
    await expect(here).toHaveTitle(`#${id} Printer on fire · Faff`);
    await expect(here.locator('link[rel=icon]')).toHaveAttribute('href', '/favicon.svg');
    await expect(here.locator('article[data-message]').filter({ hasText: 'can you check?' })).toBeInViewport();

    // An answer, an assignment: aside by the keyboard, and back by undo.
    await say(here, 'I do');
    await bo.call('PUT', `/api/tasks/${id}`, { assignedToId: ada.user.id });
    await expect(here).toHaveTitle(/^\(1\) /);
    await here.goto(new URL('/', here.url()).href);
    await expect(here).toHaveURL(/\/inbox$/);
    await expect(here.getByRole('link', { name: /Bo Ek assigned it to you/ })).toBeVisible();
    await here.keyboard.press('j');
    await expect(here.getByRole('link', { name: /Bo Ek assigned it to you/ })).toBeFocused();
    await here.keyboard.press('e');
    await expect(here.getByText('You are all caught up.')).toBeVisible();
    await expect(here).toHaveTitle('Inbox · Faff');
    await here.getByRole('button', { name: 'Undo' }).click();
    await expect(here.getByRole('link', { name: /Bo Ek assigned it to you/ })).toBeVisible();
    await here.getByRole('button', { name: 'Mark all read' }).click();
    await expect(here).toHaveTitle('Inbox · Faff');
    await here.goto(new URL('/', here.url()).href);
    await expect(here).toHaveURL(/\/tickets$/);
  });

  test('the browser tells of it, when asked to, while nobody looks', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(ada, '/settings/notifications', { permissions: ['notifications'] });
    // What the browser would show, and whether the page is seen.
    const prepare = async (target: Page) => {
      await target.evaluate(() => {
        const shown: string[] = [];
        class Notice {
          static permission = 'granted';
          static requestPermission = async () => 'granted';
          onclick: (() => void) | null = null;
          constructor(title: string, { body, tag }: { body: string; tag: string }) {
            shown.push(`${title}: ${body} (${tag.replace(/\d+/, 'N')})`);
            Object.assign(window, { last: this });
          }
          close(): void {}
        }
        Object.assign(window, { Notification: Notice, shown });
      });
    };
    const seen = (target: Page, state: 'visible' | 'hidden') =>
      target.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    const shown = (): Promise<string[]> => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
    await prepare(page);
    await page.getByRole('button', { name: 'Turn on' }).click();
    await expect(page.getByText('Your browser tells you.')).toBeVisible();

    await bo.say(id, `@[Ada Admin](user:${ada.user.id}) first`);
    await expect(page).toHaveTitle(/^\(1\) /);
    await seen(page, 'hidden');
    await bo.say(id, `@[Ada Admin](user:${ada.user.id}) second`);
    await expect.poll(shown).toEqual([`Bo Ek mentioned you: #${id} Printer on fire\n@Ada Admin second (faff-N)`]);

    // Another page of the same browser is looked at.
    const other = await page.context().newPage();
    await other.goto(new URL('/tickets', page.url()).href);
    await expect(other).toHaveTitle(/^\(2\) /);
    await bo.say(id, `@[Ada Admin](user:${ada.user.id}) third`);
    await expect(page).toHaveTitle(/^\(3\) /);
    await expect(other).toHaveTitle(/^\(3\) /);
    await other.close();
    await bo.say(id, `@[Ada Admin](user:${ada.user.id}) fourth`);
    await expect.poll(async () => (await shown()).length).toBe(2);
    expect((await shown())[1]).toContain('fourth');

    // It leads to what it is about.
    await seen(page, 'visible');
    await page.evaluate(() => (window as unknown as { last: { onclick: () => void } }).last.onclick());
    await expect(page).toHaveURL(new RegExp(`/t/${id}#m-`));
    await expect(page.locator('article[data-message]').filter({ hasText: 'fourth' })).toBeInViewport();
  });
});
