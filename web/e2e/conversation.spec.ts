import { composer, expect, messages, say, test, words } from './fixture';

test.describe('a conversation', () => {
  test('22 what one says, the other sees', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const [here, there] = [await open(ada, `/t/${id}`), await open(bo, `/t/${id}`)];
    await expect(composer(there)).toBeVisible();
    await say(here, 'It **still** burns');
    await expect(messages(there)).toHaveText([/It still burns/]);
    await say(there, 'I am on my way');
    await expect(messages(here)).toHaveText([/It still burns/, /I am on my way/]);
  });

  test('23 one’s own message appears at once and once, whichever answer comes first', async ({ open, server, ada }) => {
    const id = await ada.ticket('Printer on fire');
    for (const way of ['socket', 'rest', 'rest without an answer']) {
      const page = await open(ada, `/t/${id}`);
      if (way !== 'socket') {
        await page.route('**/socket.io/**', (route) => route.abort());
        await page.routeWebSocket('**/socket.io/**', (socket) => socket.close());
        await page.reload();
      }
      if (way === 'rest without an answer') {
        let lost = false;
        await page.route('**/api/tasks/*/messages', async (route) => {
          if (route.request().method() !== 'POST' || lost) return route.fallback();
          lost = true;
          await route.fetch();
          await route.abort();
        });
      }
      await expect(page.getByRole('log')).toBeVisible();
      await composer(page).fill(`by ${way}`);
      // In the task of the key itself it is in the document.
      const shown = await page.evaluate((text) => {
        const field = document.activeElement ?? document.querySelector('[data-where=composer] textarea');
        const before = document.querySelectorAll('[role=log] article').length;
        field?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
        return new Promise<boolean>((resolve) => {
          requestAnimationFrame(() => {
            const all = [...document.querySelectorAll('[role=log] article')];
            resolve(all.length === before + 1 && (all.at(-1)?.textContent ?? '').includes(text));
          });
        });
      }, `by ${way}`);
      expect(shown, way).toBe(true);
      await expect(page.locator('article[data-message]').filter({ hasText: `by ${way}` })).toHaveCount(1);
      await expect(page.locator('article').filter({ hasText: `by ${way}` })).toHaveCount(1);
      await page.context().close();
    }
    expect(await ada.said(id)).toEqual(['by socket', 'by rest', 'by rest without an answer']);
    void server;
  });

  test('24 a refusal is shown, and trying again doubles nothing', async ({ open, ada }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(ada, `/t/${id}`);
    await page.route('**/socket.io/**', (route) => route.abort());
    await page.routeWebSocket('**/socket.io/**', (socket) => socket.close());
    await page.reload();
    let refuse = true;
    await page.route('**/api/tasks/*/messages', (route) =>
      refuse && route.request().method() === 'POST'
        ? route.fulfill({ status: 400, json: { error: 'No', message: 'Not today', status: 'fail', code: 'validation_failed', requestId: 'x', fields: [] } })
        : route.fallback(),
    );
    await say(page, 'hello');
    await expect(page.getByRole('alert').filter({ hasText: 'Not sent. Not today' })).toBeVisible();
    refuse = false;
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await expect(page.locator('article[data-message]')).toHaveCount(1);
    expect(await ada.said(id)).toEqual(['hello']);
  });

  test('25 written offline, kept over a reload, sent in order', async ({ open, ada }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(ada, `/t/${id}`);
    await say(page, 'before');
    await expect(page.locator('article[data-message]')).toHaveCount(1);
    let down = true;
    await page.route('**/socket.io/**', (route) => (down ? route.abort() : route.fallback()));
    await page.routeWebSocket('**/socket.io/**', (socket) => (down ? socket.close() : void socket.connectToServer()));
    await page.route('**/api/tasks/*/messages', (route) => (down && route.request().method() === 'POST' ? route.abort() : route.fallback()));
    await page.reload();
    await expect(page.locator('article[data-message]')).toHaveCount(1);
    const written = Array.from({ length: 5 }, (_, at) => `offline ${at + 1}`);
    for (const text of written) await say(page, text);
    await expect(messages(page)).toHaveCount(6);
    await page.reload();
    await expect(messages(page)).toHaveCount(6);
    expect(await words(page)).toEqual(['before', ...written]);
    down = false;
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect(page.locator('article[data-message]')).toHaveCount(6);
    expect(await words(page)).toEqual(['before', ...written]);
    expect(await ada.said(id)).toEqual(['before', ...written]);
  });

  test('26 a crash of the server in the middle loses and doubles nothing', async ({ open, server, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const [here, there] = [await open(ada, `/t/${id}`), await open(bo, `/t/${id}`)];
    await say(here, 'one');
    await expect(messages(there)).toHaveCount(1);
    await server.kill();
    await say(here, 'two');
    await say(there, 'three');
    await server.up();
    await ada.say(id, 'four');
    for (const page of [here, there]) await expect(page.locator('article[data-message]')).toHaveCount(4);
    const kept = await ada.said(id);
    expect([...kept].sort()).toEqual(['four', 'one', 'three', 'two']);
    for (const page of [here, there]) expect(await words(page)).toEqual(kept);
  });

  test('27 older pages and arrivals move nothing under the reader', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Long story');
    for (let at = 1; at <= 160; at += 1) await bo.say(id, `line ${at}`);
    const page = await open(ada, `/t/${id}`);
    await expect(page.getByText('line 160', { exact: true })).toBeVisible();
    const log = page.getByRole('log');
    const place = (text: string) => page.getByText(text, { exact: true }).evaluate((element) => element.getBoundingClientRect().top);
    await log.evaluate((element) => element.scrollTo({ top: 500 }));
    await expect(page.getByText('line 70', { exact: true })).toBeAttached();
    await page.waitForTimeout(300);
    const seen = await page.evaluate(() => {
      const top = document.querySelector('[role=log]')?.getBoundingClientRect().top ?? 0;
      const first = [...document.querySelectorAll('[role=log] .words')].find((element) => element.getBoundingClientRect().top > top + 40);
      return first?.textContent?.trim() ?? '';
    });
    const before = await place(seen);
    await bo.say(id, 'while you read');
    await expect(page.getByRole('button', { name: /Jump to latest/ })).toContainText('1');
    expect(Math.abs((await place(seen)) - before)).toBeLessThan(3);
    await page.getByRole('button', { name: /Jump to latest/ }).click();
    await expect(page.getByText('while you read')).toBeInViewport();
  });

  test('20 a link leads to a message far back', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Long story');
    const ids: number[] = [];
    for (let at = 1; at <= 330; at += 1) ids.push(await bo.say(id, `line ${at}`));
    const page = await open(ada, `/t/${id}#m-${ids[10]}`);
    await expect(page.getByText('line 11', { exact: true })).toBeInViewport();
    await expect(page.locator(`#m-${ids[10]}`)).toBeFocused();
    // The conversation is held in one stretch of at most 300.
    for (let step = 0; step < 12; step += 1) {
      await page.getByRole('log').evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
      await page.waitForTimeout(150);
    }
    expect(await messages(page).count()).toBeLessThanOrEqual(300);
    await expect(page.getByText('line 330', { exact: true })).toBeAttached();
  });

  test('29 threads stand beside the conversation', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    await bo.say(id, 'Which floor?');
    const [here, there] = [await open(ada, `/t/${id}`), await open(bo, `/t/${id}`)];
    await messages(here).first().hover();
    await here.getByRole('button', { name: 'Reply', exact: true }).click();
    await expect(here).toHaveURL(/\/thread\//);
    const field = here.getByRole('textbox', { name: 'Reply in the thread' });
    await field.fill('The second');
    await field.press('Enter');
    await expect(there.getByRole('link', { name: '1 reply' })).toBeVisible();
    await there.getByRole('link', { name: '1 reply' }).click();
    await expect(there.getByRole('region', { name: 'Thread' }).getByText('The second')).toBeVisible();
  });

  test('30 edit, quote, delete and undo', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const [here, there] = [await open(ada, `/t/${id}`), await open(bo, `/t/${id}`)];
    await say(here, 'It burns');
    const field = here.getByRole('textbox', { name: 'Edit' });
    // Only what the server has can be edited.
    await expect(async () => {
      await composer(here).press('ArrowUp');
      await expect(field).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await field.fill('It smokes');
    await field.press('Enter');
    await expect(messages(there)).toHaveText([/It smokes\s*edited/]);
    await messages(there).first().hover();
    await there.getByRole('button', { name: 'Quote', exact: true }).click();
    await expect(composer(there)).toHaveValue(/> It smokes/);
    const remove = async () => {
      await messages(here).first().hover();
      await here.getByRole('button', { name: 'More actions' }).first().click();
      await here.getByRole('menuitem', { name: 'Delete' }).click();
    };
    await remove();
    await expect(messages(here)).toHaveCount(0);
    await here.getByRole('button', { name: 'Undo' }).click();
    await expect(messages(here)).toHaveCount(1);
    await remove();
    await expect(messages(there)).toHaveCount(0, { timeout: 20_000 });
    expect(await ada.said(id)).toEqual([]);
  });

  test('32 typing is seen and forgotten, also when the tab was closed', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const [here, there] = [await open(ada, `/t/${id}`), await open(bo, `/t/${id}`)];
    await expect(composer(there)).toBeVisible();
    await expect(here.getByRole('img', { name: 'Also here: Bo Ek' })).toBeVisible();
    await composer(here).pressSequentially('hel');
    const line = there.getByTestId('typing');
    await expect(line).toHaveText('Ada Admin is typing…');
    await here.context().close();
    await expect(line).toHaveText('', { timeout: 12_000 });
  });

  test('35 Enter of an input method sends nothing', async ({ open, ada }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(ada, `/t/${id}`);
    await composer(page).fill('にほん');
    await composer(page).evaluate((field) => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }));
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }));
    });
    await page.waitForTimeout(300);
    await expect(messages(page)).toHaveCount(0);
    await composer(page).press('Enter');
    await expect(messages(page)).toHaveCount(1);
  });

  test('16 a draft survives a reload', async ({ open, ada }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(ada, `/t/${id}`);
    await composer(page).fill('not yet');
    await page.reload();
    await expect(composer(page)).toHaveValue('not yet');
  });

  test('19 hostile words run nothing', async ({ open, ada, bo }) => {
    const evil = [
      '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '[x](javascript:alert(1))', '<svg onload=alert(1)>', '<style>*{display:none}</style>',
      '![x](data:text/html,<script>alert(1)</script>)', '<iframe src="javascript:alert(1)"></iframe>', '<a href="java&#115;cript:alert(1)">x</a>',
    ];
    const id = await bo.ticket('<img src=x onerror=alert(1)>', { description: evil.join('\n\n') });
    for (const text of evil) await bo.say(id, text);
    const page = await open(ada, `/t/${id}`);
    await expect(messages(page)).toHaveCount(evil.length);
    for (const link of await page.locator('[role=log] a').all()) expect(await link.getAttribute('href')).not.toMatch(/^\s*(javascript|data):/i);
    expect(await page.locator('[role=log] :is(script, iframe, svg[onload], style)').count()).toBe(0);
    await page.waitForTimeout(500);
  });
});
