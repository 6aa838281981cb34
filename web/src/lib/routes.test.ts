import { describe, expect, it } from 'vitest';
import { match, nextOf, to } from './routes';
import { Router } from './router';

const at = (href: string) => match(new URL(href, 'http://faff.example'));

describe('addresses', () => {
  it.each([
    ['/', { name: 'home' }],
    ['/tickets', { name: 'tickets', mine: false }],
    [to.mine, { name: 'tickets', mine: true }],
    ['/tickets/new', { name: 'new' }],
    [to.ticket(812), { name: 'ticket', id: 812, panel: null, thread: null, message: null }],
    [to.ticket(812, 'files'), { name: 'ticket', id: 812, panel: 'files', thread: null, message: null }],
    [to.message(812, 9), { name: 'ticket', id: 812, panel: null, thread: null, message: 9 }],
    [to.thread(812, 9), { name: 'ticket', id: 812, panel: null, thread: 9, message: null }],
    [`${to.thread(812, 9)}#m-12`, { name: 'ticket', id: 812, panel: null, thread: 9, message: 12 }],
    ['/reviews?state=pending', { name: 'reviews', id: null }],
    [to.review(3), { name: 'reviews', id: 3 }],
    ['/settings', { name: 'settings', tab: 'profile' }],
    [to.settings('appearance'), { name: 'settings', tab: 'appearance' }],
    [to.admin('audit'), { name: 'admin', tab: 'audit' }],
    [to.view(4), { name: 'view', id: 4 }],
    [to.register, { name: 'register', email: '', invitation: '' }],
    [to.invitation('bo+desk@faff.example', 'a-b_c'), { name: 'register', email: 'bo+desk@faff.example', invitation: 'a-b_c' }],
    ['/setup#token=abc', { name: 'setup', token: 'abc' }],
  ])('%s', (href, route) => expect(at(href)).toEqual(route));

  it.each(['/t', '/t/0', '/t/x', '/t/1/thread', '/t/1/thread/x', '/t/1/nothing', '/t/1/files/more', '/tickets/1', '/settings/x', '/admin/users/1', '/x', '/t/99999999999999999'])(
    '%s leads nowhere',
    (href) => expect(at(href)).toEqual({ name: 'missing' }),
  );

  it('leads only to addresses of our own after a login', () => {
    expect(nextOf(new URL(to.login('/t/812?a=1#m-3'), 'http://x').search)).toBe('/t/812?a=1#m-3');
    for (const evil of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/login', '']) {
      expect(nextOf(`?next=${encodeURIComponent(evil)}`), evil).toBe('/');
    }
  });
});

describe('the router', () => {
  function made() {
    const pushed: string[] = [];
    const location = { href: 'http://faff.example/tickets' };
    const history = { pushState: (_: unknown, __: string, href: string) => pushed.push(href), replaceState: (_: unknown, __: string, href: string) => pushed.push(`replaced ${href}`), back: () => pushed.push('back') };
    return { router: new Router({ location, history } as never), pushed };
  }

  it('goes and comes back', () => {
    const { router, pushed } = made();
    router.go('/t/5');
    expect(router.route).toMatchObject({ name: 'ticket', id: 5 });
    router.back('/tickets');
    expect(pushed).toEqual(['http://faff.example/t/5', 'back']);
  });

  it('goes to the usual place when it came from elsewhere', () => {
    const { router, pushed } = made();
    router.back('/inbox');
    expect(pushed).toEqual(['replaced http://faff.example/inbox']);
  });

  it('stays where something is not to be left', () => {
    const { router } = made();
    const end = router.guard(() => false);
    router.go('/t/5');
    expect(router.route.name).toBe('tickets');
    end();
    router.go('/t/5');
    expect(router.route.name).toBe('ticket');
  });
});
