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
