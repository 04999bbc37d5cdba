import type { ConnectionState } from '../../protocol/messages.js';
import type { PanelStrings } from './english.js';

/** How a connection is doing, for its dot. */
export type ConnectionTone = 'ok' | 'busy' | 'warn' | 'bad' | 'off';

/** A connection in words. */
export interface ConnectionText {
  readonly tone: ConnectionTone;
  readonly text: string;
  /** Label of the button that goes with it. */
  readonly action?: string;
}

/** What to say about the connection to the list; undefined when there is none to speak of. */
export function connectionText(
  { phase, retryAtMs }: ConnectionState,
  nowMs: number,
  strings: PanelStrings,
): ConnectionText | undefined {
  switch (phase) {
    case 'idle':
    case 'terminal':
      return undefined;
    case 'connecting':
    case 'replaying':
      return { tone: 'busy', text: strings.connecting };
    case 'live':
      return { tone: 'ok', text: strings.live };
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

/** “Reconnecting in 3 s”; without a time, or when it has come, “Reconnecting…”. */
export function retryText(retryAtMs: number | undefined, nowMs: number, strings: PanelStrings): string {
  const seconds = retryAtMs === undefined ? 0 : Math.ceil((retryAtMs - nowMs) / 1000);
  return seconds > 0 ? strings.reconnectingIn(seconds) : strings.reconnecting;
}

/** The first is the one of connections; the others are what a server says. */
const GONE_CODES: ReadonlySet<string> = new Set(['session-gone', 'session-not-found', 'session-deleted']);

/** True when the session was deleted, or its server knows it no more: trying again would not help. */
export function isGone({ phase, error }: ConnectionState): boolean {
  return phase === 'failed' && GONE_CODES.has(error?.code ?? '');
}
