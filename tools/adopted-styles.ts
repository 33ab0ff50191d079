/**
 * Stands in for `@rc-component/util/es/Dom/dynamicCSS` and the style functions of `@ant-design/icons` in the window's
 * bundle. They insert <style> elements, which our Content-Security-Policy refuses; constructable style sheets are outside
 * of `style-src`. Loaded by `vite-adopted-styles.ts`; depends on antd internals, so antd is pinned.
 */

interface StyleOptions {
  readonly attachTo?: Element | ShadowRoot
  readonly mark?: string
  readonly prepend?: boolean | 'queue'
  readonly priority?: number
}

interface Entry {
  readonly sheet: CSSStyleSheet
  readonly rank: number
  /** Never inserted into the document; the callers mark it and read the marks again. */
  readonly element: HTMLStyleElement
}

/** Of each document or shadow root: key → sheet. */
const sheetsOf = new WeakMap<Document | ShadowRoot, Map<string, Entry>>()

function rootOf(options: StyleOptions): Document | ShadowRoot {
  const root = options.attachTo?.getRootNode()
  return typeof ShadowRoot !== 'undefined' && root instanceof ShadowRoot ? root : document
}

function keyOf(key: string, options: StyleOptions): string {
  return `${options.mark ?? ''}|${key}`
}

/** antd orders: queued ones by priority first, then prepended, then appended. */
function rankOf(options: StyleOptions): number {
  if (options.prepend === 'queue') return options.priority ?? 0
  return options.prepend ? 10_000 : 20_000
}

function place(root: Document | ShadowRoot, entries: Map<string, Entry>): void {
  const ours = new Set([...entries.values()].map(entry => entry.sheet))
  const others = root.adoptedStyleSheets.filter(sheet => !ours.has(sheet))
  const sorted = [...entries.values()].sort((a, b) => a.rank - b.rank)
  root.adoptedStyleSheets = [...others, ...sorted.map(entry => entry.sheet)]
}

/** Sets the rules kept under `key`. The element returned is a label, not what styles the page. */
export function updateCSS(css: string, key: string, options: StyleOptions = {}): HTMLStyleElement {
  const root = rootOf(options)
  const entries = sheetsOf.get(root) ?? new Map<string, Entry>()
  sheetsOf.set(root, entries)
  const existing = entries.get(keyOf(key, options))
  if (existing) {
    existing.sheet.replaceSync(css)
    return existing.element
  }
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  const element = document.createElement('style')
  entries.set(keyOf(key, options), { sheet, rank: rankOf(options), element })
  place(root, entries)
  return element
}

export function removeCSS(key: string, options: StyleOptions = {}): void {
  const root = rootOf(options)
  const entries = sheetsOf.get(root)
  const entry = entries?.get(keyOf(key, options))
  if (!entries || !entry) return
  entries.delete(keyOf(key, options))
  root.adoptedStyleSheets = root.adoptedStyleSheets.filter(sheet => sheet !== entry.sheet)
}

let anonymous = 0
export function injectCSS(css: string, options: StyleOptions = {}): HTMLStyleElement {
  anonymous += 1
  return updateCSS(css, `anonymous-${anonymous}`, options)
}

/** Kept for the callers; nothing is cached by container here. */
export function clearContainerCache(): void {
  anonymous += 0
}

export function getShadowRoot(element: Node | null): ShadowRoot | null {
  const root = element?.getRootNode?.()
  return typeof ShadowRoot !== 'undefined' && root instanceof ShadowRoot ? root : null
}

const warned = new Set<string>()
export function warningOnce(valid: boolean, message: string): void {
  if (valid || warned.has(message)) return
  warned.add(message)
  console.warn(message)
}
