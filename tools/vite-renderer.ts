/** How the window is built: one static site with relative addresses, for Chrome 114 and later, under a strict CSP. */
import react from '@vitejs/plugin-react'
import type { InlineConfig } from 'vite'
import { inProject } from './paths.ts'
import { adoptedStyles, zodWithoutEval } from './vite-adopted-styles.ts'

export function rendererConfig(): InlineConfig {
  return {
    configFile: false,
    root: inProject('renderer'),
    base: './',
    publicDir: false,
    plugins: [adoptedStyles(), zodWithoutEval(), react()],
    worker: { format: 'es', plugins: () => [zodWithoutEval()] },
    // Pre-bundling would hide antd's style module from the plugin.
    optimizeDeps: { exclude: ['@rc-component/util', '@ant-design/icons', '@ant-design/cssinjs'] },
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
