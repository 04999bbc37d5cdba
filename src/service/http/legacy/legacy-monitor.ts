import { parseMonitorFrame } from '../../../protocol/frames.js';
import type { MonitorMessage } from '../../../protocol/messages.js';
import type { SessionSummary } from '../../../protocol/session-summary.js';
import type { SseItem } from '../../../protocol/sse.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http-client.js';
import { LegacySilence } from './legacy-silence.js';
import { LegacySnapshot } from './legacy-snapshot.js';
import { fetchStatus } from '../session-status.js';
import type { AttemptReport } from '../reconnect.js';
import {
  DEFAULT_HEARTBEAT_MS,
  streamAttempt,
  type StreamEffect,
  type StreamReader,
} from '../stream-attempt.js';

/** A list of which nothing came for so long is complete. */
const QUIET_MS = 1000;
/** Deletions that were missed show only in a new list. */
const REOPEN_MS = 300_000;

type Message = Extract<SseItem, { kind: 'message' }>;

/**
 * Reads the list of sessions from whatever server there is: with the reader of our own protocol, or,
 * where no `monitorStart` comes, as a server of before version 1 sends it (“Older servers” in
 * PROTOCOL.md).
 */
export class LegacyMonitor {
  readonly #http: HttpClient;
  readonly #environment: Environment;
  readonly #silence: LegacySilence;
  /** The rows that the application has from here. */
  readonly #told = new Map<string, SessionSummary>();

  constructor(http: HttpClient, environment: Environment) {
    this.#http = http;
    this.#environment = environment;
    this.#silence = new LegacySilence(environment);
  }

  /** Connects; to an older server again and again, as long as that goes well. */
  async *attempt(
    own: StreamReader<MonitorMessage>,
    signal: AbortSignal,
  ): AsyncGenerator<readonly MonitorMessage[], AttemptReport, undefined> {
    for (let isAgain = false; ; isAgain = true) {
      const reopening = new AbortController();
      let cancel = () => {};
      const onLegacy = () => {
        cancel = this.#environment.setTimer(() => reopening.abort(), REOPEN_MS);
      };
      try {
        const reader = this.#reader(own, isAgain, onLegacy);
        const report = yield* this.#read(reader, AbortSignal.any([signal, reopening.signal]));
        if (signal.aborted || !reopening.signal.aborted) return report;
      } finally {
        cancel();
      }
    }
  }

  async *#read(
    reader: ListReader,
    signal: AbortSignal,
  ): AsyncGenerator<readonly MonitorMessage[], AttemptReport, undefined> {
    const attempt: { report?: AttemptReport } = {};
    const { http, environment } = { http: this.#http, environment: this.#environment };
    const connection = async function* () {
      attempt.report = yield* streamAttempt(http, environment, reader, signal);
    };
    for await (const batch of connection()) {
      yield batch;
      const changes = await this.#check(reader.takeMissing(), signal);
      if (changes.length > 0) yield changes;
    }
    if (attempt.report === undefined) throw new Error('A connection has ended without a report.');
    return attempt.report;
  }

  /** Asks for each row that the new list did not have whether its session still exists. */
  async #check(rows: readonly SessionSummary[], signal: AbortSignal): Promise<readonly MonitorMessage[]> {
    const changes: MonitorMessage[] = [];
    for (const row of rows) {
      const { sessionId } = row;
      try {
        const status = await fetchStatus(this.#http, this.#environment, sessionId, signal);
        if (status === row.status) continue;
        changes.push(this.#tell(status === undefined ? { ...row, status: 'deleted' } : { ...row, status }));
      } catch {
        // Not knowing is no reason to remove it: the next list brings it up again.
        if (signal.aborted) break;
      }
    }
    return changes;
  }

  #tell(row: SessionSummary): MonitorMessage {
    const { sessionId, status } = row;
    if (status === 'deleted') {
      this.#told.delete(sessionId);
      return { kind: 'deleted', sessionId };
    }
    this.#told.set(sessionId, row);
    return { kind: 'row', row };
  }

  #reader(own: StreamReader<MonitorMessage>, isAgain: boolean, onLegacy: () => void): ListReader {
    this.#silence.connect();
    return new ListReader({
      own,
      isAgain,
      onLegacy,
      silence: this.#silence,
      told: this.#told,
      tell: (row) => this.#tell(row),
      isOwnProtocolKnown: () => this.#http.isProtocolKnown,
    });
  }
}

interface ListReaderOptions {
  readonly own: StreamReader<MonitorMessage>;
  /** The application is connected already and need not be told again. */
  readonly isAgain: boolean;
  readonly onLegacy: () => void;
  readonly silence: LegacySilence;
  readonly told: ReadonlyMap<string, SessionSummary>;
  readonly tell: (row: SessionSummary) => MonitorMessage;
  readonly isOwnProtocolKnown: () => boolean;
}

/** One connection to a list. */
class ListReader implements StreamReader<MonitorMessage> {
  readonly path: string;
  readonly isJustCreated: boolean;
  readonly #options: ListReaderOptions;
  readonly #snapshot = new LegacySnapshot();
  #phase: 'unknown' | 'own' | 'snapshot' | 'live' = 'unknown';
  #missing: readonly SessionSummary[] = [];

  constructor(options: ListReaderOptions) {
    this.#options = options;
    this.path = options.own.path;
    this.isJustCreated = options.own.isJustCreated;
  }

  /** The rows that are told but were not in the list; once. */
  takeMissing(): readonly SessionSummary[] {
    const missing = this.#missing;
    this.#missing = [];
    return missing;
  }

  status(): ReturnType<StreamReader<MonitorMessage>['status']> {
    const isSilenceTelling =
      this.#phase === 'unknown' ? !this.#options.isOwnProtocolKnown() : this.#phase === 'snapshot';
    const quiet = isSilenceTelling ? { quietMs: QUIET_MS } : {};
    if (this.#phase === 'unknown' || this.#phase === 'own')
      return { ...this.#options.own.status(), ...quiet };
    return {
      hasStarted: true,
      isLive: this.#phase === 'live',
      hasDelivered: false,
      hasEnded: false,
      heartbeatMs: DEFAULT_HEARTBEAT_MS,
      stallMs: this.#options.silence.limitMs,
      ...quiet,
    };
  }

  receive(message: Message): StreamEffect<MonitorMessage> {
    if (message.event === 'monitorStart') this.#phase = 'own';
    if (this.#phase === 'own' || message.event !== 'sessionStatus') return this.#options.own.receive(message);
    const frame = parseMonitorFrame(message);
    if (frame.kind !== 'row') return { messages: [] };
    const messages = this.#begin();
    if (this.#phase === 'snapshot' && !this.#snapshot.take(frame.row)) messages.push(...this.#endSnapshot());
    return { messages: [...messages, this.#options.tell(frame.row)] };
  }

  comment(): readonly MonitorMessage[] {
    this.#options.silence.hear();
    return this.quiet();
  }

  quiet(): readonly MonitorMessage[] {
    if (this.#phase === 'own' || this.#phase === 'live') return [];
    if (this.#phase === 'unknown' && this.#options.isOwnProtocolKnown()) return [];
    return [...this.#begin(), ...this.#endSnapshot()];
  }

  #begin(): MonitorMessage[] {
    if (this.#phase !== 'unknown') return [];
    this.#phase = 'snapshot';
    this.#options.onLegacy();
    return [...this.#phaseMessages('replaying'), { kind: 'snapshotStart' }];
  }

  /** Rows that are missing are repeated, so that they stay until the server was asked about them. */
  #endSnapshot(): readonly MonitorMessage[] {
    this.#phase = 'live';
    const { told } = this.#options;
    this.#missing = [...told.values()].filter(({ sessionId }) => !this.#snapshot.has(sessionId));
    return [
      ...this.#missing.map((row) => ({ kind: 'row', row }) as const),
      { kind: 'snapshotComplete', isTruncated: false },
      ...this.#phaseMessages('live'),
    ];
  }

  #phaseMessages(phase: 'replaying' | 'live'): readonly MonitorMessage[] {
    return this.#options.isAgain ? [] : [{ kind: 'connection', connection: { phase, attempt: 0 } }];
  }
}
