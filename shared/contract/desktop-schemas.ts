/** What the main process accepts from a window, as schemas; see `desktop.ts` for the functions. */
import { z } from 'zod'

const filterSchema = z.object({ name: z.string().max(100), extensions: z.array(z.string().regex(/^[a-z0-9]{1,12}$/)) })

export const openFileInputSchema = z.object({
  title: z.string().max(200).optional(),
  filters: z.array(filterSchema).max(20).default([]),
  folder: z.boolean().default(false),
})
export const saveFileInputSchema = z.object({
  title: z.string().max(200).optional(),
  default_name: z.string().max(200).optional(),
  filters: z.array(filterSchema).max(20).default([]),
})
export const pathInputSchema = z.object({ path: z.string().min(1).max(4096) })
export const appInfoSchema = z.object({
  version: z.string(),
  platform: z.string(),
  /** BCP 47, e.g. `zh-CN`. */
  locale: z.string(),
})
export type AppInfo = z.infer<typeof appInfoSchema>

export type OpenFileInput = z.input<typeof openFileInputSchema>
export type SaveFileInput = z.input<typeof saveFileInputSchema>
