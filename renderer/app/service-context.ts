/** Gives components the client of the present connection. */
import { createContext, useContext } from 'react'
import type { Connection, Link } from './connection.ts'

export interface ServiceAccess extends Link {
  readonly desktop: Connection['desktop']
  readonly connection: Connection
}

export const ServiceContext = createContext<ServiceAccess | undefined>(undefined)

export function useService(): ServiceAccess {
  const service = useContext(ServiceContext)
  if (!service) throw new Error('no service in this tree')
  return service
}
