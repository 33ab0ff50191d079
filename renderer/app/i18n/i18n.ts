/**
 * The catalogues: one file per area and language, Chinese first. Field names and enumeration terms are not here, they
 * come from the model (`shared/model`), so that a term exists once.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { ENTITIES, type EntityName, fieldOf, isEntityName } from '../../../shared/model/entity.ts'
import { type EnumerationName, labelOf } from '../../../shared/model/enumerations.ts'
import { MAP_TEXTS } from '../../map/map-texts.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

export type Language = 'zh' | 'en'

export function startI18n(): void {
  const stored = localStorage.getItem('language')
  void i18next.use(initReactI18next).init({
    lng: stored === 'en' ? 'en' : 'zh',
    fallbackLng: 'zh',
    resources: { zh: { translation: zh, map: MAP_TEXTS.zh }, en: { translation: en, map: MAP_TEXTS.en } },
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
  })
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en'
  if (language() !== 'zh') void window.lowland?.setLanguage(language())
}

export function language(): Language {
  return i18next.language === 'en' ? 'en' : 'zh'
}

export function setLanguage(next: Language): void {
  localStorage.setItem('language', next)
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  void i18next.changeLanguage(next)
  void window.lowland?.setLanguage(next)
}

/** Translation outside components; inside them use `useTranslation`. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  return String(i18next.t(key, values))
}

/** Translation of a map text (`map.*`). */
export function mapText(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  return String(i18next.t(key, { ns: 'map', keySeparator: false, ...values }))
}

export function entityLabel(entity: string): string {
  return isEntityName(entity) ? ENTITIES[entity][language()] : entity
}

export function fieldLabel(entity: EntityName, field: string): string {
  return fieldOf(entity, field)?.[language()] ?? field
}

/** The term for a code of an enumeration in the current language. */
export function term(name: EnumerationName, code: string | null | undefined): string {
  return labelOf(name, code, language())
}

/** Words for a step of the history: `edit.<label>`. */
export function editLabel(label: string, values: Readonly<Record<string, string>> = {}): string {
  const named = values['entity'] ? { ...values, entity: entityLabel(values['entity']) } : values
  // Records that an import makes beside its rows have a file and no row.
  const key = label === 'imported' && !values['row'] ? 'import' : label
  return i18next.exists(`edit.${key}`) ? t(`edit.${key}`, { name: '', ...named }).trim() : t('edit.unknown')
}
