import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { composer, expect, test } from './fixture';
import { password } from './server';

const person = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
async function choose(page: Page, name: string, item: string): Promise<void> {
  await person(page, name).getByRole('button', { name: `Change ${name}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}
const row = (page: Page, text: string | RegExp) => page.getByRole('grid', { name: 'Audit log' }).getByRole('row').filter({ hasText: text });
const details = (page: Page) => page.getByRole('complementary', { name: 'Details' });

test.describe('administration', () => {
  test('45 a new person comes in, gets another role at once, and is out at once', async ({ open, ada, server, browser, expected }) => {
    expected.push(/./);
    const page = await open(ada, '/admin/users');
    await expect(person(page, 'Ada Admin')).toContainText('Administrator');

    // Where registration is open, who is new makes their own account.
    const context = await browser.newContext();
    const theirs = await context.newPage();
    await theirs.goto(`${server.url}/register`);
    await theirs.getByLabel('Name').fill('Di Moe');
    await theirs.getByLabel('Email').fill('di@faff.example');
    await theirs.getByLabel('Password', { exact: true }).fill(password);
    await theirs.getByRole('button', { name: 'Create an account' }).click();
    await expect(theirs.getByText('No tickets yet.')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search names and addresses' }).fill('Di');
    await expect(person(page, 'Di Moe')).toContainText('Member');
    await expect(person(page, 'Ada Admin')).toHaveCount(0);

    // A role is taken from the account, not from the login; the old logins end.
    await expect(theirs.getByRole('link', { name: 'Administration' })).toHaveCount(0);
    await choose(page, 'Di Moe', 'Make administrator');
    await page.getByRole('dialog').getByRole('button', { name: 'Make administrator' }).click();
    await expect(person(page, 'Di Moe')).toContainText('Administrator');
    const again = theirs.getByRole('dialog', { name: 'Sign in' });
    await expect(again).toBeVisible();
    await again.getByLabel('Password', { exact: true }).fill(password);
    await theirs.keyboard.press('Enter');
    await expect(again).toBeHidden();
    await expect(theirs.getByRole('link', { name: 'Administration' })).toBeVisible();
    await theirs.getByRole('link', { name: 'Administration' }).click();
    await expect(person(theirs, 'Di Moe')).toBeVisible();

    // Out: what they have open is closed, and the password opens nothing.
    const id = await ada.ticket('Printer on fire');
    const { users } = await ada.call<{ users: { id: number; name: string }[] }>('GET', '/api/auth/users');
    await ada.call('PUT', `/api/tasks/${id}`, { assignedToId: users.find(({ name }) => name === 'Di Moe')?.id ?? 0 });
    await choose(page, 'Di Moe', 'Deactivate');
    const dialog = page.getByRole('dialog', { name: 'Deactivate Di Moe?' });
    await expect(dialog).toContainText('1 open ticket stays assigned to them.');
    await dialog.getByRole('button', { name: 'Deactivate' }).click();
    await expect(person(page, 'Di Moe')).toContainText('Deactivated');
    await expect(again).toBeVisible();
    await again.getByLabel('Password', { exact: true }).fill(password);
    await theirs.keyboard.press('Enter');
    await expect(again.getByRole('alert')).toBeVisible();
    await expect(again).toBeVisible();

    // And in again.
    await choose(page, 'Di Moe', 'Let in again');
    await page.getByRole('dialog').getByRole('button', { name: 'Let in again' }).click();
    await expect(person(page, 'Di Moe')).not.toContainText('Deactivated');
    await again.getByLabel('Password', { exact: true }).fill(password);
    await theirs.keyboard.press('Enter');
    await expect(again).toBeHidden();
    await context.close();
  });

  test('46 the last administrator stays one', async ({ open, ada, bo }) => {
    const page = await open(ada, '/admin/users');
    await expect(person(page, bo.user.name)).toBeVisible();
    for (const [item, label] of [['Make member', 'Make member'], ['Deactivate', 'Deactivate']] as const) {
      await choose(page, 'Ada Admin', item);
      const dialog = page.getByRole('dialog');
      await expect(dialog).toContainText('This is your own account: you will be signed out.');
      await dialog.getByRole('button', { name: label }).click();
      await expect(dialog.getByRole('alert')).toHaveText('This is the last administrator. Make another one first.');
      await expect(dialog.getByRole('button', { name: label })).toBeDisabled();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await expect(dialog).toBeHidden();
    }
    await expect(person(page, 'Ada Admin')).toContainText('Administrator');
    // With another one, it works; and who gives it away is a member from then on.
    await ada.call('PUT', `/api/users/${bo.user.id}`, { role: 'admin' });
    await choose(page, 'Ada Admin', 'Make member');
    await page.getByRole('dialog').getByRole('button', { name: 'Make member' }).click();
    const again = page.getByRole('dialog', { name: 'Sign in' });
    await expect(again).toBeVisible();
    await again.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await expect(page.getByText('Only administrators may see this.')).toBeVisible();
  });

  // Roles are fixed: there is no matrix to edit.
  test('47 each role sees what it may do, and the server allows no more', async ({ open, ada, bo, cy }) => {
    const secret = await cy.ticket('Secret of Cy', { visibility: 'private' });
    const team = await cy.ticket('Printer on fire');
    const said = await cy.say(team, 'It burns');
    const status = async (who: typeof bo, method: string, path: string, body?: unknown): Promise<number> =>
      who.call(method, path, body).then(
        () => 200,
        (error: unknown) => Number(/: (\d{3}) /.exec(String(error))?.[1] ?? 0),
      );

    const member = await open(bo, '/tickets');
    await expect(member.getByRole('link', { name: 'Printer on fire' })).toBeVisible();
    await expect(member.getByRole('link', { name: 'Secret of Cy' })).toHaveCount(0);
    await expect(member.getByRole('link', { name: 'Administration' })).toHaveCount(0);
    await member.getByRole('link', { name: 'Printer on fire' }).click();
    await expect(composer(member)).toBeVisible();
    const menuOf = async (page: Page) => {
      await page.locator('article[data-message]').hover();
      await page.getByRole('button', { name: 'More actions' }).click();
      const items = await page.getByRole('menuitem').allInnerTexts();
      await page.keyboard.press('Escape');
      return items.map((item) => item.split('\n')[0]?.trim());
    };
    expect(await menuOf(member)).not.toContain('Delete');
    await member.getByRole('button', { name: 'More about this ticket' }).click();
    await expect(member.getByRole('menuitem', { name: /Copy link/ })).toBeVisible();
    await expect(member.getByRole('menuitem', { name: 'Delete ticket' })).toHaveCount(0);
    await member.keyboard.press('Escape');
    for (const path of ['/admin/users', '/admin/audit', '/admin/system']) {
      await member.goto(new URL(path, member.url()).href);
      await expect(member.getByText('Only administrators may see this.')).toBeVisible();
    }
    expect(await status(bo, 'GET', `/api/tasks/${secret}`)).toBe(404);
    expect(await status(bo, 'DELETE', `/api/tasks/${team}`)).toBe(403);
    expect(await status(bo, 'DELETE', `/api/messages/${said}`)).toBe(403);
    expect(await status(bo, 'PUT', `/api/messages/${said}`, { content: 'no' })).toBe(403);
    expect(await status(bo, 'PUT', `/api/users/${bo.user.id}`, { role: 'admin' })).toBe(403);
    expect(await status(bo, 'GET', '/api/users')).toBe(403);
    expect(await status(bo, 'GET', '/api/audit')).toBe(403);
    expect(await status(bo, 'PUT', `/api/tasks/${team}`, { priority: 'urgent' })).toBe(200);

    const admin = await open(ada, '/tickets');
    await expect(admin.getByRole('link', { name: 'Secret of Cy' })).toBeVisible();
    await expect(admin.getByRole('link', { name: 'Administration' })).toBeVisible();
    await admin.getByRole('link', { name: 'Printer on fire' }).click();
    await expect(composer(admin)).toBeVisible();
    expect(await menuOf(admin)).toContain('Delete');
    await admin.getByRole('button', { name: 'More about this ticket' }).click();
    await expect(admin.getByRole('menuitem', { name: 'Delete ticket' })).toBeVisible();
    expect(await status(ada, 'PUT', `/api/messages/${said}`, { content: 'no' })).toBe(403);
    expect(await status(ada, 'DELETE', `/api/messages/${said}`)).toBe(200);
    expect(await status(ada, 'GET', '/api/users')).toBe(200);
    expect(await status(ada, 'GET', '/api/audit')).toBe(200);
  });

  test('48 the audit log is filtered, shows what changed, and is exported', async ({ open, ada, bo }) => {
    const id = await bo.ticket('=1+1');
    await bo.call('PUT', `/api/tasks/${id}`, { status: 'in_progress', priority: 'urgent', title: 'Printer on fire' });
    await ada.call('PUT', `/api/users/${bo.user.id}`, { role: 'admin' });
    const page = await open(ada, '/admin/audit');
    await expect(row(page, 'Ticket changed')).toHaveCount(1);
    await expect(row(page, 'Account changed').first()).toBeVisible();

    // By who, by what; it stands in the address.
    await page.getByRole('button', { name: /What happened/ }).click();
    await page.getByRole('option', { name: 'Ticket changed' }).click();
    await expect(page).toHaveURL(/\?kind=task_changed$/);
    await expect(page.getByRole('grid', { name: 'Audit log' }).getByRole('row')).toHaveText([/Bo Ek.*Ticket changed/s]);
    await page.reload();
    await row(page, 'Ticket changed').getByRole('button').click();
    const cells = details(page).locator('table.diff tbody tr');
    await expect(cells.filter({ hasText: 'status' })).toHaveText(/status\s*open\s*in_progress/);
    await expect(cells.filter({ hasText: 'priority' })).toHaveText(/priority\s*medium\s*urgent/);
    // The log holds no words of people.
    await expect(cells.filter({ hasText: 'title' })).toContainText('words are not kept');
    await expect(details(page)).not.toContainText('Printer on fire');

    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('textbox', { name: 'Ticket number' }).fill(`#${id}`);
    await page.getByRole('textbox', { name: 'Ticket number' }).press('Enter');
    await expect(page).toHaveURL(new RegExp(`\\?task=${id}$`));
    await expect(page.getByRole('grid', { name: 'Audit log' }).getByRole('row')).toHaveCount(2);

    // What is shown is what is exported, in both forms.
    const save = async (form: string): Promise<string> => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: form }).click()]);
      expect(file.suggestedFilename()).toMatch(new RegExp(`^faff-audit-.*\\.${form.slice(3).toLowerCase()}$`));
      return readFile(await file.path(), 'utf8');
    };
    const lines = (await save('As CSV')).trimEnd().split('\r\n');
    expect(lines[0]).toBe('id,at,actorId,actor,kind,taskId,userId,seq,data');
    expect(lines.slice(1).map((line) => line.split(',')[4])).toEqual(['task_changed', 'task_created']);
    expect(lines[1]).toContain('bo@faff.example');
    const events = JSON.parse(await save('As JSON')) as { kind: string; taskId: number }[];
    expect(events.map(({ kind, taskId }) => [kind, taskId])).toEqual([['task_changed', id], ['task_created', id]]);
    // No entry can be changed: there is no way to.
    expect((await page.request.delete(new URL('/api/audit', page.url()).href, { headers: { 'X-Faff-CSRF': '1', Origin: new URL(page.url()).origin } })).status()).toBe(405);
  });
});

test.describe('where accounts are made by invitation', () => {
  test.use({ environment: { REGISTRATION: 'invite' } });

  test('45 who is invited comes in by the link, once, and nobody else does', async ({ open, ada, server, browser }) => {
    const page = await open(ada, '/admin/users');

    // Nobody comes in by themselves.
    const context = await browser.newContext();
    const theirs = await context.newPage();
    await theirs.goto(`${server.url}/register`);
    await expect(theirs.getByText('Accounts are made by invitation here.')).toBeVisible();
    await expect(theirs.getByRole('textbox')).toHaveCount(0);

    // By the keyboard alone.
    await page.getByRole('button', { name: 'Invite…' }).press('Enter');
    const invite = page.getByRole('dialog', { name: 'Invite somebody' });
    const address = invite.getByRole('textbox', { name: 'Email' });
    await expect(address).toBeFocused();
    await page.keyboard.type('ada@faff.example');
    await page.keyboard.press('Enter');
    await expect(invite.getByRole('alert')).toHaveText('There is an account with this e-mail address already');
    await expect(address).toBeFocused();
    await address.fill('Di@faff.example');
    await page.keyboard.press('Enter');
    const field = invite.getByRole('textbox', { name: 'Link for di@faff.example' });
    await expect(field).toBeFocused();
    await expect(field).toHaveAccessibleDescription(/nothing was sent.*It is good once, until /);
    const link = await field.inputValue();
    expect(link).toMatch(new RegExp(`^${server.url}/register#email=di%40faff\\.example&invitation=[\\w-]{64}$`));
    await invite.getByRole('button', { name: 'Copy link' }).press('Enter');
    await expect(invite.getByRole('status')).toHaveText(/Link copied|The link is selected. Copy it now./);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Invite…' })).toBeFocused();

    // Into the page that is open, where only what is behind the sign is another.
    await theirs.goto(link);
    await expect(theirs.getByText('You were invited as di@faff.example.')).toBeVisible();
    await expect(theirs.getByLabel('Email')).toHaveValue('di@faff.example');
    await expect(theirs.getByLabel('Email')).not.toBeEditable();
    await theirs.getByLabel('Name').fill('Di Moe');
    await theirs.getByLabel('Password', { exact: true }).fill(password);
    await theirs.getByRole('button', { name: 'Create an account' }).click();
    await expect(theirs.getByText('No tickets yet.')).toBeVisible();
    expect(theirs.url()).not.toContain('invitation');

    // Once.
    const another = await (await browser.newContext()).newPage();
    await another.goto(link);
    await another.getByLabel('Name').fill('Di Moe');
    await another.getByLabel('Password', { exact: true }).fill(password);
    await another.keyboard.press('Enter');
    await expect(another.getByRole('alert')).toHaveText('There is an account with this e-mail address already');
    await another.context().close();
    await context.close();
  });
});
