import type { Page } from '@playwright/test';
import { violations } from './axe';
import { expect, test } from './fixture';
import { admin, password } from './server';
import { type Screen, plain, pseudo, screensOf } from './screens';
import { clipped, latin, unmirrored } from './words';
import { makeWorld, settled, visit } from './world';

const sizes = { wide: { viewport: { width: 1280, height: 800 } }, phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } };
type Size = keyof typeof sizes;

/** Goes from screen to screen, and looks at each. One that cannot be reached keeps nobody from the others; it is told of. */
async function walk(page: Page, screens: readonly Screen[], size: Size, look: (screen: Screen) => Promise<void>): Promise<string[]> {
  const lost: string[] = [];
  for (const screen of screens) {
    if (screen.only !== undefined && screen.only !== size) continue;
    try {
      await visit(page, screen.path);
      await expect(screen.ready(page)).toBeVisible();
      await screen.act?.(page);
      await settled(page);
      await look(screen);
      await screen.leave?.(page);
    } catch (error) {
      lost.push(`${screen.name}, ${size}: ${String(error).slice(0, 400)}`);
      await page.reload();
    }
  }
  return lost;
}

test.describe('all screens', () => {
  for (const size of ['wide', 'phone'] as const) {
    test(`51, 58 are free of what axe finds, in both themes, and of breaches of the content policy: ${size}`, async ({ open, server, ada, bo, cy, expected, browser }) => {
      test.setTimeout(600_000);
      const world = await makeWorld({ ada, bo, cy });
      const page = await open(ada, '/tickets', { ...sizes[size], colorScheme: 'light', reducedMotion: 'reduce' });
      const found: string[] = [];
      const look = (at: Page) => async ({ name }: Pick<Screen, 'name'>): Promise<void> => {
        for (const theme of ['light', 'dark']) {
          await at.evaluate((theme) => void (document.documentElement.dataset['theme'] = theme), theme);
          await settled(at);
          for (const violation of await violations(at)) found.push(`${name}, ${size}, ${theme}: ${violation}`);
        }
      };
      found.push(...(await walk(page, screensOf(world, plain), size, look(page))));
      await test.step('what lies over all pages', async () => {
        // A newer client, no connection, and a login that has ended.
        const meta = (await (await fetch(`${server.api}/api/meta`)).json()) as object;
        await page.route('**/api/meta', (route) => route.fulfill({ json: { ...meta, clientVersion: 'newer' } }));
        await visit(page, '/tickets');
        await server.kill();
        await expect(page.getByText('Offline. Messages will be sent when you are back.')).toBeVisible();
        await look(page)({ name: 'offline' });
        await server.up();
        await expect(page.getByText('A new version of Faff is here.')).toBeVisible();
        await look(page)({ name: 'new version' });
        await page.context().clearCookies();
        await visit(page, '/inbox');
        await expect(page.getByRole('dialog', { name: 'Sign in' })).toBeVisible();
        await look(page)({ name: 'login that has ended' });
      });
      const guest = await browser.newContext({ ...sizes[size], colorScheme: 'light', reducedMotion: 'reduce' });
      const entrance = await guest.newPage();
      const breaches: string[] = [];
      entrance.on('console', (message) => message.type() === 'error' && !expected.some((pattern) => pattern.test(message.text())) && breaches.push(message.text()));
      for (const path of ['/login', '/register', '/register#email=di%40faff.example&invitation=x', '/setup']) {
        await entrance.goto(server.url + path);
        await expect(entrance.getByRole('heading', { level: 1 })).toBeVisible();
        await settled(entrance);
        await look(entrance)({ name: path });
      }
      await entrance.goto(`${server.url}/login`);
      await entrance.getByLabel('Email').fill(admin.email);
      await entrance.getByLabel('Password', { exact: true }).fill(`not ${password}`);
      await entrance.keyboard.press('Enter');
      await expect(entrance.getByRole('alert').filter({ hasText: 'Email or password is wrong.' })).toBeVisible();
      await look(entrance)({ name: 'wrong password' });
      await guest.close();
      expect(found).toEqual([]);
      expect(breaches).toEqual([]);
    });
  }

  test('51 one that comes late is announced by its own name, and its heading has the focus', async ({ open, ada }) => {
    const page = await open(ada, '/tickets');
    await expect(page.getByText('No tickets yet.')).toBeVisible();
    await page.route('**/assets/Reviews-*.js', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue();
    });
    await visit(page, '/reviews');
    await expect(page.getByRole('status').filter({ hasText: 'Reviews: Pending · Faff' })).toHaveCount(1);
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  });

  test('58 a breach of the content policy would be told', async ({ open, ada, expected }) => {
    const page = await open(ada, '/tickets');
    await expect(page.getByText('No tickets yet.')).toBeVisible();
    const told: string[] = [];
    page.on('console', (message) => message.type() === 'error' && told.push(message.text()));
    expected.push(/Content Security Policy|Trusted(HTML|Script)/);
    await page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('div'), { id: 'styled' }));
      document.querySelector('#styled')?.setAttribute('style', 'color: red');
      // Refused where it is tried, and said on the console, too.
      const tries: (() => unknown)[] = [
        () => (document.createElement('script').src = 'data:text/javascript,alert(1)'),
        () => document.body.insertAdjacentHTML('beforeend', '<p>'),
      ];
      for (const one of tries) {
        try {
          one();
        } catch {
          continue;
        }
        throw new Error('the content policy let it pass');
      }
    });
    await expect.poll(() => told.length).toBeGreaterThanOrEqual(2);
    expect(await page.locator('#styled').evaluate((element) => getComputedStyle(element).color)).not.toBe('rgb(255, 0, 0)');
  });

  for (const size of ['wide', 'phone'] as const) {
    test(`55 leave no word untranslated or cut off, and change sides for those who write from the right: ${size}`, async ({ open, ada, bo, cy }) => {
      test.setTimeout(600_000);
      const world = await makeWorld({ ada, bo, cy });
      const page = await open(ada, '/login', { ...sizes[size], reducedMotion: 'reduce' });
      await page.evaluate(() => {
        localStorage.setItem('faff.locale', 'en-XA');
        // Dates are written as the browser knows them, so in no letters that could be ours.
        localStorage.setItem('faff.look.dates', 'ru');
      });
      await page.reload();
      const found: string[] = [];
      const lost = await walk(page, screensOf(world, pseudo), size, async ({ name }) => {
        for (const [what, problems] of [['untranslated', await latin(page)], ['cut off', await clipped(page)], ['not mirrored', await unmirrored(page)]] as const) {
          for (const problem of problems) found.push(`${name}, ${size}: ${what}: ${problem}`);
        }
      });
      expect([...lost, ...found]).toEqual([]);
      // What floats knows the side when it opens.
      await page.evaluate(() => localStorage.setItem('faff.dir', 'rtl'));
      await page.reload();
      await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
      const floating = ['filters', 'display', 'ticket, its menu', 'message, its menu', 'people to mention', 'palette', 'account'];
      lost.push(...(await walk(page, screensOf(world, pseudo).filter((screen) => floating.includes(screen.name)), size, async ({ name }) => {
        for (const problem of await clipped(page)) found.push(`${name}, ${size}, from the right: cut off: ${problem}`);
      })));
      expect([...lost, ...found]).toEqual([]);
    });
  }
});
