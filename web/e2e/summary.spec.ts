import type { Page } from '@playwright/test';
import { expect, test } from './fixture';
import { Model } from './model';
import { Server } from './server';

const made = (page: Page) => page.getByRole('region', { name: 'Made by a machine' });
const update = (page: Page) => made(page).getByRole('button', { name: 'Update' });

test.describe('a summary by a language model', () => {
  // The server of these tests asks a model.
  const test41 = test.extend<{ model: Model }>({
    model: async ({}, use) => {
      const model = await Model.start();
      await use(model);
      await model.stop();
    },
    server: async ({ model }, use) => {
      const server = await Server.start(model.settings);
      await use(server);
      await server.stop();
    },
  });

  test41('41 is made, goes stale, is made anew; a failure keeps the one there was', async ({ open, model, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    await bo.say(id, 'It burns on floor two');
    const [here, there] = [await open(ada, `/t/${id}/summary`), await open(bo, `/t/${id}/summary`)];
    const go = model.hold();
    await here.getByRole('button', { name: 'Summarise' }).click();
    // Both see that it is being made.
    await expect(here.getByRole('status').filter({ hasText: 'Reading the conversation…' })).toBeVisible();
    await expect(there.getByRole('status').filter({ hasText: 'Reading the conversation…' })).toBeVisible();
    go();
    for (const page of [here, there]) {
      await expect(made(page)).toContainText('Made by AI: a-model');
      await expect(made(page)).toContainText('Printer on fire, lastly: It burns on floor two');
      await expect(made(page)).toContainText('up to date');
      await expect(made(page).getByRole('heading')).toHaveText(['Issue', 'Investigation', 'Next steps', 'Key points', 'People and systems']);
    }
    await expect(update(here)).toBeDisabled();
    // What is said leads to where it was said.
    await made(here).getByRole('link', { name: 'Source 1' }).first().click();
    await expect(here.locator('article[data-message]').filter({ hasText: 'floor two' })).toBeFocused();

    await bo.say(id, 'The fan is broken');
    await expect(made(here)).toContainText('1 message since');
    await bo.say(id, 'A new one is ordered');
    await expect(made(here)).toContainText('2 messages since');
    await expect(made(here)).toContainText('lastly: It burns on floor two');
    await update(here).click();
    for (const page of [here, there]) await expect(made(page)).toContainText('lastly: A new one is ordered');
    await expect(made(here)).toContainText('up to date');

    // A failure is said, and costs nothing.
    await bo.say(id, 'It burns again');
    await expect(made(there)).toContainText('1 message since');
    model.does = 'declines';
    await update(there).click();
    for (const page of [here, there]) {
      await expect(page.getByRole('alert').filter({ hasText: 'The language model declined to answer. This is the last one.' })).toBeVisible();
      await expect(made(page)).toContainText('lastly: A new one is ordered');
    }
    model.does = 'answers';
    await made(there).getByRole('button', { name: 'Try again' }).click();
    for (const page of [here, there]) {
      await expect(made(page)).toContainText('lastly: It burns again');
      await expect(page.getByRole('alert').filter({ hasText: 'declined' })).toHaveCount(0);
    }

    // A person’s own stands beside it.
    await here.getByRole('button', { name: 'Write one' }).click();
    await here.getByRole('textbox', { name: 'Your summary' }).fill('Buy **another** printer');
    await here.getByRole('button', { name: 'Save', exact: true }).click();
    for (const page of [here, there]) {
      const written = page.getByRole('region', { name: 'Written by a person' });
      await expect(written).toContainText('Ada Admin');
      await expect(written.locator('strong')).toHaveText('another');
      await expect(made(page)).toContainText('lastly: It burns again');
    }
  });

  test41('41 the first one that fails leaves a way to try again', async ({ open, model, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    await bo.say(id, 'It burns');
    model.does = 'declines';
    const page = await open(ada, `/t/${id}/summary`);
    await page.getByRole('button', { name: 'Summarise' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'The language model declined to answer.' })).toBeVisible();
    model.does = 'answers';
    await made(page).getByRole('button', { name: 'Try again' }).click();
    await expect(made(page)).toContainText('lastly: It burns');
  });
});

// No setting takes the panel away: without a model the built-in engine serves, and each says which it is.
test('42 without a language model the built-in engine serves, and says so', async ({ open, ada, bo }) => {
  const id = await ada.ticket('Printer on fire', { description: 'The printer on floor 2 is on fire since nine.' });
  await bo.say(id, 'The fan of printer-2.example.org broke; I have ordered a new one.');
  const page = await open(bo, `/t/${id}/summary`);
  await page.getByRole('button', { name: 'Summarise' }).click();
  await expect(made(page)).toContainText('Made by the built-in engine');
  await expect(made(page)).toContainText('Machines err.');
  await expect(made(page)).not.toContainText('Made by AI');
  const system = await open(ada, '/admin/system');
  await expect(system.getByRole('listitem').filter({ hasText: 'Language model' })).toContainText('Not set up');
});
