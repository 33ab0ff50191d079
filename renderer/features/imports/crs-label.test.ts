import i18next from 'i18next'
import { expect, it } from 'vitest'
import { usableCrs } from '../../../shared/geometry/crs.ts'
import { crsLabel } from './crs-label.ts'

it('names every usable coordinate system in English', async () => {
  await i18next.init({ lng: 'en' })
  const labels = usableCrs().map(crsLabel)
  expect(labels.filter(label => /[\u3400-\u9fff]/.test(label))).toEqual([])
  expect(labels).toContain('CGCS2000 3-degree, central meridian 120° (EPSG:4549)')
})
