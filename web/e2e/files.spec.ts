import { expect, messages, say, test } from './fixture';

test.describe('files', () => {
  test('40 of a ticket that one may not see are refused, and so are files of another ticket', async ({ open, ada, bo, cy }) => {
    const secret = await bo.ticket('Secret', { visibility: 'private' });
    const team = await bo.ticket('Printer on fire');
    const here = await open(bo, `/t/${secret}`);
    await here.locator('[data-where=composer] input[type=file]').setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('the plan') });
    await expect(here.getByRole('button', { name: 'Remove plan.txt' })).toBeVisible();
    await say(here, 'look');
    await expect(messages(here)).toHaveCount(1);
    const link = here.getByRole('link', { name: /plan\.txt/ });
    const address = new URL((await link.getAttribute('href')) ?? '', here.url()).href;
    expect(await (await here.request.get(address)).text()).toBe('the plan');

    // The address of the file is no way around the ticket.
    const there = await open(cy, `/t/${secret}`);
    await expect(there.getByRole('heading', { name: 'This ticket does not exist, or not for you.' })).toBeVisible();
    const refused = await there.request.get(address);
    expect(refused.status()).toBe(404);
    expect(await refused.text()).not.toContain('the plan');
    expect((await fetch(address)).status).toBe(401);

    // Staged for one ticket, it goes with no message of another.
    const staged = await here.evaluate(async (secret) => {
      const form = new FormData();
      form.set('taskId', String(secret));
      form.append('files', new Blob(['more'], { type: 'text/plain' }), 'more.txt');
      const response = await fetch('/api/attachments/upload', { method: 'POST', body: form, headers: { 'X-Faff-CSRF': '1' } });
      return (await response.json()) as { attachments: { id: string }[] };
    }, secret);
    const id = staged.attachments[0]?.id ?? '';
    expect(id).not.toBe('');
    const attach = (person: typeof bo, task: number) => person.call('POST', `/api/tasks/${task}/messages`, { content: 'see', attachments: [{ id }] });
    await expect(attach(bo, team)).rejects.toThrow(/40[04]/);
    await expect(attach(ada, secret)).rejects.toThrow(/40[04]/);
    expect(await bo.said(team)).toEqual([]);

    // Whoever is let in sees the ticket and its file; whoever is taken out sees neither any more.
    await bo.call('PUT', `/api/tasks/${secret}`, { assignedToId: cy.user.id });
    await there.reload();
    await expect(there.getByRole('link', { name: /plan\.txt/ })).toBeVisible();
    expect(await (await there.request.get(address)).text()).toBe('the plan');
    await bo.call('PUT', `/api/tasks/${secret}`, { assignedToId: null });
    await expect(there.getByText('This ticket is gone.')).toBeVisible();
    expect((await there.request.get(address)).status()).toBe(404);
  });
});
