/**
 * The fixture of feature specs: `app` is the running product on the host of the current project (`desktop` or `browser`)
 * with its own copy of the demo survey. Set `launchOptions` by `test.use` for another survey or language.
 */
import { test as base } from '@playwright/test'
import { type HostName, type LaunchOptions, launch, type RunningApp } from './launch.ts'

export interface HostOptions {
  host: HostName
  appOptions: LaunchOptions
}

export const test = base.extend<HostOptions & { app: RunningApp }>({
  host: ['browser', { option: true }],
  appOptions: [{}, { option: true }],
  app: async ({ host, appOptions }, use, info) => {
    const app = await launch(host, appOptions)
    await use(app)
    if (info.status !== info.expectedStatus) {
      await info.attach('screen', { body: await app.page.screenshot(), contentType: 'image/png' })
      await info.attach('errors', { body: app.errors.join('\n'), contentType: 'text/plain' })
    }
    await app.close()
  },
})

export { expect } from '@playwright/test'
