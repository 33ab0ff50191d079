import { describe, expect, it } from 'vitest'
import { CONTENT_SECURITY_POLICY, contentTypeOf, relativeFileOf } from './web-files.ts'

describe('web files', () => {
  it('serves plain paths below the root', () => {
    expect(relativeFileOf('/')).toBe('index.html')
    expect(relativeFileOf('/assets/index-1.js')).toBe('assets/index-1.js')
    expect(relativeFileOf('/assets/%E5%85%B0%E6%BA%AA.png')).toBe('assets/兰溪.png')
  })

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/a/..%2f..%2fb',
    '/..%5c..%5cb',
    '/C:/x',
    '//etc/passwd',
    '/.env',
    '/a%00.js',
    '/%',
    'a',
  ])('refuses %s', path => expect(relativeFileOf(path)).toBeNull())

  it('knows the types a page needs and never guesses', () => {
    expect(contentTypeOf('a/b.JS')).toBe('text/javascript; charset=utf-8')
    expect(contentTypeOf('survey.lowland')).toBe('application/octet-stream')
  })

  it('has no unsafe source', () => expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|https?:/))
})
