import { useEffect, useState } from 'react'
import { useGnss } from './gnss-session.ts'

/** `performance.now()`, looked at once a second while there is a receiver: ages grow without any news. */
export function useSeconds(isOn: boolean): number {
  const at = useGnss(state => state.fixAt)
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    if (!isOn) return
    const timer = setInterval(() => setNow(performance.now()), 1000)
    return () => clearInterval(timer)
  }, [isOn])
  return Math.max(now, at)
}
