import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

function leaves(tree: object, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key
    if (typeof value === 'string') found.set(at, value)
    else for (const [inner, text] of leaves(value as object, at)) found.set(inner, text)
  }
  return found
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]!).sort()

describe('catalogues', () => {
  const chinese = leaves(zh)
  const english = leaves(en)

  it('have the same keys in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })

  it('name the same values in both languages', () => {
    for (const [key, text] of chinese) expect(placeholders(english.get(key) ?? ''), key).toEqual(placeholders(text))
  })

  it('leave no Chinese in the English catalogue, language names aside', () => {
    for (const [key, text] of english)
      if (!text.includes('中文')) expect(/[\u3400-\u9fff]/.test(text), `${key}: ${text}`).toBe(false)
  })
})
