/** Device pixels per CSS pixel of tiles: more than two cost much and show nothing. */
export function devicePixels(): number {
  return Math.min(2, Math.max(1, Math.round(window.devicePixelRatio)))
}
