/** Counters since the start, as Prometheus text. They name no unit, device or person. */
export interface Metrics {
  count(name: string, by?: number): void
  /** Requests by route and status, and the seconds that they took together. */
  request(route: string, status: number, seconds: number): void
  text(): string
}

export function createMetrics(): Metrics {
  const counters = new Map<string, number>()
  const started = Date.now()
  const add = (name: string, by: number): void => void counters.set(name, (counters.get(name) ?? 0) + by)
  return {
    count: (name, by = 1) => add(name, by),
    request(route, status, seconds) {
      add(`hub_requests_total{route="${route}",status="${status}"}`, 1)
      add(`hub_request_seconds_total{route="${route}"}`, seconds)
    },
    text() {
      const lines = [...counters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name} ${value}`)
      lines.push(`hub_uptime_seconds ${Math.round((Date.now() - started) / 1000)}`)
      lines.push(`process_resident_memory_bytes ${process.memoryUsage().rss}`)
      return `${lines.join('\n')}\n`
    },
  }
}
