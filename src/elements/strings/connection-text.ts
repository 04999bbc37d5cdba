import { isSessionGone } from '../../protocol/problems.js';
import type { ConnectionState } from '../../protocol/stream/messages.js';
import { runningDuration } from './duration.js';
import type { FirstStrings } from './first-english.js';

/** State of a connection, for the colour of its dot. */
export type ConnectionTone = 'ok' | 'busy' | 'warn' | 'bad' | 'off';

/** The state of a connection in words. */
export interface ConnectionText {
  readonly tone: ConnectionTone;
  readonly text: string;
  /** Says why; undefined if the text says all. */
  readonly hint?: string;
  /** Label of its button; undefined if it has none. */
  readonly action?: string;
}

/** The state of the connection to the list; undefined if there is no connection. */
export function connectionText(
  { phase, retryAtMs, isByRequests, pollMs }: ConnectionState,
  nowMs: number,
  strings: FirstStrings,
): ConnectionText | undefined {
  switch (phase) {
    case 'idle':
    case 'terminal':
      return undefined;
    case 'connecting':
    case 'replaying':
      return { tone: 'busy', text: strings.connecting };
    case 'live':
      if (pollMs !== undefined) {
        return { tone: 'ok', text: strings.updatedEvery(runningDuration(pollMs, strings)) };
      }
      return isByRequests === true
        ? { tone: 'ok', text: strings.liveByRequests, hint: strings.heldBack }
        : { tone: 'ok', text: strings.live };
    case 'backoff':
      return { tone: 'warn', text: retryText(retryAtMs, nowMs, strings), action: strings.retryNow };
    case 'offline':
      return { tone: 'off', text: strings.offline };
    case 'paused':
      return { tone: 'off', text: strings.paused, action: strings.resume };
    case 'authRefresh':
      return { tone: 'busy', text: strings.signingIn };
    case 'failed':
      // The banner above the list has the reason and the button.
      return { tone: 'bad', text: strings.notConnected };
  }
}

/** “Reconnecting in 3 s”; “Reconnecting…” without a time or once it has passed. */
export function retryText(retryAtMs: number | undefined, nowMs: number, strings: FirstStrings): string {
  const seconds = retryAtMs === undefined ? 0 : Math.ceil((retryAtMs - nowMs) / 1000);
  return seconds > 0
    ? strings.reconnectingIn(runningDuration(seconds * 1000, strings))
    : strings.reconnecting;
}

/** True if the session was deleted or is unknown to its server: retrying would not help. */
export function isGone({ phase, error }: ConnectionState): boolean {
  return phase === 'failed' && error !== undefined && isSessionGone(error);
}
