/**
 * How the Node side is built: CommonJS bundles for Electron's main process, preload, service and for the terminal.
 * CommonJS and node18 because the runtime used in tests is that old; native and heavy packages stay outside.
 */
import { builtinModules } from 'node:module'
import type { InlineConfig } from 'vite'
import { inProject } from './paths.ts'

/** Native, with files of their own, or CommonJS of a size not worth bundling. */
const EXTERNAL_PACKAGES = [
  'electron',
  'better-sqlite3',
  '@myriaddreamin/typst-ts-node-compiler',
  '@resvg/resvg-js',
  'exceljs',
  'iconv-lite',
  'geos-wasm',
  '@expo-google-fonts/noto-sans-sc',
  '@expo-google-fonts/noto-serif-sc',
]

export function nodeConfig(name: string, entry: string): InlineConfig {
  const external = [...builtinModules, ...builtinModules.map(module => `node:${module}`), ...EXTERNAL_PACKAGES]
  return {
    configFile: false,
    root: inProject('.'),
    publicDir: false,
    logLevel: 'warn',
    ssr: { target: 'node', noExternal: true, external: EXTERNAL_PACKAGES },
    build: {
      target: 'node18',
      ssr: inProject(entry),
      outDir: inProject('out/main'),
      emptyOutDir: false,
      minify: false,
      sourcemap: true,
      reportCompressedSize: false,
      rolldownOptions: {
        external: id => external.some(name => id === name || id.startsWith(`${name}/`)),
        output: { format: 'cjs', entryFileNames: `${name}.cjs`, codeSplitting: false },
      },
    },
  }
}
