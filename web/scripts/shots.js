// Pictures of every screen, in both themes and both widths, into shots/: `FAFF_PAGE=http://127.0.0.1:5173 FAFF_EMAIL=… FAFF_PASSWORD=… npm run shots [NAME…]`.
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';

const page = process.env.FAFF_PAGE ?? 'http://127.0.0.1:5173';
const email = process.env.FAFF_EMAIL ?? '';
const password = process.env.FAFF_PASSWORD ?? '';
const wanted = process.argv.slice(2);

const screens = {
  login: { path: '/login', guest: true },
  register: { path: '/register', guest: true },
  tickets: { path: '/tickets' },
  grouped: { path: '/tickets?status=open,in_progress&group=status' },
  nothing: { path: '/tickets?q=xyzzyxyzzy' },
  ticket: { path: `/t/${process.env.FAFF_TICKET ?? '12'}` },
  about: { path: `/t/${process.env.FAFF_TICKET ?? '12'}/about` },
  activity: { path: `/t/${process.env.FAFF_TICKET ?? '12'}/activity` },
  thread: { path: process.env.FAFF_THREAD ?? '/t/12/thread/300' },
  gone: { path: '/t/999999' },
  missing: { path: '/nowhere' },
  new: { path: '/tickets/new' },
  newdialog: { path: '/tickets', keys: 'c' },
  palette: { path: '/tickets', keys: 'Control+k' },
  shortcuts: { path: '/tickets', keys: '?' },
  inbox: { path: '/inbox' },
  reviews: { path: '/reviews' },
  view: { path: process.env.FAFF_VIEW ?? '/tickets?priority=urgent' },
  summary: { path: `/t/${process.env.FAFF_TICKET ?? '12'}/summary` },
  search: { path: '/search?q=printer' },
  profile: { path: '/settings/profile' },
  appearance: { path: '/settings/appearance' },
  notifications: { path: '/settings/notifications' },
  keys: { path: '/settings/shortcuts' },
  users: { path: '/admin/users' },
  audit: { path: '/admin/audit' },
  system: { path: '/admin/system' },
  selected: { path: '/tickets', keys: 'j,x,j,x,j,x' },
  picker: { path: '/tickets', keys: 'j,s' },
};

mkdirSync('shots', { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.FAFF_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const signed = await browser.newContext();
if (email !== '') {
  const answer = await signed.request.post(`${page}/api/auth/login`, { data: { email, password }, headers: { 'X-Faff-CSRF': '1', Origin: page } });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
}
const state = await signed.storageState();
const only = process.env.FAFF_ONLY?.split(',');
for (const [size, viewport] of Object.entries(sizes)) {
  for (const theme of ['light', 'dark']) {
    if (only && !only.includes(`${size}-${theme}`)) continue;
    for (const [name, { path, guest, keys }] of Object.entries(screens)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const context = await browser.newContext({ viewport, colorScheme: theme, ...(guest ? {} : { storageState: state }), hasTouch: size === 'phone', isMobile: size === 'phone' });
      const tab = await context.newPage();
      tab.on('console', (message) => ['error', 'warning'].includes(message.type()) && console.log(name, message.text()));
      tab.on('pageerror', (error) => console.log(name, 'error:', error.message, error.stack?.split('\n').slice(0, 4).join(' | ')));
      await tab.goto(page + path);
      await tab.waitForTimeout(Number(process.env.FAFF_WAIT ?? 1800));
      for (const key of keys?.split(',') ?? []) {
        await tab.keyboard.press(key);
        await tab.waitForTimeout(250);
      }
      await tab.waitForTimeout(300);
      await tab.screenshot({ path: `shots/${name}-${size}-${theme}.png` });
      await context.close();
    }
  }
}
await browser.close();
