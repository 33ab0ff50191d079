/** What the legend of the map shows beside its colours: exact numbers and areas per code of a theme. */
import { z } from 'zod'
import { procedure } from './base.ts'
import { parcelFilterSchema } from './parcels.ts'

/** Themes of the map; every one of them is also a filter of the parcel table. */
export const themeSchema = z.enum(['side', 'state', 'class', 'tax', 'unit', 'year', 'freed'])
export type ThemeName = z.infer<typeof themeSchema>

export const themesContract = {
  /** Numbers per code of the theme, the empty code for "no value". Area is ellipsoidal m². */
  counts: procedure
    .input(z.object({ theme: themeSchema, filter: parcelFilterSchema.default({}) }))
    .output(z.array(z.object({ code: z.string(), count: z.number(), area_m2: z.number() }))),
}
