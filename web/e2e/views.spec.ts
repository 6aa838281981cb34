import { expect, test } from './fixture';

const titles = (page: import('@playwright/test').Page) => page.locator('[role=row] a.title');

test.describe('saved views', () => {
  test('10 are made, shared, changed and deleted, and others see it at once', async ({ open, ada, bo }) => {
    await ada.ticket('Printer on fire', { priority: 'urgent' });
    await ada.ticket('Door stuck', { priority: 'low' });
    await ada.ticket('Lights out', { priority: 'urgent', status: 'closed' });
    const [here, there] = [await open(ada, '/tickets?priority=urgent'), await open(bo, '/tickets')];
    await expect(titles(here)).toHaveText(['Lights out', 'Printer on fire']);
    const others = there.getByRole('navigation', { name: 'Main' });

    // One's own first: nobody else sees it.
    await here.getByRole('button', { name: 'Save view' }).click();
    const dialog = here.getByRole('dialog', { name: 'Save view' });
    await dialog.getByLabel('Name').fill('Burning');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(here).toHaveURL(/\/views\/\d+$/);
    await expect(here.getByRole('heading', { level: 1 })).toHaveText('Burning');
    await expect(here.getByRole('button', { name: 'Save view' })).toBeHidden();
    await expect(titles(here)).toHaveText(['Lights out', 'Printer on fire']);
    await expect(others).toBeVisible();
    expect((await bo.call<{ views: unknown[] }>('GET', '/api/views')).views).toEqual([]);

    // Shared, it comes into the others' sidebars; they may look and not touch.
    const menu = async (item: string) => {
      await here.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Burning|On fire/ }).hover();
      await here.getByRole('button', { name: /^View (Burning|On fire)$/ }).click();
      await here.getByRole('menuitem', { name: item }).click();
    };
    await menu('Name and sharing');
    const change = here.getByRole('dialog', { name: 'Change view' });
    await change.getByLabel('Name').fill('On fire');
    await change.getByRole('switch', { name: 'Everybody sees it' }).click();
    await change.getByRole('button', { name: 'Save' }).click();
    await expect(here.getByRole('heading', { level: 1 })).toHaveText('On fire');
    await others.getByRole('link', { name: 'On fire' }).click();
    await expect(titles(there)).toHaveText(['Lights out', 'Printer on fire']);
    await expect(there.getByRole('button', { name: 'View On fire' })).toHaveCount(0);

    // Changed in the address first, then for everybody.
    await here.keyboard.press('f');
    await here.getByRole('option', { name: 'Status', exact: true }).click();
    await here.getByRole('option', { name: 'Open', exact: true }).click();
    await here.keyboard.press('Escape');
    await expect(titles(here)).toHaveText(['Printer on fire']);
    await expect(here).toHaveURL(/\/views\/\d+\?/);
    await expect(titles(there)).toHaveCount(2);
    await here.getByRole('button', { name: 'Save changes' }).click();
    await expect(here).toHaveURL(/\/views\/\d+$/);
    await expect(titles(there)).toHaveText(['Printer on fire']);

    // Deleted, and back by undo.
    await menu('Delete');
    await expect(here).toHaveURL(/\/tickets$/);
    await expect(there.getByText('This view does not exist any more, or not for you.')).toBeVisible();
    await expect(others.getByRole('link', { name: 'On fire' })).toHaveCount(0);
    await here.getByRole('button', { name: 'Undo' }).click();
    await expect(others.getByRole('link', { name: 'On fire' })).toBeVisible();
  });
});
