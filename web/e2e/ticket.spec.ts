import { composer, expect, messages, say, test } from './fixture';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC', 'base64');
const file = (name: string, bytes: Buffer | string = 'hello') => ({ name, mimeType: name.endsWith('png') ? 'image/png' : 'text/plain', buffer: Buffer.from(bytes) });

test.describe('a ticket', () => {
  test('15 is written with a file, and its draft survives', async ({ open, ada }) => {
    const page = await open(ada, '/tickets');
    await expect(page.getByText('No tickets yet.')).toBeVisible();
    await page.keyboard.press('c');
    await page.getByRole('textbox', { name: 'Title' }).fill('Printer on fire');
    await page.getByRole('textbox', { name: 'Description' }).fill('Since **nine**');
    await page.reload();
    await expect(page.getByText('No tickets yet.')).toBeVisible();
    await page.keyboard.press('c');
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Printer on fire');
    await page.locator('input[type=file]').setInputFiles(file('trace.txt'));
    await page.keyboard.press('Control+Enter');
    await expect(page).toHaveURL(/\/t\/\d+$/);
    await expect(page.getByRole('heading', { level: 1, name: 'Printer on fire' })).toBeVisible();
    await expect(page.getByRole('link', { name: /trace\.txt/ })).toBeVisible();
  });

  test('17, 18 is edited in place; a conflict shows both, a refusal is taken back', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(ada, `/t/${id}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Printer on fire');
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Title' }).fill('Printer out');
    await bo.call('PUT', `/api/tasks/${id}`, { title: 'Printer smokes' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText('Somebody changed it while you were writing.')).toBeVisible();
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Printer out');
    await page.route(`**/api/tasks/${id}`, (route) =>
      route.request().method() === 'PUT' ? route.fulfill({ status: 403, json: { error: 'x', message: 'You may not change this task', status: 'fail', code: 'forbidden', requestId: 'x', fields: [] } }) : route.fallback(),
    );
    await page.locator('[data-tip=Status]').click();
    await page.getByRole('option', { name: 'Closed' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'You may not change this task' })).toBeVisible();
    await expect(page.locator('[data-tip=Status]')).toHaveText('Open');
  });

  test('21 that is gone says so', async ({ open, ada, bo }) => {
    const secret = await ada.ticket('Secret', { visibility: 'private' });
    const id = await ada.ticket('Printer on fire');
    const page = await open(bo, `/t/${secret}`);
    await expect(page.getByRole('heading', { name: 'This ticket does not exist, or not for you.' })).toBeVisible();
    await page.goto(`${new URL(page.url()).origin}/t/${id}`);
    await expect(composer(page)).toBeVisible();
    await ada.call('DELETE', `/api/tasks/${id}`);
    await expect(page.getByText('This ticket is gone.')).toBeVisible();
  });

  test('36, 38, 39 files by button, paste and drop, within limits; pictures by keyboard', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(bo, `/t/${id}`);
    await expect(composer(page)).toBeVisible();
    await page.locator('[data-where=composer] input[type=file]').setInputFiles([file('a.txt'), file('evil.exe'), file('b.png', png)]);
    await expect(page.getByRole('region', { name: 'Notices' }).getByText('evil.exe: files of this kind are not taken.')).toBeVisible();
    for (const way of ['paste', 'drop']) {
      await page.evaluate((way) => {
        const data = new DataTransfer();
        data.items.add(new File(['pasted'], `${way}.txt`, { type: 'text/plain' }));
        const target = document.querySelector(way === 'paste' ? '[data-where=composer] textarea' : '[data-where=ticket]');
        target?.dispatchEvent(way === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      }, way);
    }
    await expect(page.locator('[data-where=composer] li')).toHaveCount(4);
    await expect(page.getByRole('button', { name: /^Remove/ })).toHaveCount(4);
    await say(page, 'look');
    await expect(messages(page)).toHaveCount(1);
    await expect(page.getByRole('link', { name: /paste\.txt/ })).toBeVisible();
    await page.getByRole('button', { name: 'View b.png' }).click();
    const viewer = page.getByRole('dialog', { name: 'b.png' });
    await expect(viewer).toBeVisible();
    await page.keyboard.press('+');
    await expect(viewer.getByText('125 %')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(viewer).toBeHidden();
    await expect(page.getByRole('button', { name: 'View b.png' })).toBeFocused();
  });

  test('37 an upload tells its progress, can be cancelled, and tried again', async ({ open, ada }) => {
    const id = await ada.ticket('Printer on fire');
    const page = await open(ada, `/t/${id}`);
    let fail = true;
    await page.route('**/api/attachments/upload', (route) => (fail ? route.abort() : route.fallback()));
    await page.locator('[data-where=composer] input[type=file]').setInputFiles(file('a.txt'));
    await expect(page.getByRole('button', { name: 'Retry', exact: true })).toBeVisible();
    fail = false;
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Remove a.txt' })).toBeVisible();
    let go: () => void = () => undefined;
    await page.route('**/api/attachments/upload', async (route) => {
      await new Promise<void>((resolve) => (go = resolve));
      await route.fallback().catch(() => undefined);
    });
    await page.locator('[data-where=composer] input[type=file]').setInputFiles(file('b.txt'));
    await expect(page.getByRole('progressbar', { name: 'Upload of b.txt' })).toBeVisible();
    await page.getByRole('button', { name: 'Cancel b.txt' }).click();
    await expect(page.locator('[data-where=composer] li')).toHaveCount(1);
    go();
  });

  test('33 who has it open is seen, and is gone when they leave', async ({ open, ada, bo }) => {
    const id = await ada.ticket('Printer on fire');
    const [here, there] = [await open(ada, `/t/${id}`), await open(bo, `/t/${id}`)];
    await expect(here.getByRole('img', { name: 'Also here: Bo Ek' })).toBeVisible();
    await there.context().close();
    await expect(here.getByRole('img', { name: /Also here/ })).toBeHidden();
  });
});
