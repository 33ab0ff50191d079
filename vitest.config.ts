import { defineConfig } from 'vitest/config'

/** Unit, property, integration and contract tests. End-to-end tests run in Playwright (`playwright.config.ts`). */
export default defineConfig({
  test: {
    include: ['{shared,service,cli,electron,renderer,tools,test}/**/*.test.{ts,tsx}'],
    setupFiles: ['test/support/property-seed.ts'],
    exclude: ['**/node_modules/**', 'test/e2e/**', 'out/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
