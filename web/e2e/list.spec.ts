import { expect, test } from './fixture';

test.describe('the list', () => {
  test('8 filters combine, stand in the address, survive reload and back', async ({ open, ada }) => {
    await ada.ticket('Open and urgent', { priority: 'urgent' });
    await ada.ticket('Open and low', { priority: 'low' });
    await ada.ticket('Closed and urgent', { priority: 'urgent', status: 'closed' });
    const page = await open(ada, '/tickets');
    const titles = page.locator('[role=row] a.title');
    await expect(titles).toHaveCount(3);
    const add = async (filter: string, value: string) => {
      await page.keyboard.press('f');
      await page.getByRole('option', { name: filter, exact: true }).click();
      await page.getByRole('option', { name: value, exact: true }).click();
      await page.keyboard.press('Escape');
    };
    await add('Status', 'Open');
    await expect(titles).toHaveCount(2);
    await add('Priority', 'Urgent');
    await expect(titles).toHaveText(['Open and urgent']);
    await expect(page).toHaveURL(/status=open&priority=urgent$/);
    await page.reload();
    await expect(titles).toHaveText(['Open and urgent']);
    await page.goBack();
    await expect(titles).toHaveCount(2);
    await page.getByRole('button', { name: 'Remove filter Status' }).click();
    await expect(titles).toHaveCount(3);
  });

  test('a ticket that is filed after the list was read, and before there is a socket, comes in all the same', async ({ open, ada }) => {
    const page = await open(ada, '/tickets');
    let connect = (): void => undefined;
    const connecting = new Promise<void>((resolve) => (connect = resolve));
    await page.routeWebSocket('**/socket.io/**', async (socket) => {
      await connecting;
      socket.connectToServer();
    });
    await page.reload();
    await expect(page.getByText('No tickets yet.')).toBeVisible();
    await ada.ticket('Printer on fire');
    connect();
    await expect(page.locator('[role=row] a.title')).toHaveText(['Printer on fire']);
  });

  test('9, 13, 14 search, nothing found, errors, groups', async ({ open, ada }) => {
    const page = await open(ada, '/tickets');
    await expect(page.getByText('No tickets yet.')).toBeVisible();
    const id = await ada.ticket('Printer on fire');
    await ada.ticket('Door stuck', { status: 'closed' });
    await ada.say(id, 'the toner melted');
    await expect(page.locator('[role=row] a.title')).toHaveCount(2);
    const search = page.getByRole('searchbox', { name: 'Search tickets' });
    await search.fill('toner');
    await search.press('Enter');
    await expect(page.locator('[role=row] a.title')).toHaveText(['Printer on fire']);
    await search.fill('xyzzy');
    await search.press('Enter');
    await expect(page.getByText('No ticket matches these filters.')).toBeVisible();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(page.locator('[role=row] a.title')).toHaveCount(2);
    await page.goto(`${new URL(page.url()).origin}/tickets?group=status`);
    await expect(page.locator('[role=row]')).toHaveText([/^Open/, /Printer on fire/, /^Closed/, /Door stuck/]);
    let down = true;
    await page.route(/\/api\/tasks\?/, (route) => (down ? route.fulfill({ status: 500, json: { error: 'x', message: 'Internal server error', status: 'error', code: 'internal', requestId: 'abc123', fields: [] } }) : route.fallback()));
    await page.reload();
    await expect(page.getByText('Request abc123')).toBeVisible();
    down = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.locator('[role=row] a.title')).toHaveCount(2);
  });

  test('11 the keyboard moves, selects, and changes many at once', async ({ open, ada, bo }) => {
    for (const title of ['One', 'Two', 'Three', 'Four']) await ada.ticket(title);
    const [here, there] = [await open(ada, '/tickets'), await open(bo, '/tickets')];
    await expect(here.locator('[role=row] a.title')).toHaveCount(4);
    await here.keyboard.press('j');
    await expect(here.getByRole('link', { name: 'Four' })).toBeFocused();
    await here.keyboard.press('x');
    await here.keyboard.press('Shift+ArrowDown');
    await expect(here.getByText('2 selected')).toBeVisible();
    await here.keyboard.press('s');
    await here.getByRole('option', { name: 'Resolved' }).click();
    await expect(there.locator('[role=row]').filter({ hasText: 'Four' })).toContainText('Resolved');
    await expect(there.locator('[role=row]').filter({ hasText: 'Three' })).toContainText('Resolved');
    await here.getByRole('button', { name: 'Undo' }).click();
    await expect(there.locator('[role=row]').filter({ hasText: 'Four' })).toContainText('Open');
    await here.keyboard.press('Escape');
    await here.keyboard.press('Home');
    await here.keyboard.press('o');
    await expect(here).toHaveURL(/\/t\/\d+$/);
  });

  test('12 rows change in place; new ones wait above the view', async ({ open, ada }) => {
    for (let at = 1; at <= 60; at += 1) await ada.ticket(`Ticket ${at}`);
    const page = await open(ada, '/tickets?status=open');
    await expect(page.getByRole('link', { name: 'Ticket 60', exact: true })).toBeVisible();
    await ada.ticket('At the top');
    await expect(page.getByRole('link', { name: 'At the top' })).toBeVisible();
    await page.getByRole('grid').locator('..').evaluate((element) => element.scrollTo({ top: 600 }));
    await page.waitForTimeout(200);
    await ada.ticket('Further up');
    await expect(page.getByRole('button', { name: '1 new' })).toBeVisible();
    await page.getByRole('button', { name: '1 new' }).click();
    await expect(page.getByRole('link', { name: 'Further up' })).toBeVisible();
    const { tasks } = await ada.call<{ tasks: { id: number }[] }>('GET', '/api/tasks?limit=1');
    await ada.call('PUT', `/api/tasks/${tasks[0]?.id ?? 0}`, { status: 'closed' });
    await expect(page.locator('.row.dimmed').filter({ hasText: 'Further up' })).toBeVisible();
  });
});
