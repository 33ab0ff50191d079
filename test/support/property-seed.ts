/**
 * Which random cases the property tests try. The gate judges a change, so it tries the same cases every time: a fault that
 * was there before must not turn it red by luck. `LOWLAND_SEED=random npm run test:unit` goes looking for new ones; fast-check
 * prints the seed of a failure, and the counterexample then becomes an `examples` entry of its property.
 * `LOWLAND_SEED=123` repeats a run.
 */
import { configureGlobal } from 'fast-check'

const wanted = process.env.LOWLAND_SEED ?? '20261128'
if (wanted !== 'random') {
  const seed = Number(wanted)
  if (!Number.isInteger(seed)) throw new Error(`LOWLAND_SEED is "${wanted}": a whole number or "random"`)
  configureGlobal({ seed })
}
