/**
 * Vite plugin: the window's code in ASCII, Chinese texts as escapes. V8 keeps the text of a script with two bytes a character
 * as soon as one of them needs it, and compiles functions from it when they are called first: half of 4 MB for as long as the window lives.
 */
import type { Plugin } from 'vite'

const BEYOND_ASCII = /[^\0-\x7f]/g

export function oneByteSources(): Plugin {
  return {
    name: 'lowland-one-byte-sources',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = escaped(file.code)
      },
    },
  }
}

/**
 * Code that does the same: minified code has such characters in strings, templates and patterns only, where an escape by UTF-16 unit means
 * the character. Not in `String.raw`, which nothing in the window uses.
 */
export function escaped(code: string): string {
  return code.replace(BEYOND_ASCII, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
