/**
 * Canvases that show what the worker painted. Each painting is a canvas of its own: one that is given bitmaps again and again
 * keeps two more of the same size in memory that it shares with the compositor, even when it is hidden.
 */

/** A canvas with the bitmap on it, which is emptied. */
export function pictureOf(bitmap: ImageBitmap): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = bitmap.width
  canvas.height = bitmap.height
  canvas.getContext('bitmaprenderer')!.transferFromImageBitmap(bitmap)
  return canvas
}

/**
 * Gives back the pixels of a canvas that is no longer shown, now and not with the next collection of garbage. Chromium keeps
 * the bitmap of a canvas that is made smaller, and puts a blank one as large as the canvas in place of a bitmap that is
 * taken away; only both together leave one pixel.
 */
export function dropPixels(canvas: HTMLCanvasElement): void {
  canvas.width = 1
  canvas.height = 1
  // Null for a canvas that was drawn on: that one has let go already.
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(null)
}
