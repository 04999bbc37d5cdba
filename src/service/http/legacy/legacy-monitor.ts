import { ALL_GRAPHS } from '../../../protocol/all-graphs.js';
import { parseMonitorFrame } from '../../../protocol/stream/monitor-frames.js';
import type { MonitorMessage } from '../../../protocol/stream/messages.js';
import type { SessionSummary } from '../../../protocol/session-summary.js';
import type { SseItem } from '../../../protocol/stream/sse.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http-client.js';
import { LegacySilence } from './legacy-silence.js';
import { LegacySnapshot } from './legacy-snapshot.js';
import { allGraphsUnsupported } from '../list-page.js';
import { fetchStatus } from '../session-status.js';
import type { AttemptReport, ConnectionMessage } from '../attempts/reconnect.js';
import {
  DEFAULT_HEARTBEAT_MS,
  streamAttempt,
  type StreamEffect,
  type StreamReader,
} from '../attempts/stream-attempt.js';
import type { OlderAttempts } from '../attempts/versioned-attempts.js';

/** A list is complete after a silence of this length. */
const QUIET_MS = 1000;
/** How often the list is loaded again: only a new list shows a missed deletion. */
const REOPEN_MS = 300_000;

type Batches = AsyncGenerator<readonly (MonitorMessage | ConnectionMessage)[], AttemptReport, undefined>;

/** One attempt: what reads it, what ends it for a new list, and what keeps it from that. */
interface OpenList {
  readonly reader: LegacyListReader;
  readonly reopening: AbortController;
  readonly cancel: () => void;
}

type Message = Extract<SseItem, { kind: 'message' }>;

/**
 * Makes the attempts to read the list of sessions from a server of any version. A `monitorStart` hands the rest of
 * the attempt to the reader of version 1; without one, the server is an older one (“Older servers” in PROTOCOL.md).
 */
export class LegacyMonitor implements OlderAttempts<MonitorMessage> {
  readonly #http: HttpClient;
  readonly #environment: Environment;
  readonly #graphId: string;
  readonly #silence: LegacySilence;
  /** The rows that were delivered to the application from an older server. */
  readonly #delivered = new Map<string, SessionSummary>();
  /** A first attempt that is open already. */
  #begun: OpenList | undefined;

  constructor(http: HttpClient, environment: Environment, graphId: string) {
    this.#http = http;
    this.#environment = environment;
    this.#graphId = graphId;
    this.#silence = new LegacySilence(environment);
  }

  begin(versionOne: StreamReader<MonitorMessage>, abort: AbortController): StreamReader<MonitorMessage> {
    this.#begun = this.#open(versionOne, false, abort);
    return this.#begun.reader;
  }

  /** Connects; to an older server again and again, as long as that succeeds. */
  async *attempt(
    versionOne: StreamReader<MonitorMessage>,
    signal: AbortSignal,
    begun?: Batches,
  ): AsyncGenerator<readonly MonitorMessage[], AttemptReport, undefined> {
    const http = this.#http;
    const environment = this.#environment;
    let batches = begun;
    for (let isAgain = false; ; isAgain = true) {
      const { reader, reopening, cancel } =
        this.#begun ?? this.#open(versionOne, isAgain, new AbortController());
      this.#begun = undefined;
      const attemptSignal = AbortSignal.any([signal, reopening.signal]);
      try {
        batches ??= streamAttempt(http, environment, reader, attemptSignal);
        const report = yield* this.#read(reader, batches, attemptSignal);
        if (signal.aborted || !reopening.signal.aborted) return report;
        batches = undefined;
      } finally {
        cancel();
      }
    }
  }

  /** Prepares one attempt; an older server makes it end after a while, for a new list. */
  #open(versionOne: StreamReader<MonitorMessage>, isAgain: boolean, reopening: AbortController): OpenList {
    let cancel = () => {};
    const onLegacy = () => {
      // It has listed nothing, or what it takes for a graph without a name.
      if (this.#graphId === ALL_GRAPHS) throw allGraphsUnsupported();
      cancel = this.#environment.setTimer(() => reopening.abort(), REOPEN_MS);
    };
    return { reader: this.#reader(versionOne, isAgain, onLegacy), reopening, cancel: () => cancel() };
  }

  async *#read(
    reader: LegacyListReader,
    stream: Batches,
    signal: AbortSignal,
  ): AsyncGenerator<readonly MonitorMessage[], AttemptReport, undefined> {
    const attempt: { report?: AttemptReport } = {};
    const batches = async function* () {
      attempt.report = yield* stream;
    };
    for await (const batch of batches()) {
      yield batch;
      const changes = await this.#check(reader.takeMissing(), signal);
      if (changes.length > 0) yield changes;
    }
    if (attempt.report === undefined) throw new Error('An attempt ended without a report.');
    return attempt.report;
  }

  /** Asks the server, for each row that was missing in the new list, whether its session still exists. */
  async #check(rows: readonly SessionSummary[], signal: AbortSignal): Promise<readonly MonitorMessage[]> {
    const changes: MonitorMessage[] = [];
    for (const row of rows) {
      const { sessionId } = row;
      try {
        const status = await fetchStatus(this.#http, this.#environment, sessionId, signal);
        if (status === row.status) continue;
        changes.push(this.#deliver({ ...row, status: status ?? 'deleted' }));
      } catch {
        // A row without an answer stays: the next list asks about it again.
        if (signal.aborted) break;
      }
    }
    return changes;
  }

  /** Remembers a row as delivered, and returns the message that delivers it. */
  #deliver(row: SessionSummary): MonitorMessage {
    const { sessionId, status } = row;
    if (status === 'deleted') {
      this.#delivered.delete(sessionId);
      return { kind: 'deleted', sessionId };
    }
    this.#delivered.set(sessionId, row);
    return { kind: 'row', row };
  }

  #reader(
    versionOne: StreamReader<MonitorMessage>,
    isAgain: boolean,
    onLegacy: () => void,
  ): LegacyListReader {
    this.#silence.connect();
    return new LegacyListReader({
      versionOne,
      isAgain,
      onLegacy,
      silence: this.#silence,
      delivered: this.#delivered,
      deliver: (row) => this.#deliver(row),
      isVersionOneKnown: () => this.#http.isProtocolKnown,
    });
  }
}

interface LegacyListReaderOptions {
  readonly versionOne: StreamReader<MonitorMessage>;
  /** The application has the state of the connection already. */
  readonly isAgain: boolean;
  /** Called once, when the server turns out to be an older one. */
  readonly onLegacy: () => void;
  readonly silence: LegacySilence;
  /** The rows that the application has. */
  readonly delivered: ReadonlyMap<string, SessionSummary>;
  readonly deliver: (row: SessionSummary) => MonitorMessage;
  readonly isVersionOneKnown: () => boolean;
}

/** Reads one attempt at a list, until a `monitorStart` shows version 1. */
class LegacyListReader implements StreamReader<MonitorMessage> {
  readonly path: string;
  readonly isJustCreated: boolean;
  readonly #options: LegacyListReaderOptions;
  readonly #snapshot = new LegacySnapshot();
  #phase: 'unknown' | 'snapshot' | 'live' = 'unknown';
  #missing: readonly SessionSummary[] = [];

  constructor(options: LegacyListReaderOptions) {
    this.#options = options;
    this.path = options.versionOne.path;
    this.isJustCreated = options.versionOne.isJustCreated;
  }

  /** Returns, once, the rows that were delivered before but are missing in the new list. */
  takeMissing(): readonly SessionSummary[] {
    const missing = this.#missing;
    this.#missing = [];
    return missing;
  }

  status(): ReturnType<StreamReader<MonitorMessage>['status']> {
    const { versionOne, isVersionOneKnown } = this.#options;
    const isSilenceTheEnd = this.#phase === 'unknown' ? !isVersionOneKnown() : this.#phase === 'snapshot';
    const quiet = isSilenceTheEnd ? { quietMs: QUIET_MS } : {};
    if (this.#phase === 'unknown') return { ...versionOne.status(), ...quiet };
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
    const { versionOne, deliver } = this.#options;
    if (message.event === 'monitorStart') return { ...versionOne.receive(message), reader: versionOne };
    if (message.event !== 'sessionStatus') return versionOne.receive(message);
    const frame = parseMonitorFrame(message);
    if (frame.kind !== 'row') return { messages: [] };
    const messages = this.#begin();
    if (this.#phase === 'snapshot' && !this.#snapshot.take(frame.row)) messages.push(...this.#endSnapshot());
    return { messages: [...messages, deliver(frame.row)] };
  }

  comment(): readonly MonitorMessage[] {
    this.#options.silence.onComment();
    return this.quiet();
  }

  quiet(): readonly MonitorMessage[] {
    if (this.#phase === 'live') return [];
    if (this.#phase === 'unknown' && this.#options.isVersionOneKnown()) return [];
    return [...this.#begin(), ...this.#endSnapshot()];
  }

  #begin(): MonitorMessage[] {
    if (this.#phase !== 'unknown') return [];
    this.#phase = 'snapshot';
    this.#options.onLegacy();
    return [...this.#phaseMessages('replaying'), { kind: 'snapshotStart' }];
  }

  /** Repeats the missing rows, so that the application keeps them until the server was asked about them. */
  #endSnapshot(): readonly MonitorMessage[] {
    this.#phase = 'live';
    const { delivered } = this.#options;
    this.#missing = [...delivered.values()].filter(({ sessionId }) => !this.#snapshot.has(sessionId));
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
