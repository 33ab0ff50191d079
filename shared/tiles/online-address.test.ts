import { expect, it } from 'vitest'
import { readAddress, TIANDITU_LAYERS, tiandituTemplate, tileAddress } from './online-address.ts'

const place = { z: 14, x: 13630, y: 6764, level: '14', key: 'a/b' }

it('fills templates as people write them', () => {
  expect(tileAddress('https://t.example/{z}/{x}/{-y}@2x.png?k={apikey}', place)).toBe(
    'https://t.example/14/13630/9619@2x.png?k=a%2Fb',
  )
  expect(tileAddress('https://{s}.example/{TileMatrix}/{TileRow}/{TileCol}', { ...place, level: 'EPSG:3857:14' })).toBe(
    'https://a.example/EPSG%3A3857%3A14/6764/13630',
  )
  expect(tileAddress('https://t{0-7}.example/{z}/{x}/{y}', place)).toBe('https://t2.example/14/13630/6764')
})

it('knows the grids of 天地图 and wants a key for it', () => {
  for (const layer of TIANDITU_LAYERS)
    for (const grid of ['mercator', 'geographic'] as const) {
      const template = tiandituTemplate(layer, grid)
      expect(readAddress(template, '')).toEqual({ problem: 'online_key_missing' })
      expect(readAddress(template, 'k')).toMatchObject({ kind: 'template', grid, host: 't0.tianditu.gov.cn' })
    }
  expect(readAddress('http://t0.tianditu.gov.cn/vec_c/wmts?request=GetCapabilities&service=wmts', 'k')).toMatchObject({
    kind: 'capabilities',
    address: 'http://t0.tianditu.gov.cn/vec_c/wmts?request=GetCapabilities&service=wmts&tk={tk}',
  })
})

it('lets neither tile nor key choose the server', () => {
  for (const address of [
    'https://{key}/{z}/{x}/{y}',
    'https://{x}.example/{z}/{x}/{y}',
    'https://t{y}.example/{z}/{x}/{y}',
  ])
    expect(readAddress(address, 'k')).toEqual({ problem: 'online_address' })
})
