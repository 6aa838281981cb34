import type { Locator } from '@playwright/test';
import { type CommandId, commands, show } from '../src/lib/commands';
import { composer, expect, messages, test } from './fixture';
import { plain as words } from './screens';
import { admin, password } from './server';

/** Those that make no sense while one types a command: they move the focus, or are the palette itself. */
const moves: readonly CommandId[] = [
  'palette', 'escape', 'undo', 'nextPane', 'previousPane', 'listDown', 'listUp', 'listFirst', 'listLast', 'listPageDown', 'listPageUp', 'listExtendDown', 'listExtendUp',
  'messageNext', 'messagePrevious', 'reviewsNext', 'reviewsPrevious', 'inboxDown', 'inboxUp',
];

/** What a command does, as one sees it. */
type Effect = () => Promise<unknown>;

test.describe('commands', () => {
  test('49 the palette runs every command', async ({ open, ada, bo }) => {
    test.setTimeout(300_000);
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC', 'base64');
    const [first, second] = [await bo.ticket('Printer on fire'), await bo.ticket('Door stuck')];
    const asked = await bo.say(second, `@[${ada.user.name}](user:${ada.user.id}), can you look?`);
    await bo.say(second, 'It is the lock');
    const mine = await ada.say(second, 'I will', { attachments: [{ id: await ada.upload(second, 'door.png', png) }] });
    for (const message of [asked, await bo.say(second, 'Thank you')]) await ada.call('POST', '/api/qa', { messageId: message });
    const page = await open(ada, '/tickets');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const ran = new Set<CommandId>();
    const origin = new URL(page.url()).origin;

    const run = async (id: CommandId, seen: Effect, value?: string): Promise<void> => {
      await test.step(id, async () => {
        await page.keyboard.press('Control+k');
        const field = page.getByRole('dialog', { name: words('command.palette') }).getByRole('combobox');
        await field.fill(`>${words(`command.${id}`)}`);
        const option = page.locator(`[role=option][data-command=${id}]`);
        await expect(option).toBeVisible();
        for (let tries = 0; (await option.getAttribute('aria-selected')) !== 'true'; tries += 1) {
          expect(tries).toBeLessThan(20);
          await page.keyboard.press('ArrowDown');
        }
        await page.keyboard.press('Enter');
        if (value !== undefined) {
          await expect(page.getByRole('button', { name: words('palette.back') })).toBeVisible();
          await page.keyboard.type(value);
          await page.keyboard.press('Enter');
        }
        await expect(page.getByRole('dialog', { name: words('command.palette') })).toBeHidden();
        await seen();
        ran.add(id);
      });
    };
    const at = (path: RegExp) => async (): Promise<void> => expect(page).toHaveURL(path);
    const ticket = async (id: number) => (await ada.call<{ task: { status: string; priority: string; assignedToId: number | null } }>('GET', `/api/tasks/${id}`)).task;
    const becomes = (id: number, part: 'status' | 'priority' | 'assignedToId', value: unknown): Effect => () => expect.poll(async () => (await ticket(id))[part]).toBe(value);
    const toast = (text: string | RegExp): Effect => () => expect(page.getByRole('region', { name: words('toast.region') }).getByText(text).last()).toBeVisible();
    const clipboard = (text: string): Effect => () => expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    /** It is there, and goes with Escape. */
    const shown = (what: Locator): Effect => async () => {
      await expect(what).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(what).toBeHidden();
    };
    const dialog = (name: string): Locator => page.getByRole('dialog', { name });
    const choices = (name: string): Locator => page.getByRole('listbox', { name, exact: true });
    const navigation = page.getByRole('navigation', { name: words('nav.label') });
    const go = async (path: string): Promise<void> => {
      await page.goto(origin + path);
    };

    // Anywhere.
    await expect(page.locator('[role=row] a.title')).toHaveCount(2);
    await run('shortcuts', shown(dialog(words('nav.shortcuts'))));
    await run('newTicket', shown(dialog(words('nav.new'))));
    await run('sidebar', () => expect(navigation).toBeHidden());
    await page.keyboard.press('[');
    await expect(navigation).toBeVisible();
    await run('themeToggle', () => expect(page.locator('html')).toHaveAttribute('data-theme', /./));
    for (const [id, path] of [['search', /\/search$/], ['goInbox', /\/inbox$/], ['goMine', /assignee=me/], ['goReviews', /\/reviews/], ['goAdmin', /\/admin/], ['goSettings', /\/settings/], ['goTickets', /\/tickets$/]] as const) await run(id, at(path));

    // In the list.
    const rows = page.locator('[role=row]');
    await expect(rows).toHaveCount(2);
    await page.keyboard.press('Home');
    await expect(page.getByRole('link', { name: 'Door stuck' })).toBeFocused();
    await run('listSelect', () => expect(page.getByText('1 selected')).toBeVisible());
    await run('listStatus', becomes(second, 'status', 'in_progress'), 'In progress');
    await run('listPriority', becomes(second, 'priority', 'urgent'), 'Urgent');
    await run('listAssign', becomes(second, 'assignedToId', bo.user.id), 'Bo');
    await run('listAssignMe', becomes(second, 'assignedToId', ada.user.id));
    await run('listSelectAll', () => expect(page.getByText('2 selected')).toBeVisible());
const unread = async (): Promise<number> => (await ada.call<{ reading: { unreadCount: number } }>('GET', `/api/tasks/${second}/read`)).reading.unreadCount;
    const waiting = await unread();
    await run('listToggleRead', () => expect.poll(unread).not.toBe(waiting));
    await page.keyboard.press('Escape');
    await run('listFilter', shown(choices(words('list.addFilter'))));
    await run('listDisplay', shown(choices(words('list.display'))));
    await go('/tickets?status=in_progress');
    await expect(rows).toHaveCount(1);
    await run('listClearFilters', at(/\/tickets$/));
    await expect(rows).toHaveCount(2);
    await page.keyboard.press('Home');
    await run('listOpen', at(new RegExp(`/t/${second}$`)));

    // In a ticket.
    await expect(messages(page)).toHaveCount(4);
    await run('ticketReply', () => expect(composer(page)).toBeFocused());
    await page.keyboard.press('Escape');
    await run('ticketStatus', becomes(second, 'status', 'open'), 'Open');
    await run('ticketPriority', becomes(second, 'priority', 'low'), 'Low');
    await run('ticketAssign', becomes(second, 'assignedToId', null), 'Nobody');
    await run('ticketAssignMe', becomes(second, 'assignedToId', ada.user.id));
    await run('ticketCopyId', clipboard(`#${second}`));
    await run('ticketCopyLink', clipboard(`${origin}/t/${second}`));
    await run('ticketEdit', () => expect(page.getByRole('textbox', { name: words('ticket.title') })).toBeFocused());
    await page.getByRole('button', { name: words('app.cancel') }).click();
    const panel = page.getByRole('complementary', { name: words('ticket.about') });
    await run('panel', () => expect(panel).toBeVisible());
    await page.keyboard.press('Control+.');
    await expect(panel).toBeHidden();
    await run('ticketSummary', at(/\/summary$/));
    await page.keyboard.press('Shift+S');
    await expect(page).toHaveURL(new RegExp(`/t/${second}$`));

    // On a message.
    await page.locator(`#m-${mine}`).focus();
    await run('messageImage', shown(dialog('door.png')));
    await page.locator(`#m-${mine}`).focus();
    await run('messageEdit', () => expect(page.getByRole('textbox', { name: words('message.edit') })).toBeFocused());
    await page.keyboard.press('Escape');
    await page.locator(`#m-${asked}`).focus();
    await run('messageQuote', () => expect(composer(page)).toHaveValue(/^> .*can you look/));
    await composer(page).fill('');
    await page.locator(`#m-${asked}`).focus();
    await run('messageThread', at(new RegExp(`/thread/${asked}$`)));
    await page.goBack();
    await page.locator(`#m-${asked}`).focus();
    await run('messageUnread', toast(words('message.isUnread')));
    await run('ticketNextUnread', at(new RegExp(`#m-${asked}$`)));
    await run('ticketMarkRead', () => expect.poll(unread).toBe(0));

    // While writing.
    for (const [id, text] of [['composerBold', '**word**'], ['composerItalic', '*word*'], ['composerCode', '`word`'], ['composerLink', /^\[word\]\(.*\)$/]] as const) {
      await composer(page).fill('word');
      await composer(page).press('Control+a');
      await run(id, () => expect(composer(page)).toHaveValue(text));
    }
    await composer(page).fill('On my way');
    const chosen = page.waitForEvent('filechooser');
    await run('composerAttach', async () => (await chosen).setFiles({ name: 'key.txt', mimeType: 'text/plain', buffer: Buffer.from('key') }));
    await expect(page.getByRole('button', { name: words('file.remove', { name: 'key.txt' }) })).toBeVisible();
    await composer(page).focus();
    await run('composerSend', () => expect(page.locator('article[data-message]').filter({ hasText: 'On my way' })).toHaveCount(1));
    await page.keyboard.press('Escape');

    // Between tickets: the newest is at the top of the list.
    await go('/tickets?sort=createdAt');
    await expect(rows).toHaveCount(2);
    await page.keyboard.press('Home');
    await page.keyboard.press('o');
    await expect(page).toHaveURL(new RegExp(`/t/${first}$`));
    await run('ticketNext', at(new RegExp(`/t/${second}$`)));
    await run('ticketPrevious', at(new RegExp(`/t/${first}$`)));

    // In reviews, and in the inbox.
    const reviews = async (status: string) => (await ada.call<{ reviews: unknown[] }>('GET', `/api/qa?status=${status}`)).reviews.length;
    await go('/reviews');
    await expect(page.getByRole('textbox', { name: words('review.feedback') })).toBeVisible();
    await run('reviewsApprove', toast(words('review.approvedToast', { id: second })));
    await page.getByRole('textbox', { name: words('review.feedback') }).fill('Say when');
    await page.keyboard.press('Escape');
    await run('reviewsReject', toast(words('review.rejectedToast', { id: second })));
    await expect.poll(async () => [await reviews('approved'), await reviews('rejected')], { timeout: 20_000 }).toEqual([1, 1]);
    await go('/inbox?show=all');
    const entries = page.locator('[data-entry]');
    const all = await entries.count().then(async () => {
      await expect(entries.first()).toBeVisible();
      return entries.count();
    });
    await page.keyboard.press('j');
    await run('inboxDone', () => expect(entries).toHaveCount(all - 1));
    await run('inboxAllRead', () => expect.poll(async () => (await ada.call<{ unreadCount: number }>('GET', '/api/inbox')).unreadCount).toBe(0));

    await run('signOut', at(/\/login/));
    expect([...ran, ...moves].sort()).toEqual(commands.map(({ id }) => id).sort());
  });

  test('50 the shortcut sheet tells every key there is', async ({ open, ada }) => {
    const page = await open(ada, '/tickets');
    await expect(page.getByText('No tickets yet.')).toBeVisible();
    const sheet = page.getByRole('dialog', { name: words('nav.shortcuts') });
    const told = (): Promise<string[][]> =>
      sheet.locator('[data-command]').evaluateAll((rows) =>
        rows.map((row) => [
          row.closest('section')?.querySelector('h3')?.textContent ?? '', row.getAttribute('data-command') ?? '', row.querySelector('dt')?.textContent ?? '',
          [...row.querySelectorAll('dd .keys')].map((keys) => [...keys.querySelectorAll('kbd')].map((key) => key.textContent).join(' ')).join(' / '),
        ]),
      );
    const table = commands.filter(({ keys }) => keys.length > 0).map(({ id, where, title, keys }) => [words(`where.${where}`), id, words(title), keys.map((one) => show(one, false).join(' ')).join(' / ')]);
    const sorted = (rows: string[][]): string[] => rows.map((row) => row.join(' · ')).sort();
    for (const way of ['?', 'settings']) {
      if (way === '?') await page.keyboard.press('?');
      else {
        await page.goto(`${new URL(page.url()).origin}/settings/shortcuts`);
        await page.getByRole('button', { name: words('settings.allShortcuts') }).click();
      }
      await expect(sheet).toBeVisible();
      expect(sorted(await told()), way).toEqual(sorted(table));
    }
  });

  test('52 everything from the sign-in to a solved ticket goes by the keyboard', async ({ browser, server, open, bo, ada }) => {
    test.setTimeout(180_000);
    const there = await open(bo, '/tickets');
    await expect(there.getByText('No tickets yet.')).toBeVisible();
    const context = await browser.newContext();
    const page = await context.newPage();
    const { keyboard } = page;
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
    /** What has the focus shows it. */
    const ring = (): Promise<boolean> => page.evaluate(() => {
      const element = document.activeElement;
      if (element === null) return false;
      const shows = (style: CSSStyleDeclaration): boolean => (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
      return [element, element.parentElement ?? element].some((one) => shows(getComputedStyle(one))) || shows(getComputedStyle(element, '::after'));
    });
    await page.goto(`${server.url}/tickets`);
    await expect(page.getByLabel('Email')).toBeFocused();
    await keyboard.type(admin.email);
    await keyboard.press('Tab');
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
    await keyboard.type(password);
    await keyboard.press('Enter');
    await expect(page.getByText('No tickets yet.')).toBeVisible();

    await keyboard.press('c');
    await expect(page.getByRole('textbox', { name: 'Title' })).toBeFocused();
    await keyboard.type('Printer on fire');
    await keyboard.press('Tab');
    await keyboard.type('Since **nine**');
    await keyboard.press('Control+Enter');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(page.locator('[role=row] a.title')).toHaveText(['Printer on fire']);

    // Past the sidebar, by the first of all links.
    await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined));
    await page.locator('body').evaluate((body) => body.focus());
    await page.reload();
    await expect(page.locator('[role=row] a.title')).toHaveCount(1);
    await keyboard.press('Tab');
    expect(await focused()).toBe('Skip to list');
    await expect(page.getByRole('link', { name: 'Skip to list' })).toBeInViewport();
    await keyboard.press('Enter');
    await keyboard.press('j');
    await expect(page.getByRole('link', { name: 'Printer on fire' })).toBeFocused();
    expect(await ring()).toBe(true);
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Printer on fire' })).toBeVisible();

    await keyboard.press('r');
    await expect(composer(page)).toBeFocused();
    await keyboard.type('I bring water');
    await keyboard.press('Enter');
    await expect(page.locator('article[data-message]')).toHaveText([/I bring water/]);
    await there.getByRole('link', { name: 'Printer on fire' }).click();
    await expect(messages(there)).toHaveText([/I bring water/]);

    // From the field to the message, and an answer in its thread.
    await keyboard.press('Shift+Tab');
    for (let steps = 0; !(await page.evaluate(() => document.activeElement?.matches('article[data-message]') ?? false)); steps += 1) {
      expect(steps).toBeLessThan(20);
      await keyboard.press('Shift+Tab');
    }
    await keyboard.press('t');
    await expect(page).toHaveURL(/\/thread\//);
    await expect(page.getByRole('textbox', { name: 'Reply in the thread' })).toBeFocused();
    await keyboard.type('And foam');
    await keyboard.press('Enter');
    await expect(page.getByRole('complementary', { name: 'Thread' }).getByText('And foam')).toBeVisible();
    await keyboard.press('Escape');
    await keyboard.press('Escape');
    await expect(page).toHaveURL(/\/t\/\d+$/);

    await keyboard.press('s');
    await expect(page.getByRole('listbox', { name: 'Status' })).toBeFocused();
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect(page.locator('[data-tip=Status]')).toHaveText('Resolved');
    await expect(there.locator('[data-tip=Status]')).toHaveText('Resolved');
    expect((await ada.call<{ tasks: { status: string }[] }>('GET', '/api/tasks')).tasks.map(({ status }) => status)).toEqual(['resolved']);
    await context.close();
  });
});
