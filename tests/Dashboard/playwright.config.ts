import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  // With an address, only what can be asked of any real server; without one, everything else, each in a world of its own.
  testMatch: process.env.BASE_URL ? 'real.spec.ts' : /^(?!.*real\.spec).*\.spec\.ts$/,
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Pictures are drawn by `npm run snapshots` alone: one that is missing fails, and does not come to be by trying again.
  updateSnapshots: 'none',
  snapshotPathTemplate: 'snapshots/{arg}{ext}',
  fullyParallel: true,
  workers: Number(process.env.WORKERS ?? 2),
  // A real browser on a busy machine: what passes when tried again is told as flaky.
  retries: 1,
  reporter: [['list'], ['./e2e/count-reporter.ts']],
  use: {
    viewport: { width: 1360, height: 900 },
    trace: 'retain-on-failure',
    // What cannot be clicked says so, instead of using up the test's time.
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
