/** The profile of this computer kept within what it was enrolled for (`shared/rules/roles/enrolment.ts`). */
import { AppError } from '../../shared/contract/errors.ts'
import { labelOf } from '../../shared/model/enumerations.ts'
import { beyondEnrolment, type Enrolment, rolesOf } from '../../shared/rules/roles/enrolment.ts'
import type { Store } from '../db/store.ts'
import { readLink } from '../sync/sync-repo.ts'

/** Null while the survey has no hub. A laptop that knows only bundles is bound to its unit; they name no role. */
export function enrolmentOf(store: Store | undefined): Enrolment | null {
  const link = store && readLink(store.read)
  if (!link) return null
  return { unit: link.unit, role: link.hub === null ? '' : link.role }
}

/** Refuses a profile that is more than the enrolment. */
export function refuseBeyondEnrolment(
  store: Store | undefined,
  profile: { readonly role: string; readonly unit: string | null },
): void {
  const enrolment = enrolmentOf(store)
  const beyond = enrolment && beyondEnrolment(enrolment, profile)
  if (!enrolment || beyond === null) return
  const role = labelOf('role', enrolment.role)
  const message =
    beyond === 'unit'
      ? `本机登记给 ${enrolment.unit}，不能改为其他单位；如需变更请由县级重新登记`
      : `本机登记的角色是“${role}”，不能改为更高的角色；如需变更请由县级重新登记`
  throw new AppError('refused', message, {
    reason: beyond === 'unit' ? 'enrolled_unit' : 'enrolled_role',
    values: { unit: enrolment.unit ?? '', role: enrolment.role },
    field: beyond,
  })
}

/** A profile from before, or from another survey, as the enrolment of this one allows it; null when it is fine. */
export function profileWithin(
  store: Store,
  profile: { readonly role: string; readonly unit: string | null },
): { role: Enrolment['role']; unit: string | null } | null {
  const enrolment = enrolmentOf(store)
  if (!enrolment || beyondEnrolment(enrolment, profile) === null) return null
  const covered = rolesOf(enrolment) as readonly string[]
  const role = covered.includes(profile.role) ? profile.role : covered[0]!
  return { role, unit: enrolment.unit ?? profile.unit }
}
