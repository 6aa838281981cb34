//! Asks for a review of a message.

import { Refused } from '../../lib/api/problem';
import { reviewsApi } from '../../lib/api/slices';
import type { Message } from '../../lib/api/types';
import { t } from '../../lib/i18n/index';
import { to } from '../../lib/routes';
import { toasts } from '../../lib/toasts';

export async function request(message: Message): Promise<void> {
  try {
    const { review } = await reviewsApi.request(message.id);
    toasts.say(t('review.requested'), { href: to.review(review.id) });
  } catch (error) {
    toasts.say(t('review.notRequested', { reason: error instanceof Refused ? error.message : t('app.unreachable') }), { tone: 'danger' });
  }
}
