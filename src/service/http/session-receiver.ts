import type { SessionFrame, StartFrame } from '../../protocol/frames.js';
import { isTerminalEvent } from '../../protocol/events.js';
import type { SessionMessage } from '../../protocol/messages.js';
import { GraphRunError } from '../../protocol/problems.js';

/** Where a reader of a session stands. */
export interface ReceiverState {
  /** Index of the newest event that was delivered; -1 before the first. */
  readonly after: number;
  /** Identity of the log that `after` counts in, once known. */
  readonly logId?: string;
  /** `idle` before `start`, then `replaying`, then `live`. */
  readonly phase: 'idle' | 'replaying' | 'live';
  /** The terminal event was delivered. */
  readonly hasEnded: boolean;
  /** `start` was told to the application in the life of this handle. */
  readonly hasStarted: boolean;
}

/** What a frame means for the connection it came on. */
export type FrameEffect =
  | { readonly kind: 'none' }
  /** Nothing more will come. */
  | { readonly kind: 'done' }
  | { readonly kind: 'bye'; readonly reason: string };

/** What one frame brings. */
export interface Received {
  readonly state: ReceiverState;
  readonly messages: readonly SessionMessage[];
  readonly effect: FrameEffect;
}

/** The state before the first connection. */
export function initialReceiver(after = -1, logId?: string): ReceiverState {
  return {
    after,
    phase: 'idle',
    hasEnded: false,
    hasStarted: false,
    ...(logId === undefined ? {} : { logId }),
  };
}

const NO_EFFECT: FrameEffect = { kind: 'none' };

/**
 * Takes one frame of a session stream. Pure. It is what makes delivery exactly once: an index that
 * was had before is dropped, and one that leaves a gap is a fault.
 *
 * @throws GraphRunError `protocol-error` for a frame out of turn or a gap, `log-reset` when the stream
 *   is of another log than the events that were had.
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
        state: { ...state, after: event.index, hasEnded: state.hasEnded || isTerminalEvent(event) },
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
  const isOtherLog = frame.logId !== undefined && state.logId !== undefined && frame.logId !== state.logId;
  if (isOtherLog && state.after >= 0) {
    // The server should have said so itself; without that, events of two logs would be mixed.
    throw new GraphRunError('log-reset', 'The log was replaced.', { status: 409 });
  }
  if (frame.after !== undefined && frame.after !== state.after) {
    throw fault(`The stream was asked for from ${state.after} and begins at ${frame.after}.`);
  }
  const replayTotal = Math.max(0, (frame.lastIndex ?? state.after) - state.after);
  const { status, logId } = frame;
  return {
    state: {
      ...state,
      phase: 'replaying',
      hasStarted: true,
      ...(logId === undefined ? {} : { logId }),
    },
    messages: state.hasStarted
      ? []
      : [{ kind: 'start', replayTotal, ...(status === undefined ? {} : { status }) }],
    effect: NO_EFFECT,
  };
}

function fault(message: string): GraphRunError {
  return new GraphRunError('protocol-error', message);
}
