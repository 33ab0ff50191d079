/** One file out of a program of the tests, for tests that start it again and again. */
import { build } from 'vite'
import { inProject } from '../../tools/paths.ts'
import { nodeConfig } from '../../tools/vite-node.ts'

/** Bundles `entry` (from the root of the project) into `out/test` and returns the file for Node to run. */
export async function bundleForNode(name: string, entry: string): Promise<string> {
  const config = nodeConfig(name, entry)
  await build({ ...config, build: { ...config.build, outDir: inProject('out/test'), sourcemap: false } })
  return inProject('out/test', `${name}.cjs`)
}
