import { composer, expect, test } from './fixture';

// 57, a server without a client, is in crates/app/tests/pages.rs (`without_a_client_there_is_a_notice_for_people_and_the_api_for_programs`)
// and, for the binary as it was built, in crates/server/tests/cli.rs.

test.describe('a newer client', () => {
  test('56 is told of after the restart that brought it, and comes when one wants it', async ({ open, server, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(ada, `/t/${id}`);
    await composer(page).fill('half a thought');
    // A page that was never connected has nothing to come back to.
    await bo.say(id, 'Which floor?');
    await expect(page.getByText('Which floor?')).toBeVisible();
    const bar = page.getByText('A new version of Faff is here.');
    // The same client after a restart is nothing new. It may be back, and have asked, before one looks.
    const again = page.waitForResponse('**/api/meta');
    await server.kill();
    await server.up();
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await again;
    await expect(bar).toBeHidden();
    const meta = (await (await fetch(`${server.api}/api/meta`)).json()) as object;
    await page.route('**/api/meta', (route) => route.fulfill({ json: { ...meta, clientVersion: 'newer' } }));
    await server.kill();
    await server.up();
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect(bar).toBeVisible();
    // What one writes stays, also over the reload that one asks for.
    await expect(composer(page)).toHaveValue('half a thought');
    await expect(composer(page)).toBeFocused();
    await page.getByRole('button', { name: 'Reload' }).click();
    await expect(bar).toBeHidden();
    await expect(composer(page)).toHaveValue('half a thought');
  });
});
