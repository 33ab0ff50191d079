/** End-to-end tests: the built window in real Electron (`desktop`) and in a real browser over the loopback host (`browser`). */
import { defineConfig } from '@playwright/test'
import type { HostOptions } from './test/e2e/support/app.ts'

export default defineConfig<HostOptions>({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  projects: [
    { name: 'browser', testIgnore: '**/*.desktop.spec.ts', use: { host: 'browser' } },
    { name: 'desktop', testIgnore: '**/*.browser.spec.ts', use: { host: 'desktop' } },
  ],
})
