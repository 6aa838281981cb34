import type { Page } from '@playwright/test';
import type { Api } from './api';
import { expect, messages, test } from './fixture';

interface Review {
  id: number;
  status: string;
  feedback: string | null;
  usedAI: boolean;
  reviewer: { name: string } | null;
}
const stateOf = async (person: Api, id: number): Promise<Review> => (await person.call<{ review: Review }>('GET', `/api/qa/${id}`)).review;
const ask = async (person: Api, messageId: number): Promise<number> => (await person.call<{ review: { id: number } }>('POST', '/api/qa', { messageId })).review.id;
const queue = (page: Page) => page.getByRole('list', { name: 'Pending' }).getByRole('listitem');
const decision = (page: Page) => page.getByRole('region', { name: 'Decision' });
const toast = (page: Page) => page.getByRole('region', { name: 'Notices' });
const count = (page: Page) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Reviews/ });

test.describe('reviews', () => {
  test('43 are asked for, approved, rejected with feedback only, and taken back', async ({ open, ada, bo, cy }) => {
    const id = await ada.ticket('Printer on fire');
    await bo.say(id, 'Have you tried water?');
    await bo.say(id, 'The cause is the fan.');
    const [here, there] = [await open(cy, '/reviews'), await open(bo, `/t/${id}`)];
    await expect(here.getByText('Nothing waits for review.')).toBeVisible();

    // Asked for where it was said; it comes into the queue of others at once.
    for (const words of ['tried water', 'cause is the fan']) {
      const message = messages(there).filter({ hasText: words });
      await message.hover();
      await message.getByRole('button', { name: 'More actions' }).click();
      await there.getByRole('menuitem', { name: 'Request review' }).click();
      await expect(toast(there).getByText('A review was asked for').last()).toBeVisible();
      await expect(queue(here).filter({ hasText: words })).toBeVisible();
    }
    await expect(queue(here)).toHaveCount(2);
    await expect(count(here)).toContainText('2');

    // Nobody decides about their own words.
    const [water = 0, fan = 0] = (await bo.call<{ reviews: { id: number }[] }>('GET', '/api/qa?status=pending&sort=createdAt')).reviews.map((review) => review.id);
    await there.goto(new URL(`/reviews/${water}`, there.url()).href);
    await expect(decision(there)).toContainText('These are your own words; somebody else decides.');

    // A rejection needs words.
    await queue(here).filter({ hasText: 'tried water' }).getByRole('link').click();
    await expect(here.getByRole('region', { name: 'Message under review' }).locator('[aria-current]')).toContainText('Have you tried water?');
    await here.locator('body').press('Shift+R');
    await expect(here.getByRole('alert').filter({ hasText: 'a rejection needs feedback' })).toBeVisible();
    await expect(here.getByRole('textbox', { name: 'Feedback' })).toBeFocused();
    expect((await stateOf(cy, water)).status).toBe('pending');

    // Decided, and taken back in time: the words are still there.
    await here.getByRole('textbox', { name: 'Feedback' }).fill('Not on *electric* fires.');
    await decision(here).getByRole('button', { name: 'Reject' }).click();
    await expect(queue(here)).toHaveCount(1);
    await toast(here).getByRole('button', { name: 'Undo' }).click();
    await expect(queue(here)).toHaveCount(2);
    await expect(here.getByRole('textbox', { name: 'Feedback' })).toHaveValue('Not on *electric* fires.');
    expect((await stateOf(cy, water)).status).toBe('pending');

    // Decided for good; who wrote it is told.
    await decision(here).getByRole('button', { name: 'Reject' }).click();
    await expect.poll(async () => (await stateOf(cy, water)).status).toBe('rejected');
    await expect(decision(there)).toContainText('Rejected by Cy Lund');
    await expect(decision(there).locator('em')).toHaveText('electric');
    await there.goto(new URL(`/t/${id}`, there.url()).href);
    await expect(there.getByRole('log')).toContainText('Cy Lund rejected a message');
    await expect(queue(here)).toHaveText([/cause is the fan/]);
    await expect(count(here)).toContainText('1');

    // Leaving the page does not lose a verdict.
    await expect(here).toHaveURL(new RegExp(`/reviews/${fan}$`));
    await here.locator('body').press('Shift+A');
    await expect(here.getByText('Nothing waits for review.')).toBeVisible();
    await here.goto(new URL('/reviews?state=approved', here.url()).href);
    await expect.poll(async () => (await stateOf(cy, fan)).status).toBe('approved');
    await here.reload();
    await expect(here.getByRole('list', { name: 'Approved' }).getByRole('listitem')).toHaveText([/cause is the fan/]);
  });

  test('43 the machine’s verdict may be taken as it is', async ({ open, ada, bo, cy }) => {
    const id = await ada.ticket('Invoice');
    const review = await ask(bo, await bo.say(id, 'My card is 4111 1111 1111 1111, you idiot.'));
    const page = await open(cy, `/reviews/${review}`);
    const machine = page.getByRole('region', { name: 'What a machine thinks' });
    await expect(machine).toContainText('Would reject');
    await expect(machine.locator('mark').first()).toContainText('4111');
    await machine.getByRole('button', { name: 'Reject by its verdict, in its words' }).click();
    await expect.poll(async () => (await stateOf(cy, review)).status).toBe('rejected');
    const decided = await stateOf(cy, review);
    expect([decided.usedAI, decided.reviewer?.name]).toEqual([true, 'Cy Lund']);
    expect(decided.feedback).toBeTruthy();
    await page.goto(new URL(`/reviews/${review}`, page.url()).href);
    await expect(decision(page)).toContainText('By the machine’s verdict.');
  });

  test('44 of two who decide at once, one does, and the other is told', async ({ open, ada, bo, cy }) => {
    const id = await ada.ticket('Printer on fire');
    const review = await ask(bo, await bo.say(id, 'The cause is the fan.'));
    const [here, there] = [await open(ada, `/reviews/${review}`), await open(cy, `/reviews/${review}`)];
    await there.getByRole('textbox', { name: 'Feedback' }).fill('It is the toner.');

    // Both have decided, neither is sent.
    await decision(here).getByRole('button', { name: 'Approve' }).click();
    await decision(there).getByRole('button', { name: 'Reject' }).click();
    await expect.poll(async () => (await stateOf(ada, review)).status).not.toBe('pending');
    const decided = await stateOf(ada, review);
    const [winner, loser] = decided.status === 'approved' ? [here, there] : [there, here];
    await expect(toast(loser).getByText(new RegExp(`#${id} was not decided`))).toBeVisible();
    for (const page of [winner, loser]) {
      await page.goto(new URL(`/reviews/${review}`, page.url()).href);
      await expect(decision(page)).toContainText(decided.status === 'approved' ? 'Approved by Ada Admin' : 'Rejected by Cy Lund');
      await expect(decision(page).getByRole('button')).toHaveCount(0);
    }
    expect(await stateOf(bo, review)).toMatchObject({ status: decided.status, reviewer: decided.reviewer });
  });

  test('44 a verdict by somebody else replaces the buttons', async ({ open, ada, bo, cy }) => {
    const id = await ada.ticket('Printer on fire');
    const review = await ask(bo, await bo.say(id, 'The cause is the fan.'));
    const page = await open(cy, `/reviews/${review}`);
    await expect(decision(page).getByRole('button', { name: 'Approve' })).toBeVisible();
    await ada.call('PUT', `/api/qa/${review}`, { status: 'approved' });
    await expect(decision(page)).toContainText('Approved by Ada Admin');
    await expect(decision(page).getByRole('button', { name: 'Approve' })).toHaveCount(0);
  });
});
