/**
 * Gives back the pixels of a canvas that is no longer shown, now and not with the next collection of garbage. Chromium keeps
 * the bitmap of a canvas that is made smaller, and puts a blank one as large as the canvas in place of a bitmap that is
 * taken away; only both together leave one pixel.
 */
export function dropBitmap(context: ImageBitmapRenderingContext): void {
  const { canvas } = context
  canvas.width = 1
  canvas.height = 1
  context.transferFromImageBitmap(null)
}
