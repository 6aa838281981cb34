//! What tests are given: a server with a fresh database, and people with browsers of their own.
//!
//! - `server`: the running binary, with the settings in `environment` (`test.use`); `server.kill()` and `server.up()` for those who test what a crash does.
//! - `ada` (administrator), `bo`, `cy`: programs that act for these people.
//! - `open(person, path)`: a signed-in page of theirs. Any error on it fails the test, and so does a breach of the content policy.

import { type Browser, type Page, test as base, expect } from '@playwright/test';
import { Api } from './api';
import { Server, admin, password } from './server';

interface Given {
  /** Settings of the server. */
  environment: Record<string, string>;
  server: Server;
  ada: Api;
  bo: Api;
  cy: Api;
  open: (person: Api, path?: string, options?: Parameters<Browser['newContext']>[0]) => Promise<Page>;
  /** Complaints of pages that a test expects. */
  expected: RegExp[];
}

export const test = base.extend<Given>({
  environment: [{}, { option: true }],
  server: async ({ environment }, use) => {
    const server = await Server.start(environment);
    await use(server);
    await server.stop();
  },
  ada: async ({ server }, use) => {
    const ada = await Api.logIn(server.api);
    await ada.call('PUT', '/api/auth/profile', { name: admin.name });
    ada.user.name = admin.name;
    await use(ada);
  },
  bo: async ({ server }, use) => use(await Api.register(server.api, 'Bo Ek')),
  cy: async ({ server }, use) => use(await Api.register(server.api, 'Cy Lund')),
  expected: async ({}, use) => use([/Failed to load resource/, /WebSocket connection/]),
  open: async ({ browser, server, expected }, use) => {
    const complaints: string[] = [];
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (person, path = '/tickets', options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      const answer = await context.request.post(`${server.url}/api/auth/login`, { data: { email: person.user.email, password }, headers: { 'X-Faff-CSRF': '1', Origin: server.url } });
      expect(answer.ok()).toBe(true);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(`${error.message} ${error.stack ?? ''}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !expected.some((pattern) => pattern.test(message.text()))) complaints.push(message.text());
      });
      page.on('dialog', (dialog) => {
        complaints.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(server.url + path);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(complaints).toEqual([]);
  },
});

export { expect };

/** The field for messages of a ticket. */
export const composer = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });
/** Messages as they stand in the conversation, and those on their way. */
export const messages = (page: Page) => page.locator('[role=log] article:not([hidden])');

export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** Words of all messages in the conversation, from top to bottom. */
export async function words(page: Page): Promise<string[]> {
  return (await page.locator('[role=log] article:not([hidden]) .words').allInnerTexts()).map((text) => text.trim());
}
