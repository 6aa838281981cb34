//! What the page keeps an eye on wherever one is: how much waits, saved views, and verdicts on their way.

import { Refused } from './api/problem';
import { inboxApi, reviewsApi } from './api/slices';
import { counts } from './counts';
import { decisions } from './decisions';
import { t } from './i18n/index';
import { MOST_NOTICES, notices, tellWhenSeen } from './notices';
import { to } from './routes';
import { connection } from './socket';
import { toasts } from './toasts';
import { views } from './views';
import { work } from './workspace';

const LATEST_MS = 60_000;

async function countInbox(): Promise<void> {
  const { unreadCount, entries } = await inboxApi.list({ unread: true, limit: MOST_NOTICES });
  counts.set({ inbox: unreadCount });
  await notices.hear(entries);
}
async function countReviews(): Promise<void> {
  const { reviews } = await reviewsApi.list({ status: 'pending', sort: 'createdAt', limit: 100 });
  counts.set({ reviews: reviews.filter(({ id }) => decisions.of(id) === null).length });
}

/** Begins; returns what ends it. What cannot be read now is read later. */
export function keepWatch(): () => void {
  notices.begin(work().me.id);
  const look = (): void => {
    for (const read of [countInbox, countReviews, () => views.load()]) void read().catch(() => undefined);
  };
  look();
  const leave = (): void => void decisions.flush();
  addEventListener('pagehide', leave);
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void countReviews().catch(() => undefined);
  }, LATEST_MS);
  const ends = [
    tellWhenSeen(),
    connection.whenConnected(look),
    work().hear((events) => {
      const names = new Set<string>(events.map(({ name }) => name));
      if (names.has('inbox_changed')) void countInbox().catch(() => undefined);
      if (names.has('views_changed')) void views.load().catch(() => undefined);
      if (names.has('inbox_changed') || names.has('review_updated') || names.has('review_withdrawn')) void countReviews().catch(() => undefined);
    }),
    decisions.hear({
      decided: () => undefined,
      refused: (review, _verdict, error) => {
        const reason = error instanceof Refused ? error.message : t('app.unreachable');
        toasts.say(t('review.refused', { id: review.taskId, reason }), { tone: 'danger', href: to.review(review.id) });
        void countReviews().catch(() => undefined);
      },
    }),
    () => removeEventListener('pagehide', leave),
    () => clearInterval(timer),
    // Whoever signs in next decides for themselves.
    () => void decisions.flush(),
    () => views.forget(),
  ];
  return () => {
    for (const end of ends) end();
  };
}
