import { parseSessionFrame } from '../../../protocol/frames.js';
import type { Cursor, SessionMessage } from '../../../protocol/messages.js';
import { GraphRunError, toNetworkError } from '../../../protocol/problems.js';
import { isTerminalStatus } from '../../../protocol/session-summary.js';
import type { SseItem } from '../../../protocol/sse.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http-client.js';
import type { LegacyAnswers } from './legacy-answers.js';
import { parseLegacyFrame } from './legacy-frames.js';
import { LegacyReceiver, type LegacyReceived, type LegacyStep } from './legacy-receiver.js';
import { LegacySilence } from './legacy-silence.js';
import { fetchStatus } from '../session-status.js';
import type { AttemptReport } from '../reconnect.js';
import type { AttemptOutcome } from '../retry-policy.js';
import {
  DEFAULT_HEARTBEAT_MS,
  streamAttempt,
  type StreamEffect,
  type StreamReader,
} from '../stream-attempt.js';

/** What the legacy mode of a session's stream works with. */
export interface LegacySessionOptions {
  readonly http: HttpClient;
  readonly environment: Environment;
  readonly sessionId: string;
  readonly answers: LegacyAnswers;
  /** The caller goes on from a cursor: it has folded something already. */
  readonly hasCursor: boolean;
  /** Index after which a connection of our own protocol would go on. */
  readonly after: () => number;
  /** Makes the reader of our own protocol begin anew; returns what tells the application so. */
  readonly reset: () => readonly SessionMessage[];
}

/** Failed tries to verify an end that is known, after which it is told all the same. */
const MAX_VERIFICATIONS = 3;
/** Nothing in a log of before version 1 stays at its place, so there is nothing to go on from. */
const LEGACY_CURSOR: Cursor = 'legacy';

/** One connection, and what it found to be done next. */
interface LegacyReader extends StreamReader<SessionMessage> {
  readonly step: LegacyStep | 'restart' | undefined;
}

/**
 * Reads a session from whatever server there is: with the reader of our own protocol, until a `start`
 * shows that the server is of before version 1 (“Older servers” in PROTOCOL.md). From then on every
 * connection replays the whole log, and this module finds what is new in it.
 */
export class LegacySession {
  readonly #options: LegacySessionOptions;
  readonly #silence: LegacySilence;
  #receiver: LegacyReceiver | undefined;
  #verifications = 0;

  constructor(options: LegacySessionOptions) {
    this.#options = options;
    this.#silence = new LegacySilence(options.environment);
  }

  /** The cursor to hand out; undefined while the server speaks our protocol. */
  get cursor(): Cursor | undefined {
    return this.#receiver === undefined ? undefined : LEGACY_CURSOR;
  }

  /** Connects, as often in a row as an older server makes necessary. `own` reads our own protocol. */
  async *attempt(
    own: StreamReader<SessionMessage>,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SessionMessage[], AttemptReport, undefined> {
    const { http, environment } = this.#options;
    for (;;) {
      const reader = this.#reader(own);
      const report = yield* streamAttempt(http, environment, reader, signal);
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

  /** An end that is known is not kept back for ever because nobody can verify it. */
  #isEndOverdue(receiver: LegacyReceiver, outcome: AttemptOutcome): boolean {
    if (!receiver.isEndKnown) return false;
    this.#verifications += 1;
    const isGone = outcome.kind === 'refused' && outcome.error.status === 404;
    return isGone || this.#verifications >= MAX_VERIFICATIONS;
  }

  /** Undefined: the session has ended, and one more replay may show how. */
  async #askStatus(receiver: LegacyReceiver, signal: AbortSignal): Promise<AttemptOutcome | undefined> {
    const { http, environment, sessionId } = this.#options;
    try {
      const status = await fetchStatus(http, environment, sessionId, signal);
      // It was deleted; the goodbye was all that its viewers get.
      if (status === undefined) return { kind: 'finished' };
      if (isTerminalStatus(status)) {
        receiver.expectEnd(status);
        return undefined;
      }
      const error = new GraphRunError('network', 'The server closed the stream of a session that goes on.');
      return { kind: 'lost', error };
    } catch (error) {
      return { kind: 'lost', error: toNetworkError(error) };
    }
  }

  #reader(own: StreamReader<SessionMessage>): LegacyReader {
    const { sessionId, after } = this.#options;
    const silence = this.#silence;
    const deliveredBefore = this.#receiver?.deliveredCount ?? 0;
    const isWhole = this.#receiver !== undefined || after() === -1;
    this.#receiver?.connect();
    silence.connect();
    let step: LegacyStep | 'restart' | undefined;
    const receiver = () => this.#receiver;
    return {
      get step() {
        return step;
      },
      path:
        this.#receiver === undefined
          ? own.path
          : `/${encodeURIComponent(sessionId)}?${new URLSearchParams({ after: '-1', protocol: '1' })}`,
      isJustCreated: own.isJustCreated,
      // Only a server of our protocol says by 204 that there is nothing to come.
      ...(own.confirmEnd === undefined ? {} : { confirmEnd: own.confirmEnd }),
      status: () => statusOf(receiver(), deliveredBefore, silence) ?? own.status(),
      comment() {
        silence.hear();
        return [];
      },
      receive: (message) => {
        const before = message.event === 'start' ? this.#chooseReceiver(message) : [];
        const current = this.#receiver;
        if (current === undefined) {
          const effect = own.receive(message);
          return { ...effect, messages: [...before, ...effect.messages] };
        }
        if (!isWhole) {
          step = 'restart';
          return { messages: before, signal: 'finished' };
        }
        const received = this.#take(current, message);
        ({ step } = received);
        return effectOf(received, before);
      },
    };
  }

  /** The first frame of a connection says who is there. Another one than before: all begins anew. */
  #chooseReceiver(message: Extract<SseItem, { kind: 'message' }>): readonly SessionMessage[] {
    const frame = parseSessionFrame(message);
    const isLegacy = frame.kind === 'start' && frame.protocol === undefined;
    if (!isLegacy) this.#options.http.learnProtocol();
    if (isLegacy && this.#receiver === undefined) {
      const { sessionId, hasCursor, after } = this.#options;
      this.#receiver = new LegacyReceiver(sessionId);
      return hasCursor || after() >= 0 ? [{ kind: 'reset' }] : [];
    }
    if (!isLegacy && this.#receiver !== undefined) {
      this.#receiver = undefined;
      return this.#options.reset();
    }
    return [];
  }

  #take(receiver: LegacyReceiver, message: Extract<SseItem, { kind: 'message' }>): LegacyReceived {
    const { answers, sessionId } = this.#options;
    const phaseBefore = receiver.phase;
    const { messages, step } = receiver.receive(parseLegacyFrame(message));
    for (const told of messages) {
      if (told.kind === 'event' && told.event.type === 'inputResolved') {
        answers.settle(sessionId, told.event.interactionId);
      }
    }
    const { phase, isVerifying } = receiver;
    if (phase === phaseBefore || phase === 'idle' || isVerifying)
      return step ? { messages, step } : { messages };
    const connection = { kind: 'connection', connection: { phase, attempt: 0 } } as const;
    return { messages: [...messages, connection], ...(step ? { step } : {}) };
  }
}

function effectOf(
  { messages, step }: LegacyReceived,
  before: readonly SessionMessage[],
): StreamEffect<SessionMessage> {
  return { messages: [...before, ...messages], ...(step === undefined ? {} : { signal: 'finished' }) };
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
