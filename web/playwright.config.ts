import { defineConfig } from '@playwright/test';

// Debian's Chromium, without a way out: no updates, no reports.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 2,
  projects: [
    { name: 'stories', testIgnore: 'timed.spec.ts' },
    // By itself, in a whole run after the others: a time that was taken beside another browser says nothing.
    { name: 'timed', testMatch: 'timed.spec.ts', workers: 1 },
  ],
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['./e2e/failures.ts']],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 30_000,
    trace: 'off',
    launchOptions: {
      executablePath: process.env.FAFF_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
