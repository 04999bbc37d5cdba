import { isJsonObject } from './values/json.js';

/** How true a connection is to what happened. It may change with the age of a session. */
export interface Fidelity {
  /** `none`: what nodes streamed is missing; steps, answers and results are complete. */
  readonly pieces: 'all' | 'none';
  /** Times of events: `exact`; `steps`: those of the step that an event belongs to, or of its arrival; `none`: without. */
  readonly times: 'exact' | 'steps' | 'none';
}

/** The fidelity of a connection that names none. */
export const EXACT: Fidelity = { pieces: 'all', times: 'exact' };

/** Reads the fidelity of a connection from untrusted JSON; undefined where it is not one. */
export function parseFidelity(value: unknown): Fidelity | undefined {
  if (!isJsonObject(value)) return undefined;
  const { pieces = EXACT.pieces, times = EXACT.times } = value;
  const isKnown =
    (pieces === 'all' || pieces === 'none') && (times === 'exact' || times === 'steps' || times === 'none');
  return isKnown ? { pieces, times } : undefined;
}

/** True for two that say the same. */
export function isSameFidelity(a: Fidelity, b: Fidelity): boolean {
  return a.pieces === b.pieces && a.times === b.times;
}
