//! Who is signed in. The login itself is an HttpOnly cookie that scripts never see.

import { Refused, api, ask, whenLoggedOut } from './api/client';
import type { User } from './api/types';
import { Signal } from './signal';
import { forgetPerson } from './storage';

/** `expired`: somebody was signed in until a moment ago; the page stays as it is behind the form. */
export type Standing = 'unknown' | 'guest' | 'member' | 'expired' | 'unreachable';

export class Session {
  #signal = new Signal();
  #standing: Standing = 'unknown';
  #user: User | null = null;

  get standing(): Standing {
    this.#signal.read();
    return this.#standing;
  }

  get user(): User | null {
    this.#signal.read();
    return this.#user;
  }

  /** The person of a page that only members see. */
  get me(): User {
    const user = this.user;
    if (user === null) throw new Error('nobody is signed in');
    return user;
  }

  /** Asks the server who we are. */
  async start(): Promise<void> {
    try {
      const { user } = await ask(api.GET('/api/auth/me'));
      this.#set('member', user);
    } catch (error) {
      this.#set(error instanceof Refused && error.status === 401 ? 'guest' : 'unreachable', null);
    }
  }

  async logIn(email: string, password: string): Promise<void> {
    const { user } = await ask(api.POST('/api/auth/login', { body: { email, password } }));
    // Behind an expired login there may be drafts of somebody else.
    if (this.#user !== null && this.#user.id !== user.id) {
      forgetPerson();
      location.assign('/');
      return;
    }
    this.#set('member', user);
  }

  async register(name: string, email: string, password: string, invitation: string): Promise<void> {
    const body = { name, email, password, ...(invitation !== '' && { invitation }) };
    const { user } = await ask(api.POST('/api/auth/register', { body }));
    this.#set('member', user);
  }

  async setUp(token: string, name: string, email: string, password: string): Promise<void> {
    const { user } = await ask(api.POST('/api/auth/setup', { body: { token, name, email, password } }));
    this.#set('member', user);
  }

  /** Ends the login, and forgets what this browser kept for the person. */
  async logOut(): Promise<void> {
    await ask(api.POST('/api/auth/logout')).catch((error: unknown) => {
      if (!(error instanceof Refused && error.status === 401)) throw error;
    });
    forgetPerson();
    this.#set('guest', null);
  }

  /** The account was changed, here or elsewhere. */
  update(user: User): void {
    this.#set(this.#standing, user);
  }

  expire(): void {
    if (this.#standing === 'member') this.#set('expired', this.#user);
    else if (this.#standing === 'unknown') this.#set('guest', null);
  }

  #set(standing: Standing, user: User | null): void {
    this.#standing = standing;
    this.#user = user;
    this.#signal.changed();
  }
}

export const session = new Session();
whenLoggedOut(() => session.expire());
