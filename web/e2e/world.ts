//! A small workspace with something on every screen. Its people write Cyrillic, so that a Latin letter on a page is a word of the
//! interface, and their addresses are all that they have in common with ours.

import type { Page } from '@playwright/test';
import type { Api } from './api';
import { expect } from './fixture';

export interface World {
  /** Has everything: files, a thread, edited and deleted words, a summary. */
  ticket: number;
  /** The root of its thread. */
  root: number;
  /** A message of Ada's with a picture. */
  picture: number;
  pending: number;
  decided: number;
  view: number;
}

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC', 'base64');

async function name(person: Api, to: string): Promise<void> {
  await person.call('PUT', '/api/auth/profile', { name: to });
  person.user.name = to;
}

export async function makeWorld({ ada, bo, cy }: { ada: Api; bo: Api; cy: Api }): Promise<World> {
  await Promise.all([name(ada, 'Ада Адмиралова'), name(bo, 'Бо Эк'), name(cy, 'Цецилия Люндберг-Константинопольская')]);
  const mention = `@[Ада](user:${ada.user.id})`;
  const ticket = await bo.ticket('Принтер на втором этаже горит, и никто не знает, почему', {
    description: '# Что случилось\n\nДым с **девяти**. Он ещё печатает.\n\n1. Включить\n2. Ждать\n\n- [ ] Позвать пожарных\n\n```\nлог\n```\n\n| а | б |\n|---|---|\n| 1 | 2 |\n\n> цитата и `код`',
    priority: 'urgent', tags: ['принтер', 'пожар'], assignedToId: ada.user.id,
  });
  for (const [title, more] of [
    ['Дверь не открывается', { priority: 'low', status: 'in_progress' }],
    ['Нет воды', { priority: 'high', status: 'resolved', assignedToId: bo.user.id }],
    ['Только для своих', { visibility: 'private', status: 'closed' }],
  ] as const) await ada.ticket(title, more);
  const root = await bo.say(ticket, `Кто рядом? ${mention}, посмотри, пожалуйста.`);
  await ada.say(ticket, 'Иду', { replyToId: root });
  await cy.say(ticket, 'Я тоже', { replyToId: root });
  const attachments = [await ada.upload(ticket, 'дым.png', png), await ada.upload(ticket, 'лог.txt', Buffer.from('дым'))];
  const picture = await ada.say(ticket, 'Вот снимок и лог', { attachments: attachments.map((id) => ({ id })) });
  const edited = await bo.say(ticket, 'Он горит');
  await bo.call('PUT', `/api/messages/${edited}`, { content: 'Он **тлеет**, см. `лог`' });
  await bo.call('DELETE', `/api/messages/${await bo.say(ticket, 'Это лишнее')}`);
  await ada.call('PUT', `/api/tasks/${ticket}`, { status: 'in_progress' });
  const review = async (words: string): Promise<number> => {
    const message = await bo.say(ticket, words);
    return (await ada.call<{ review: { id: number } }>('POST', '/api/qa', { messageId: message })).review.id;
  };
  const [pending, decided] = [await review('Надо просто выключить его'), await review('Гарантирую, что завтра всё будет готово!')];
  await ada.call('PUT', `/api/qa/${decided}`, { status: 'rejected', feedback: 'Не обещай **дат**.' });
  const view = (await ada.call<{ view: { id: number } }>('POST', '/api/views', { name: 'Горящее', query: 'status=open,in_progress&sort=-priority', shared: true })).view.id;
  await ada.call('POST', '/api/views', { name: 'Моё', query: 'assigneeId=me', shared: false });
  await bo.call('POST', '/api/views', { name: 'От Бо', query: 'status=closed', shared: true });
  await ada.call('POST', '/api/summaries', { taskId: ticket, content: 'Горит **принтер**; Бо ждёт.' });
  await ada.call('POST', `/api/summaries/generate/${ticket}`);
  // What machines think comes later.
  await expect(async () => {
    const [{ generated }, { review }] = await Promise.all([
      ada.call<{ generated: unknown }>('GET', `/api/summaries/task/${ticket}`),
      ada.call<{ review: { job: { state: string } | null } }>('GET', `/api/qa/${pending}`),
    ]);
    expect([generated === null, review.job?.state ?? 'done']).toEqual([false, 'done']);
  }).toPass();
  return { ticket, root, picture, pending, decided, view };
}

/** Goes to an address as a click on a link does. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href });
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
}

/** Nothing more is to come: no skeleton, no picture, no movement. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('.skeleton, .progress, [data-busy=true]')).toHaveCount(0);
  await page.evaluate(async () => {
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    await document.fonts.ready;
    const moving = (): boolean => document.getAnimations().some(({ effect, playState }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity);
    // One movement may begin another: what inherits a colour follows it.
    for (let calm = 0; calm < 3; calm = moving() ? 0 : calm + 1) await new Promise(requestAnimationFrame);
  });
}
