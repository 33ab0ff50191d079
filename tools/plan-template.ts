/**
 * `node tools/plan-template.ts`: writes `resources/reports/plan-sheet.docx`, the Word template of 一企一策方案表. Run it only to begin
 * the template anew: what staff changed in Word is lost. The places in double braces are filled by service/reports.
 */
import { writeFileSync } from 'node:fs'
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx'
import { inProject } from './paths.ts'

const face = (eastAsia: string) => ({
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  cs: 'Times New Roman',
  eastAsia,
})
const run = (words: string, size = 16, eastAsia = '宋体', bold = false) =>
  new TextRun({ text: words, size, bold, font: face(eastAsia) })
const WIDTH = 10_200
const tight = { spacing: { before: 0, after: 0 } }

const band = (words: string) =>
  new Paragraph({
    keepNext: true,
    spacing: { before: 40, after: 20 },
    shading: { type: ShadingType.CLEAR, fill: 'E4E8EC' },
    children: [run(words, 20, '黑体', true)],
  })

function cell(words: string, width: number, isHead: boolean): TableCell {
  return new TableCell({
    width: { size: width, type: WidthType.DXA },
    verticalAlign: VerticalAlign.CENTER,
    ...(isHead ? { shading: { type: ShadingType.CLEAR, fill: 'F0F2F4' } } : {}),
    children: [new Paragraph({ ...tight, children: [run(words, 16, isHead ? '黑体' : '宋体', isHead)] })],
  })
}

/** Pairs of a label and the place of its value, `perRow` pairs a row; `share` is how much of a pair the label takes. */
function facts(labels: readonly string[], perRow: number, share: number): Table {
  const label = Math.floor((WIDTH / perRow) * share)
  const value = Math.floor(WIDTH / perRow) - label
  const rows: TableRow[] = []
  for (let at = 0; at < labels.length; at += perRow) {
    const pairs = Array.from({ length: perRow }, (_, column) => labels[at + column] ?? '')
    rows.push(
      new TableRow({
        children: pairs.flatMap(words => [
          cell(words, label, true),
          cell(words === '' ? '' : `{{${words.replace(/\(.*\)$/, '')}}}`, value, false),
        ]),
      }),
    )
  }
  return new Table({
    rows,
    width: { size: WIDTH, type: WidthType.DXA },
    columnWidths: Array(perRow).fill([label, value]).flat(),
  })
}

const NONE = { style: BorderStyle.NONE, size: 0, color: 'auto' }
const NO_BORDERS = { top: NONE, bottom: NONE, left: NONE, right: NONE, insideHorizontal: NONE, insideVertical: NONE }
const beside = (children: Paragraph[]) =>
  new TableCell({
    width: { size: WIDTH / 2, type: WidthType.DXA },
    borders: { top: NONE, bottom: NONE, left: NONE, right: NONE },
    children,
  })

const place = (name: string) => new Paragraph({ ...tight, children: [run(`{{${name}}}`)] })
const opinions = ['企业承诺', '乡镇(街道)意见', '部门意见']

const document = new Document({
  sections: [
    {
      properties: {
        page: {
          size: { width: 11_906, height: 16_838 },
          margin: { top: 560, bottom: 420, left: 853, right: 853, footer: 200 },
        },
      },
      footers: {
        default: new Footer({
          children: [
            new Paragraph({
              ...tight,
              alignment: AlignmentType.CENTER,
              children: [
                new TextRun({
                  children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES],
                  size: 14,
                  font: face('宋体'),
                }),
              ],
            }),
          ],
        }),
      },
      children: [
        new Paragraph({ alignment: AlignmentType.CENTER, children: [run('{{标题}}', 30, '方正小标宋简体', true)] }),
        band('一、基本情况'),
        facts(
          [
            '企业名称',
            '统一社会信用代码',
            '法定代表人',
            '联系电话',
            '地址',
            '行业代码',
            '经营状态',
            '所在园区',
            '主要产品',
            '方案编号',
            '牵头单位',
            '配合单位',
            '责任人',
            '联系领导',
          ],
          2,
          0.3,
        ),
        band('二、用地情况'),
        place('用地情况'),
        band('三、上两年效益与能耗'),
        place('效益与能耗'),
        band('四、合规检查'),
        place('合规检查'),
        band('五、存在问题'),
        place('存在问题'),
        band('六、整治方式与措施'),
        new Paragraph({ ...tight, children: [run('处置路径：', 18, '黑体'), run('{{处置路径}}')] }),
        place('整治方式与措施'),
        band('七、目标值'),
        facts(
          [
            '目标亩均税收(万元/亩)',
            '目标能耗(tce)',
            '预计腾出用地(亩)',
            '预计腾出能耗(tce)',
            '预计减排二氧化碳(tCO₂)',
            '预计新增税收(万元)',
            '新增建筑面积(m²)',
            '计划投资(万元)',
            '开始时间',
            '计划完成时间',
          ],
          3,
          0.62,
        ),
        // Two tables that touch become one, and lose their borders.
        new Paragraph({ spacing: { before: 0, after: 0, line: 40 }, children: [] }),
        new Table({
          width: { size: WIDTH, type: WidthType.DXA },
          columnWidths: [WIDTH / 2, WIDTH / 2],
          borders: NO_BORDERS,
          rows: [
            new TableRow({
              children: [
                beside([band('八、时间节点'), place('时间节点'), band('九、验收标准'), place('验收标准')]),
                beside([band('十、位置图'), place('位置图')]),
              ],
            }),
          ],
        }),
        band('十一、意见'),
        new Table({
          width: { size: WIDTH, type: WidthType.DXA },
          columnWidths: opinions.map(() => WIDTH / 3),
          rows: [
            new TableRow({
              cantSplit: true,
              children: opinions.map(
                name =>
                  new TableCell({
                    width: { size: WIDTH / 3, type: WidthType.DXA },
                    children: [
                      new Paragraph({ keepNext: true, children: [run(name, 18, '黑体', true)] }),
                      new Paragraph({ children: [run(`{{${name}}}`)] }),
                      new Paragraph({
                        spacing: { before: 620 },
                        alignment: AlignmentType.RIGHT,
                        children: [run('(盖章)    年  月  日')],
                      }),
                    ],
                  }),
              ),
            }),
          ],
        }),
        new Paragraph({ spacing: { before: 60 }, children: [run('{{页脚}}', 14)] }),
      ],
    },
  ],
})

writeFileSync(inProject('resources/reports/plan-sheet.docx'), await Packer.toBuffer(document))
