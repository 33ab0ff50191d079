/**
 * The plan sheet of one enterprise (一企一策方案表, domain §11.7 no. 2) as plain data, from which PDF and Word print the same words.
 * Every value is already printed: what is unknown stands as —. Pure; knows no file format.
 */
import type { ReportFigure, ReportTable } from './model.ts'

/** Names of the places that a Word template can fill, without braces; also the order in which they are printed. */
export type SheetFacts = readonly (readonly [label: string, value: string])[]

export interface SheetTable extends ReportTable {
  /** Name of its place in a Word template. */
  readonly place: string
}

export interface PlanSheet {
  readonly title: string
  readonly code: string
  readonly enterprise: string
  /** 基本情况. */
  readonly basics: SheetFacts
  /** 目标值. */
  readonly targets: SheetFacts
  /** 用地情况, 效益与能耗, 合规检查, 整治方式与措施, 时间节点. */
  readonly tables: readonly SheetTable[]
  readonly problems: string
  /** 处置路径 with the reason when it departs from the default. */
  readonly route: string
  /** 验收标准, one line per kind of measure. */
  readonly criteria: readonly string[]
  readonly figure: ReportFigure | null
  /** Signature boxes: 企业承诺, 乡镇意见, 部门意见. */
  readonly opinions: readonly { readonly heading: string; readonly text: string }[]
  readonly footer: string
}
