/**
 * What a laptop's enrolment says about who may sit before it: the county gives a code for a unit and a role, and from then on
 * nobody declares themselves to be more. Pure. It binds the computer, not the person; names stay free.
 */
import type { Role } from './roles.ts'

export interface Enrolment {
  /** Null: the county. */
  readonly unit: string | null
  readonly role: string
}

/** Roles that a computer enrolled for a role may be used in. A reviewer of a township also goes out to inspect. */
const COVERS: Readonly<Record<Role, readonly Role[]>> = {
  inspector: ['inspector'],
  clerk: ['clerk'],
  township: ['township', 'inspector'],
  department: ['department'],
  leader: ['leader'],
  manager: ['inspector', 'clerk', 'township', 'department', 'manager', 'leader'],
}

/** The roles that the enrolment leaves open; all of them for a role that this version does not know. */
export function rolesOf(enrolment: Enrolment): readonly Role[] {
  return Object.hasOwn(COVERS, enrolment.role) ? COVERS[enrolment.role as Role]! : COVERS.manager!
}

/** What of a profile the enrolment does not cover; null when it covers all. */
export function beyondEnrolment(
  enrolment: Enrolment,
  profile: { readonly role: string; readonly unit: string | null },
): 'unit' | 'role' | null {
  if (enrolment.unit !== null && profile.unit !== enrolment.unit) return 'unit'
  return (rolesOf(enrolment) as readonly string[]).includes(profile.role) ? null : 'role'
}
