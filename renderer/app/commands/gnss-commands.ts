/** The receiver by key and from the palette. */
import { gnssUi, setGnssUi, wishCorner } from '../../features/gnss/gnss-ui.ts'
import { setUi } from '../ui-store.ts'

export function openGnss(): void {
  setUi({ page: 'map' })
  setGnssUi({ isOpen: !gnssUi().isOpen })
}

/** The panel, which sets corners, has to be there first. */
export function wishGnssCorner(): void {
  setUi({ page: 'map' })
  setGnssUi({ isOpen: true })
  setTimeout(wishCorner)
}
