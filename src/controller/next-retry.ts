import type { ConnectionState } from '../protocol/stream/messages.js';

/**
 * The state that connections to one server show together while the first of them waits: that of the one that retries
 * first, since its success or a person's retry wakes the others. Otherwise the state of the first.
 */
export function nextRetry<First extends ConnectionState | undefined>(
  first: First,
  others: () => readonly ConnectionState[],
): First | ConnectionState {
  if (first?.phase !== 'backoff') return first;
  return others()
    .filter(({ phase }) => phase === 'backoff')
    .reduce<ConnectionState>(
      (earliest, other) => (timeOf(other) < timeOf(earliest) ? other : earliest),
      first,
    );
}

/** A connection that retries just now has no time. */
function timeOf({ retryAtMs = Number.NEGATIVE_INFINITY }: ConnectionState): number {
  return retryAtMs;
}

/**
 * The time at which a connection that was live was lost, until it is live again or has ended; undefined before it was
 * live. What it brought is complete until then.
 */
export function lostSince(
  lostMs: number | undefined,
  before: ConnectionState['phase'],
  after: ConnectionState['phase'],
  nowMs: number,
): number | undefined {
  if (after === 'live' || after === 'terminal' || after === 'idle') return undefined;
  return lostMs ?? (before === 'live' ? nowMs : undefined);
}
