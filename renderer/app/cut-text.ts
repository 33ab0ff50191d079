/** Whatever is cut by an ellipsis says in full what it is when the pointer rests on it, wherever nobody thought of a title. */

const MARK = 'data-cut-title'

/** Listens in the whole document; a title that somebody wrote is left alone, one of ours goes again once the text has room. */
export function titleCutTexts(root: Document): void {
  root.addEventListener('pointerover', event => {
    let element = event.target instanceof Element ? event.target : null
    // The one that cuts is the element itself or close above it (a number or a link in a cell).
    for (let step = 0; element instanceof HTMLElement && step < 4; step++, element = element.parentElement) {
      if (element.hasAttribute(MARK)) {
        if (isCut(element)) return
        element.removeAttribute(MARK)
        element.removeAttribute('title')
      }
      if (element.hasAttribute('title')) return
      if (!isCut(element)) continue
      element.title = element.textContent.replace(/\s+/g, ' ').trim()
      element.setAttribute(MARK, '')
      return
    }
  })
}

function isCut(element: HTMLElement): boolean {
  return element.scrollWidth > element.clientWidth && getComputedStyle(element).textOverflow === 'ellipsis'
}
