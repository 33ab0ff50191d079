/** A small document as a tree of elements, names without prefix. Well-formed XML only; nothing outside the text is read. */
import { SaxesParser } from 'saxes'

export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  /** Its own text, without that of its children. */
  text: string
}

const MOST_ELEMENTS = 200_000

/** Undefined for what is not well-formed, declares entities of its own, or is beyond reason. */
export function readXml(text: string): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: false })
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  let count = 0
  parser.on('error', error => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('doctype')
  })
  parser.on('opentag', tag => {
    count += 1
    if (count > MOST_ELEMENTS) throw new Error('too many elements')
    const element: XmlElement = {
      name: localName(tag.name),
      attributes: tag.attributes as Record<string, string>,
      children: [],
      text: '',
    }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  const add = (part: string): void => {
    const element = open.at(-1)
    if (element) element.text += part
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => void open.pop())
  try {
    parser.write(text.replace(/^\uFEFF/, '')).close()
    return root
  } catch {
    return undefined
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
