/**
 * Vite plugin: the page names the code of the map and of the connection, which its entry asks for first, so that all of it is
 * fetched at once. The frame's code is left out: fetching and compiling it would keep the first picture waiting.
 */
import type { HtmlTagDescriptor, Plugin, Rollup } from 'vite'

/** Modules whose code is wanted at almost every start; what they import comes along. */
const WANTED = ['renderer/map/early-map.ts', 'renderer/app/connection.ts']

export function preloadWindow(): Plugin {
  return {
    name: 'lowland-preload-window',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle }) => ({ html, tags: bundle ? preloads(bundle) : [] }),
    },
  }
}

function preloads(bundle: Rollup.OutputBundle): HtmlTagDescriptor[] {
  const chunks = Object.values(bundle).filter(file => file.type === 'chunk')
  const byName = new Map(chunks.map(chunk => [chunk.fileName, chunk]))
  const loaded = new Set<string>()
  const visit = (fileName: string, into: Set<string>): void => {
    if (into.has(fileName) || !byName.has(fileName)) return
    into.add(fileName)
    for (const imported of byName.get(fileName)!.imports) visit(imported, into)
  }
  for (const entry of chunks.filter(chunk => chunk.isEntry)) visit(entry.fileName, loaded)
  const wanted = new Set<string>()
  for (const chunk of chunks) {
    const modules = chunk.moduleIds.map(id => id.replaceAll('\\', '/'))
    if (WANTED.some(name => modules.some(id => id.endsWith(name)))) visit(chunk.fileName, wanted)
  }
  return [...wanted]
    .filter(fileName => !loaded.has(fileName))
    .map(fileName => ({
      tag: 'link',
      attrs: { rel: 'modulepreload', href: `./${fileName}` },
      injectTo: 'head',
    }))
}
