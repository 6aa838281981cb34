import { expect, test } from './fixture';
import { Server, admin, password } from './server';

test.describe('the entrance', () => {
  test('1, 2 a wrong password, then a deep link that survives the sign-in', async ({ page, server, ada }) => {
    const id = await ada.ticket('Printer on fire');
    await page.goto(`${server.url}/t/${id}`);
    await expect(page).toHaveURL(/\/login\?next=/);
    await page.getByLabel('Email').fill(admin.email);
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'Email or password is wrong.' })).toBeVisible();
    await expect(page.getByLabel('Email')).toHaveValue(admin.email);
    await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/t/${id}$`));
    await expect(page.getByRole('heading', { level: 1, name: 'Printer on fire' })).toBeVisible();
    // The login is a cookie that scripts cannot read.
    expect(await page.evaluate(() => document.cookie + JSON.stringify(localStorage))).not.toMatch(/eyJ/);
  });

  test('3 a login that ends keeps the page and its draft', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(bo, `/t/${id}`);
    const field = page.getByRole('textbox', { name: 'Write a message' });
    await field.fill('half a thought');
    await page.getByRole('button', { name: 'Assignee' }).or(page.locator('[data-tip=Assignee]')).first().click();
    const choice = page.getByRole('option').first();
    await expect(choice).toBeVisible();
    await page.context().clearCookies();
    // Whatever the page asks for by itself may bring the dialog first, which nobody clicks through.
    await choice.dispatchEvent('click');
    await expect(page.getByRole('dialog', { name: 'Sign in' })).toBeVisible();
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(field).toHaveValue('half a thought');
  });

  test('4 signing out clears what this browser kept', async ({ open, ada }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(ada, `/t/${id}`);
    await page.getByRole('textbox', { name: 'Write a message' }).fill('a secret draft');
    await page.getByRole('button', { name: 'Account of Ada Admin' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/\/login/);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => !key.startsWith('faff.look')))).toEqual([]);
    expect((await page.context().cookies()).filter(({ value }) => value !== '')).toEqual([]);
  });

  test('5 the first administrator comes in by the printed link', async ({ page }) => {
    const server = await Server.start({ FAFF_ADMIN_EMAIL: '', FAFF_ADMIN_PASSWORD: '' });
    try {
      const token = /"token":"([^"]+)"/.exec(server.log)?.[1] ?? /token=(\S+)/.exec(server.log)?.[1] ?? '';
      expect(token).not.toBe('');
      await page.goto(`${server.url}/setup#token=${token}`);
      await page.getByLabel('Name').fill('Ada Admin');
      await page.getByLabel('Email').fill(admin.email);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Become administrator' }).click();
      await expect(page.getByText('No tickets yet.')).toBeVisible();
      await expect(page.getByRole('link', { name: 'Administration' })).toBeVisible();
    } finally {
      await server.stop();
    }
  });

  test('6 too many attempts are counted down', async ({ page }) => {
    const server = await Server.start({ RATE_LIMIT_LOGIN: '2/15m' });
    try {
      await page.goto(`${server.url}/login`);
      await page.getByLabel('Email').fill(admin.email);
      for (let tries = 0; tries < 3; tries += 1) {
        await page.getByLabel('Password', { exact: true }).fill(`wrong ${tries}`);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('alert').filter({ hasText: /wrong|Too many/ })).toBeVisible();
      }
      await expect(page.getByRole('alert').filter({ hasText: /Try again in \d+ second/ })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeDisabled();
    } finally {
      await server.stop();
    }
  });

  test('54 the chosen theme is there before the first paint', async ({ open, ada }) => {
    const page = await open(ada, '/tickets', { colorScheme: 'light' });
    await page.evaluate(() => localStorage.setItem('faff.look', JSON.stringify({ theme: 'dark' })));
    await page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => {
        if (document.body) seen.push(getComputedStyle(document.documentElement).colorScheme);
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    await expect(page.getByText('No tickets yet.')).toBeVisible();
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    expect(new Set(seen.filter((scheme) => scheme !== 'normal'))).toEqual(new Set(['dark']));
  });

  test('53 a journey on a phone', async ({ open, ada }) => {
    await ada.ticket('Printer on fire', { priority: 'urgent' });
    const page = await open(ada, '/tickets', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await page.getByRole('link', { name: 'Printer on fire' }).tap();
    await expect(page.getByRole('heading', { level: 1, name: 'Printer on fire' })).toBeVisible();
    await page.getByRole('textbox', { name: 'Write a message' }).fill('on my way');
    await page.getByRole('button', { name: 'Send' }).tap();
    await expect(page.locator('article[data-message]')).toHaveCount(1);
    await page.getByRole('link', { name: 'About', exact: true }).tap();
    await expect(page.getByText('People in this ticket')).toBeVisible();
    await page.goBack();
    await page.goBack();
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
