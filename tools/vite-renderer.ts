/** How the window is built: one static site with relative addresses, for Chrome 114 and later, under a strict CSP. */
import react from '@vitejs/plugin-react'
import type { InlineConfig } from 'vite'
import { inProject } from './paths.ts'
import { adoptedStyles, zodWithoutEval } from './vite-adopted-styles.ts'
import { oneByteSources } from './vite-one-byte.ts'
import { preloadWindow } from './vite-preload-window.ts'

/** `dev`: served from source without our policy, so antd's styles may stay as they are and be bundled beforehand. */
export function rendererConfig(options: { dev?: boolean } = {}): InlineConfig {
  const dev = options.dev ?? false
  return {
    configFile: false,
    root: inProject('renderer'),
    base: './',
    publicDir: false,
    plugins: [...(dev ? [] : [adoptedStyles()]), zodWithoutEval(), react(), oneByteSources(), preloadWindow()],
    worker: { format: 'es', plugins: () => [zodWithoutEval(), oneByteSources()] },
    build: {
      target: 'chrome114',
      outDir: inProject('out/renderer'),
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      // Small files as data: URLs would need `data:` in more directives.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4000,
      reportCompressedSize: false,
    },
  }
}
