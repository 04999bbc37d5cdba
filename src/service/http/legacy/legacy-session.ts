import { parseSessionFrame, type SessionFrame } from '../../../protocol/stream/session-frames.js';
import type { Cursor, SessionMessage } from '../../../protocol/stream/messages.js';
import { GraphRunError, isSessionGone, toNetworkError } from '../../../protocol/problems.js';
import { isTerminalStatus } from '../../../protocol/session-summary.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http-client.js';
import type { LegacyAnswers } from './legacy-answers.js';
import { parseLegacyFrame } from './legacy-frames.js';
import { LegacyReceiver, type LegacyReceived, type LegacyStep } from './legacy-receiver.js';
import { LegacySilence } from './legacy-silence.js';
import { fetchStatus } from '../session-status.js';
import type { AttemptReport, ConnectionMessage } from '../attempts/reconnect.js';
import type { SessionReader } from '../session-stream.js';
import type { AttemptOutcome } from '../attempts/retry-policy.js';
import {
  DEFAULT_HEARTBEAT_MS,
  streamAttempt,
  type StreamEffect,
  type StreamReader,
} from '../attempts/stream-attempt.js';
import type { OlderAttempts } from '../attempts/versioned-attempts.js';

/** Dependencies and options of the legacy mode of a connection to a session. */
export interface LegacySessionOptions {
  readonly http: HttpClient;
  readonly environment: Environment;
  readonly sessionId: string;
  /** Answers on their way, for which the stream shows that they arrived. */
  readonly answers: LegacyAnswers;
  /** The caller resumes from a cursor: it has folded some events already. */
  readonly hasCursor: boolean;
}

/** Failed attempts to verify a known end, after which it is delivered unverified. */
const MAX_VERIFICATIONS = 3;
/** Indexes of an older server change from one connection to the next, so there is no position to resume from. */
const LEGACY_CURSOR: Cursor = 'legacy';

/** Reads one attempt, and finds what has to be done next. */
interface LegacyReader extends StreamReader<SessionMessage> {
  readonly step: LegacyStep | 'restart' | undefined;
}

/**
 * Makes the attempts to read a session from a server of any version. A `start` of version 1 hands the rest of the
 * attempt to the reader of version 1. A `start` without a version shows an older server (“Older servers” in
 * PROTOCOL.md): from then on every attempt replays the whole log, and this module finds what is new in it.
 */
export class LegacySession implements OlderAttempts<SessionMessage, SessionReader> {
  readonly #options: LegacySessionOptions;
  readonly #silence: LegacySilence;
  #receiver: LegacyReceiver | undefined;
  #verifications = 0;
  /** The reader of a first attempt that is open already. */
  #begun: LegacyReader | undefined;

  constructor(options: LegacySessionOptions) {
    this.#options = options;
    this.#silence = new LegacySilence(options.environment);
  }

  /** The cursor to hand out; undefined while the server speaks version 1. */
  get cursor(): Cursor | undefined {
    return this.#receiver === undefined ? undefined : LEGACY_CURSOR;
  }

  begin(versionOne: SessionReader): StreamReader<SessionMessage> {
    this.#begun = this.#reader(versionOne);
    return this.#begun;
  }

  /** Connects; to an older server as many times in a row as one replay leads to another. */
  async *attempt(
    versionOne: SessionReader,
    signal: AbortSignal,
    begun?: AsyncGenerator<readonly (SessionMessage | ConnectionMessage)[], AttemptReport, undefined>,
  ): AsyncGenerator<readonly SessionMessage[], AttemptReport, undefined> {
    const { http, environment } = this.#options;
    for (let open = begun; ; open = undefined) {
      const reader = this.#begun ?? this.#reader(versionOne);
      this.#begun = undefined;
      const report = yield* open ?? streamAttempt(http, environment, reader, signal);
      const receiver = this.#receiver;
      if (receiver === undefined || signal.aborted || reader.step === 'ended') return report;
      if (reader.step === undefined) {
        if (!this.#isEndOverdue(receiver, report.outcome)) return report;
        yield receiver.end();
        return { ...report, outcome: { kind: 'finished' } };
      }
      if (reader.step === 'askStatus') {
        const outcome = await this.#askStatus(receiver, signal);
        if (outcome?.kind === 'finished') yield receiver.end();
        if (outcome !== undefined) return { ...report, outcome };
      }
    }
  }

  /** True when a known end must be delivered although it could not be verified. */
  #isEndOverdue(receiver: LegacyReceiver, outcome: AttemptOutcome): boolean {
    if (!receiver.isEndKnown) return false;
    this.#verifications += 1;
    const isGone = outcome.kind === 'refused' && isSessionGone(outcome.error);
    return isGone || this.#verifications >= MAX_VERIFICATIONS;
  }

  /** Resolves with how the attempt ended; undefined: the session has ended, and one more replay may show how. */
  async #askStatus(receiver: LegacyReceiver, signal: AbortSignal): Promise<AttemptOutcome | undefined> {
    const { http, environment, sessionId } = this.#options;
    try {
      const status = await fetchStatus(http, environment, sessionId, signal);
      // The session was deleted; its viewers get no other event than the end of the stream.
      if (status === undefined) return { kind: 'finished' };
      if (isTerminalStatus(status)) {
        receiver.expectEnd(status);
        return undefined;
      }
      const error = new GraphRunError('network', 'The server closed the stream of a running session.');
      return { kind: 'lost', error };
    } catch (error) {
      return { kind: 'lost', error: toNetworkError(error) };
    }
  }

  #reader(versionOne: SessionReader): LegacyReader {
    const { sessionId } = this.#options;
    const silence = this.#silence;
    const deliveredBefore = this.#receiver?.deliveredCount ?? 0;
    const isWhole = this.#receiver !== undefined || versionOne.after === -1;
    this.#receiver?.connect();
    silence.connect();
    let step: LegacyStep | 'restart' | undefined;
    const receiver = () => this.#receiver;
    const take = (current: LegacyReceiver, frame: SessionFrame): StreamEffect<SessionMessage> => {
      if (!isWhole) {
        step = 'restart';
        return { messages: [], signal: 'finished' };
      }
      const received = this.#take(current, frame);
      ({ step } = received);
      return { messages: received.messages, ...(step === undefined ? {} : { signal: 'finished' }) };
    };
    return {
      get step() {
        return step;
      },
      path:
        this.#receiver === undefined
          ? versionOne.path
          : `/${encodeURIComponent(sessionId)}?${new URLSearchParams({ after: '-1', protocol: '1' })}`,
      isJustCreated: versionOne.isJustCreated,
      // Only a server of version 1 answers 204 when there are no more events.
      ...(versionOne.confirmEnd === undefined ? {} : { confirmEnd: versionOne.confirmEnd }),
      status: () => statusOf(receiver(), deliveredBefore, silence) ?? versionOne.status(),
      comment() {
        silence.onComment();
        return [];
      },
      receive: (message) => {
        const current = this.#receiver;
        if (message.event === 'start') return this.#start(parseSessionFrame(message), versionOne, take);
        return current === undefined ? versionOne.receive(message) : take(current, parseLegacyFrame(message));
      },
    };
  }

  /** Takes the `start` of an attempt, which shows what the server is. Another one than before: all restarts. */
  #start(
    frame: SessionFrame,
    versionOne: SessionReader,
    take: (receiver: LegacyReceiver, frame: SessionFrame) => StreamEffect<SessionMessage>,
  ): StreamEffect<SessionMessage> {
    const isLegacy = frame.kind === 'start' && frame.protocol === undefined;
    const before = this.#receiver;
    if (!isLegacy) {
      this.#receiver = undefined;
      const messages = before === undefined ? [] : versionOne.reset();
      const effect = versionOne.take(frame);
      return { ...effect, messages: [...messages, ...effect.messages], reader: versionOne };
    }
    if (before !== undefined) return take(before, frame);
    const { sessionId, hasCursor } = this.#options;
    this.#receiver = new LegacyReceiver(sessionId);
    const messages: readonly SessionMessage[] = hasCursor || versionOne.after >= 0 ? [{ kind: 'reset' }] : [];
    const effect = take(this.#receiver, frame);
    return { ...effect, messages: [...messages, ...effect.messages] };
  }

  #take(receiver: LegacyReceiver, frame: SessionFrame): LegacyReceived {
    const { answers, sessionId } = this.#options;
    const phaseBefore = receiver.phase;
    const { messages, step } = receiver.receive(frame);
    for (const message of messages) {
      if (message.kind === 'event' && message.event.type === 'inputResolved') {
        answers.confirm(sessionId, message.event.interactionId);
      }
    }
    const { phase, isVerifying } = receiver;
    if (phase === phaseBefore || phase === 'idle' || isVerifying)
      return step ? { messages, step } : { messages };
    const connection = { kind: 'connection', connection: { phase, attempt: 0 } } as const;
    return { messages: [...messages, connection], ...(step ? { step } : {}) };
  }
}

function statusOf(receiver: LegacyReceiver | undefined, deliveredBefore: number, silence: LegacySilence) {
  if (receiver === undefined) return undefined;
  return {
    hasStarted: receiver.phase !== 'idle',
    isLive: receiver.phase === 'live',
    hasDelivered: receiver.deliveredCount > deliveredBefore,
    hasEnded: receiver.hasEnded,
    heartbeatMs: DEFAULT_HEARTBEAT_MS,
    stallMs: silence.limitMs,
  };
}
