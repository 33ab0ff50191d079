/** For tools that look for Vite's configuration; builds use `tools/build.ts`, which adds the Node side. */
import { rendererConfig } from './tools/vite-renderer.ts'

export default rendererConfig()
