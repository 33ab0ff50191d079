/** Vite plugin: antd's style insertion goes to adopted style sheets, so that `style-src 'self'` holds. */
import type { Plugin } from 'vite'
import { inProject } from './paths.ts'

const STYLE_MODULE = /(^|\/)Dom\/dynamicCSS(\.js)?$|^\.\/dynamicCSS(\.js)?$|(^|\/)cssUtils(\.js)?$/

export function adoptedStyles(): Plugin {
  return {
    name: 'lowland-adopted-styles',
    enforce: 'pre',
    resolveId: id => (STYLE_MODULE.test(id) ? inProject('tools/adopted-styles.ts') : null),
  }
}

/** zod probes `new Function` once, which a strict policy reports as a violation; `jitless` has to be set before it loads. */
export function zodWithoutEval(): Plugin {
  return {
    name: 'lowland-zod-without-eval',
    transform: (code, id) =>
      /zod\/v4\/core\/core\.js$/.test(id) ? { code: `${code}\nglobalConfig.jitless = true\n`, map: null } : null,
  }
}
