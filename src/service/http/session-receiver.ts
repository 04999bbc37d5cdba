import type { SessionFrame, StartFrame } from '../../protocol/stream/session-frames.js';
import { isTerminalEvent } from '../../protocol/events.js';
import type { SessionMessage } from '../../protocol/stream/messages.js';
import { foreignAnswer, GraphRunError } from '../../protocol/problems.js';

/** The position of a reader in a session. */
export interface ReceiverState {
  /** Index of the newest delivered event; -1 before the first. */
  readonly after: number;
  /** Identity of the log to which `after` belongs, once known. */
  readonly logId?: string;
  /** Tag of the event `after`, once known; empty: it had none. A log that was restored has another one there. */
  readonly tag?: string;
  /** `idle` before `start`, then `replaying`, then `live`. */
  readonly phase: 'idle' | 'replaying' | 'live';
  /** The terminal event was delivered. */
  readonly hasEnded: boolean;
  /** The application got a `start` since the connection was opened or reset. */
  readonly hasStarted: boolean;
}

/** The consequence of a frame for the connection on which it came. */
export type FrameEffect =
  | { readonly kind: 'none' }
  /** The session has ended, and every event was delivered. */
  | { readonly kind: 'done' }
  | { readonly kind: 'bye'; readonly reason: string };

/** The result of one frame. */
export interface Received {
  readonly state: ReceiverState;
  readonly messages: readonly SessionMessage[];
  readonly effect: FrameEffect;
}

/** Creates the state before the first connection. */
export function initialReceiver(after = -1, known: Pick<ReceiverState, 'logId' | 'tag'> = {}): ReceiverState {
  return {
    ...known,
    after,
    phase: 'idle',
    hasEnded: false,
    hasStarted: false,
  };
}

const NO_EFFECT: FrameEffect = { kind: 'none' };

/**
 * Takes one frame of a session stream. Pure. It makes delivery exactly once: it drops an event whose index was already
 * delivered, and rejects one that leaves a gap.
 *
 * @throws GraphRunError `protocol-error` for a frame out of order or a gap, `log-reset` when the stream belongs to
 *   another log than the delivered events.
 */
export function receive(state: ReceiverState, frame: SessionFrame): Received {
  if (frame.kind === 'start') return start(state, frame);
  if (frame.kind === 'other') return { state, messages: [], effect: NO_EFFECT };
  if (state.phase === 'idle') throw fault(`The stream began with “${frame.kind}” instead of “start”.`);
  switch (frame.kind) {
    case 'event': {
      const { event } = frame;
      if (frame.id !== undefined && frame.id !== event.index) {
        throw fault(`An event with the id ${frame.id} has the index ${event.index}.`);
      }
      if (event.index <= state.after) {
        const messages: SessionMessage[] =
          event.type === 'inputRequired' ? [{ kind: 'redelivered', event }] : [];
        return { state, messages, effect: NO_EFFECT };
      }
      if (event.index !== state.after + 1) {
        throw fault(`After event ${state.after} came event ${event.index}.`);
      }
      return {
        state: {
          ...state,
          after: event.index,
          tag: event.tag ?? '',
          hasEnded: state.hasEnded || isTerminalEvent(event),
        },
        messages: [{ kind: 'event', event }],
        effect: NO_EFFECT,
      };
    }
    case 'redelivered':
      return { state, messages: [{ kind: 'redelivered', event: frame.event }], effect: NO_EFFECT };
    case 'replayComplete':
      if (frame.lastIndex !== undefined && frame.lastIndex > state.after) {
        throw fault(`The replay ended at event ${state.after} instead of ${frame.lastIndex}.`);
      }
      return {
        state: { ...state, phase: 'live' },
        messages: [
          { kind: 'replayComplete', ...(frame.pending === undefined ? {} : { pending: frame.pending }) },
        ],
        effect: NO_EFFECT,
      };
    case 'done':
      if (frame.lastIndex !== undefined && frame.lastIndex > state.after) {
        throw fault(`The stream ended at event ${state.after} instead of ${frame.lastIndex}.`);
      }
      return { state, messages: [], effect: { kind: 'done' } };
    case 'bye':
      return { state, messages: [], effect: { kind: 'bye', reason: frame.reason } };
  }
}

function start(state: ReceiverState, frame: StartFrame): Received {
  checkLog(state, frame.logId);
  if (frame.after !== undefined && frame.after !== state.after) {
    throw fault(`The stream was requested from ${state.after} and begins at ${frame.after}.`);
  }
  const replayTotal = Math.max(0, (frame.lastIndex ?? state.after) - state.after);
  const { status, logId, graphId, fidelity } = frame;
  return {
    state: {
      ...state,
      phase: 'replaying',
      hasStarted: true,
      ...(logId === undefined ? {} : { logId }),
    },
    messages: state.hasStarted
      ? []
      : [
          {
            kind: 'start',
            replayTotal,
            ...(status === undefined ? {} : { status }),
            ...(graphId === undefined ? {} : { graphId }),
            ...(fidelity === undefined ? {} : { fidelity }),
          },
        ],
    effect: NO_EFFECT,
  };
}

/**
 * Checks that a stream or page, which names `found`, is of the session that was requested. (Older servers name none.)
 *
 * @throws GraphRunError `foreign-answer` for another session.
 */
export function checkSession(found: string | undefined, sessionId: string): void {
  if ((found ?? sessionId) !== sessionId) throw foreignAnswer('an answer about another session');
}

/**
 * Checks that a stream or page, which names the log `logId`, continues the delivered events. The server should have
 * refused the cursor itself; without this check, events of two logs would be mixed.
 *
 * @throws GraphRunError `log-reset` for another log.
 */
export function checkLog(state: ReceiverState, logId: string | undefined): void {
  const isOtherLog = logId !== undefined && state.logId !== undefined && logId !== state.logId;
  if (isOtherLog && state.after >= 0) {
    throw new GraphRunError('log-reset', 'The log was replaced.', { status: 409 });
  }
}

function fault(message: string): GraphRunError {
  return new GraphRunError('protocol-error', message);
}
