/** What a person does with devices that Playwright has no words for, sent to the browser itself: files dropped, an input method. */
import type { Page } from '@playwright/test'

/** Drops files from the disk at the middle of an element, as a file manager does: real files, trusted events. */
export async function dropFiles(page: Page, selector: string, files: readonly string[]): Promise<void> {
  // The map is there before the frame that takes files.
  await page.locator('.field-tools').waitFor()
  const box = (await page.locator(selector).first().boundingBox())!
  const session = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data })
  await session.detach()
}

/** Types as through a Chinese input method: letters are composed in the focused field, then the word takes their place. */
export async function compose(page: Page, letters: string, word: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  for (let end = 1; end <= letters.length; end++)
    await session.send('Input.imeSetComposition', {
      text: letters.slice(0, end),
      selectionStart: end,
      selectionEnd: end,
    })
  await session.send('Input.insertText', { text: word })
  await session.detach()
}
