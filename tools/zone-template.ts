/**
 * `node tools/zone-template.ts`: writes `resources/reports/zone-report.docx`, the Word template of 连片整治区域报告. Run it only to
 * begin the template anew: what staff changed in Word is lost. The places in double braces are filled by service/reports.
 */
import { writeFileSync } from 'node:fs'
import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  TextRun,
} from 'docx'
import { inProject } from './paths.ts'

const face = (eastAsia: string) => ({
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  cs: 'Times New Roman',
  eastAsia,
})
const run = (text: string, size = 24, eastAsia = '仿宋', bold = false) =>
  new TextRun({ text, size, bold, font: face(eastAsia), color: '000000' })
const place = (name: string) => new Paragraph({ indent: { firstLine: 480 }, children: [run(`{{${name}}}`)] })
const mark = (words: string) => new Paragraph({ children: [run(words, 16)] })
const heading = (words: string) =>
  new Paragraph({
    heading: HeadingLevel.HEADING_2,
    keepNext: true,
    spacing: { before: 160, after: 60 },
    children: [run(words, 28, '黑体')],
  })

const footer = new Footer({
  children: [
    new Paragraph({
      alignment: AlignmentType.CENTER,
      children: [new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'] })],
    }),
  ],
})
const page = (orientation: (typeof PageOrientation)[keyof typeof PageOrientation]) => ({
  page: {
    size: { width: 11906, height: 16838, orientation },
    margin: { top: 1134, bottom: 1134, left: 1020, right: 1020 },
  },
})

const PARTS: readonly (readonly [heading: string, places: readonly string[]])[] = [
  ['一、区域概况', ['区域概况']],
  ['二、企业与地块明细', ['企业与地块明细']],
  ['三、低效原因分析', ['低效原因分析']],
  ['四、规划衔接', ['规划衔接']],
  ['五、整治方向', ['整治方向']],
  ['六、一企一策汇总', ['一企一策汇总']],
  ['七、计划进度', ['计划进度']],
  ['八、资金测算', ['资金测算']],
  ['九、预期成效', ['预期成效']],
  ['十、责任分工', ['责任分工']],
  ['十一、位置图、现状图、边界图与照片', ['图件说明', '图件', '照片']],
  ['十二、界址点成果表', ['界址点成果表']],
]

const document = new Document({
  sections: [
    {
      properties: page(PageOrientation.LANDSCAPE),
      footers: { default: footer },
      children: [
        new Paragraph({ alignment: AlignmentType.CENTER, children: [run('{{标题}}', 44, '方正小标宋简体')] }),
        new Paragraph({ children: [run('{{表头}}', 21)] }),
        place('表A'),
        place('说明'),
        new Paragraph({ spacing: { before: 400 }, children: [run('{{签章}}')] }),
      ],
    },
    {
      properties: page(PageOrientation.PORTRAIT),
      footers: { default: footer },
      children: [
        mark('{{#区域}}'),
        new Paragraph({
          heading: HeadingLevel.HEADING_1,
          pageBreakBefore: true,
          children: [run('{{区域标题}}', 32, '黑体')],
        }),
        ...PARTS.flatMap(([words, places]) => [heading(words), ...places.map(place)]),
        mark('{{/区域}}'),
      ],
    },
  ],
})

writeFileSync(inProject('resources/reports/zone-report.docx'), await Packer.toBuffer(document))
