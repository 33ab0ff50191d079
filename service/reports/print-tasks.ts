/** The heavy steps of printing, as they run in a thread of their own (`print-worker.ts`) or in place. Pure but for the fonts. */
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { Resvg } from '@resvg/resvg-js'

export interface TypstTask {
  readonly kind: 'typst'
  /** Text of the template and the folder that it may read from. */
  readonly template: string
  readonly workspace: string
  readonly fontFolders: readonly string[]
  /** JSON for `sys.inputs.data`. */
  readonly data: string
  /** Files that exist for the template only: absolute path below the workspace, bytes. */
  readonly files: readonly (readonly [path: string, bytes: Uint8Array])[]
  /** Also say on which page each `<chapter>` of the template stands. */
  readonly wantsChapters?: boolean
}

export interface PngTask {
  readonly kind: 'png'
  /** SVG without text. */
  readonly svg: string
  readonly zoom: number
}

export type PrintTask = TypstTask | PngTask

/** The file's bytes, or what Typst has against the template. */
export type PrintAnswer =
  | { readonly bytes: Uint8Array; readonly chapterPages?: readonly number[] }
  | { readonly problem: string }

export function runPrintTask(task: PrintTask): PrintAnswer {
  return task.kind === 'png' ? { bytes: toPng(task) } : toPdf(task)
}

function toPng({ svg, zoom }: PngTask): Uint8Array {
  const image = new Resvg(svg, { fitTo: { mode: 'zoom', value: zoom }, font: { loadSystemFonts: false } })
  return image.render().asPng()
}

/** Opening the fonts takes longer than a page: a thread that prints part after part keeps them. */
let kept: { readonly key: string; readonly compiler: NodeCompiler } | undefined

function compilerOf(workspace: string, fontFolders: readonly string[]): NodeCompiler {
  const key = JSON.stringify([workspace, fontFolders])
  if (kept?.key !== key)
    kept = { key, compiler: NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: [...fontFolders] }] }) }
  return kept.compiler
}

function toPdf({ template, workspace, fontFolders, data, files, wantsChapters }: TypstTask): PrintAnswer {
  const compiler = compilerOf(workspace, fontFolders)
  try {
    for (const [path, bytes] of files) compiler.mapShadow(path, Buffer.from(bytes))
    const compiled = compiler.compile({ mainFileContent: template, inputs: { data } })
    const document = compiled.result
    if (!document || compiled.hasError()) {
      const found = compiled.takeDiagnostics()?.shortDiagnostics as { message?: unknown }[] | undefined
      return { problem: String(found?.[0]?.message ?? 'not compiled') }
    }
    // Tags of a county's report weigh thirteen times its pages (35 MB and 2.7 MB) and take longer to write than all the rest.
    const bytes = compiler.pdf(document, { pdfTags: false })
    if (!wantsChapters) return { bytes }
    const marks = compiler.query(document, { selector: '<chapter>' }) as { value?: unknown }[]
    return { bytes, chapterPages: marks.map(mark => Number(mark.value)) }
  } finally {
    compiler.resetShadow()
    // What Typst remembers belongs to the process, not to this thread: gigabytes for a county, never asked for again.
    compiler.evictCache(0)
  }
}
