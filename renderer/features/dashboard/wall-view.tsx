/** The wall chart as elements: what stands for a number is a button. */
import { type KeyboardEvent, type MouseEvent, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dashboard, Figure, TargetIndicator } from '../../../shared/contract/dashboard.ts'
import { type Shape, WALL_HEIGHT, WALL_WIDTH } from '../../../shared/report/wall/shapes.ts'
import { wallChart } from '../../../shared/report/wall/wall-chart.ts'
import { WALL_WORDS } from '../../../shared/report/wall/words.ts'
import { useUnitNames } from '../../app/use-survey.ts'

interface WallViewProps {
  data: Dashboard
  indicator: TargetIndicator
  unit: string | null
  /** `left`: the list goes to the left half, because the number stands in the right one. */
  onOpen: (figure: Figure, left: boolean) => void
}

export function WallView({ data, indicator, unit, onOpen }: Readonly<WallViewProps>) {
  const { i18n } = useTranslation()
  const names = useUnitNames()
  const words = WALL_WORDS[i18n.language === 'en' ? 'en' : 'zh']
  const shapes = useMemo(
    () => wallChart(data, { words, nameOf: code => names.get(code) ?? code, indicator, unit }),
    [data, words, names, indicator, unit],
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture whose parts are buttons; "img" would hide them from screen readers
    <svg
      className="wall"
      viewBox={`0 0 ${WALL_WIDTH} ${WALL_HEIGHT}`}
      role="group"
      aria-label={`${words.title(data.year)} ${words.asOf(data.as_of)}`}
    >
      {shapes.map((shape, index) => {
        const { figure } = shape
        // biome-ignore lint/suspicious/noArrayIndexKey: the picture is drawn anew as a whole
        if (!figure) return <Drawn key={index} shape={shape} />
        const open = (): void => {
          const at = shape.kind === 'path' ? 0 : shape.x
          onOpen({ ...figure, year: data.year, to: data.as_of }, at > WALL_WIDTH / 2)
        }
        return (
          // biome-ignore lint/a11y/useSemanticElements: a button element cannot stand inside a picture
          <g
            // biome-ignore lint/suspicious/noArrayIndexKey: the picture is drawn anew as a whole
            key={index}
            role="button"
            tabIndex={0}
            className="wall-number"
            aria-label={shape.title}
            data-figure={`${figure.indicator}/${figure.unit ?? 'all'}${figure.month ? `/${figure.month}` : ''}${shape.kind === 'text' ? '' : '/area'}`}
            onClick={(event: MouseEvent) => {
              event.stopPropagation()
              open()
            }}
            onKeyDown={(event: KeyboardEvent) => {
              if (event.key !== 'Enter' && event.key !== ' ') return
              event.preventDefault()
              open()
            }}
          >
            <title>{shape.title}</title>
            <Drawn shape={shape} />
          </g>
        )
      })}
    </svg>
  )
}

function Drawn({ shape }: Readonly<{ shape: Shape }>) {
  // What says nothing of its own lets the pointer through: a number that is written on a unit's land belongs to the land.
  const still = shape.figure || shape.title ? undefined : 'wall-still'
  if (shape.kind === 'rect') {
    const { x, y, width, height, fill, stroke, radius } = shape
    return <rect className={still} x={x} y={y} width={width} height={height} fill={fill} stroke={stroke} rx={radius} />
  }
  if (shape.kind === 'path') {
    const { d, fill, stroke, width, dash } = shape
    return <path className={still} d={d} fill={fill} stroke={stroke} strokeWidth={width} strokeDasharray={dash} />
  }
  const { x, y, text, size, fill, anchor, bold } = shape
  return (
    <text className={still} x={x} y={y} fontSize={size} fill={fill} textAnchor={anchor} fontWeight={bold ? 700 : 400}>
      {/* What had to be cut is said in full. */}
      {shape.title && !shape.figure && <title>{shape.title}</title>}
      {text}
    </text>
  )
}
