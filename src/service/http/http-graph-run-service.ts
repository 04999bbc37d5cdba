import { loadOnce } from '../../loading/load-once.js';
import { isFiniteNumber, isText, type JsonObject } from '../../protocol/values/json.js';
import { ALL_GRAPHS_FEATURE, RERUN_FROM } from '../../protocol/stream/features.js';
import { GraphRunError } from '../../protocol/problems.js';
import {
  isTerminalStatus,
  parseSessionSummary,
  type SessionStatus,
  type SessionSummary,
} from '../../protocol/session-summary.js';
import { answerOf } from './answer.js';
import { deleteSession, deleteSessions } from './deletions.js';
import { listQuery, parseOlderPage } from './list-page.js';
import { defaultEnvironment, type Environment } from './environment.js';
import type {
  CallOptions,
  ConnectOptions,
  CreatedSession,
  CreateSessionRequest,
  GraphRunService,
  MonitorConnection,
  RerunOptions,
  OlderSessions,
  ResumeResult,
  ServiceCapabilities,
  SessionChange,
  SessionConnection,
} from '../graph-run-service.js';
import { CALL_TRIES, HttpClient, type HttpClientOptions } from './http-client.js';
import type { LegacyMode } from './legacy/legacy-mode.js';
import { fetchStatus } from './session-status.js';
import { monitorConnection } from './monitor-connection.js';
import { sessionConnection } from './session-connection.js';
import type { SessionStreamOptions } from './session-stream.js';
import { uniqueId } from '../../protocol/values/unique-id.js';

/** Options of the client of a session server. */
export interface HttpGraphRunServiceOptions extends HttpClientOptions {
  /** For tests: replaces the clock, the random numbers and the events of the page. */
  readonly environment?: Environment;
}

const loadLegacyMode = loadOnce(() => import('./legacy/legacy-mode.js'));

/** How long after its creation a session may be unknown to a replica of the server. */
const REPLICA_LAG_MS = 5000;

/** Size of an answer that is sent even when its page is closed: browsers allow 64 KiB for all such requests together. */
const MAX_KEPT_ALIVE_CHARS = 8000;

/**
 * The client of a server that speaks the protocol of PROTOCOL.md, over `fetch`. Works in browsers and in Node. Streams
 * reconnect by themselves, resume from their position and deliver every event exactly once; calls are repeated where
 * that is harmless.
 *
 * The connections read version 1 of the protocol; only this file hands in the mode for older servers, which is loaded when
 * one answers.
 */
export class HttpGraphRunService implements GraphRunService {
  readonly #http: HttpClient;
  readonly #environment: Environment;
  #legacyMode: LegacyMode | undefined;
  /** When this client created sessions, in milliseconds of the environment's clock. */
  readonly #createdAt = new Map<string, number>();

  constructor({ environment = defaultEnvironment(), ...options }: HttpGraphRunServiceOptions) {
    this.#environment = environment;
    this.#http = new HttpClient(options, environment);
  }

  /**
   * An older server can neither rename nor pin nor run again; the first answer shows the version, and a stream the features.
   * A list of all graphs can be asked for before: a server without it says so.
   */
  get capabilities(): ServiceCapabilities {
    const { isProtocolKnown } = this.#http;
    return {
      inlineGraph: true,
      rename: isProtocolKnown,
      pin: isProtocolKnown,
      rerun: isProtocolKnown,
      rerunFrom: this.#http.hasFeature(RERUN_FROM),
      deleteMany: this.#http.hasFeature('delete-many'),
      olderSessions: this.#http.hasFeature('older-sessions'),
      allGraphs: this.#http.mayHaveFeature(ALL_GRAPHS_FEATURE),
    };
  }

  async createSession(request: CreateSessionRequest, { signal }: CallOptions = {}): Promise<CreatedSession> {
    return this.#create('/new', request as unknown as JsonObject, signal);
  }

  async rerunSession(
    sessionId: string,
    { from, inputs, signal }: RerunOptions = {},
  ): Promise<CreatedSession> {
    const body: JsonObject = {
      ...(from === undefined ? {} : { from }),
      ...(inputs === undefined ? {} : { inputs: inputs as unknown as JsonObject }),
    };
    if (Object.keys(body).length > 0) await this.#expectRerunFrom(sessionId, signal);
    return this.#create(`/${encodeURIComponent(sessionId)}:rerun`, body, signal);
  }

  /** Makes sure that the server would not ignore the body, and run everything again. */
  async #expectRerunFrom(sessionId: string, signal: AbortSignal | undefined): Promise<void> {
    if (!this.#http.hasFeature(RERUN_FROM)) {
      // Only the first frame of a stream says what the server can do.
      for await (const { messages } of this.connectSession(
        sessionId,
        signal === undefined ? {} : { signal },
      )) {
        if (messages.some(({ kind }) => kind === 'start')) break;
      }
      signal?.throwIfAborted();
    }
    if (this.#http.hasFeature(RERUN_FROM)) return;
    throw new GraphRunError('rerun-from-unsupported', 'The server can run a session again only as a whole.');
  }

  async updateSession(
    sessionId: string,
    change: SessionChange,
    { signal }: CallOptions = {},
  ): Promise<SessionSummary> {
    const path = `/${encodeURIComponent(sessionId)}`;
    const body: JsonObject = { ...change };
    const answer = await this.#http.call({ method: 'PATCH', path, body, tries: CALL_TRIES, signal });
    return parseSessionSummary(answerOf(answer, 'status', { sessionId }));
  }

  async #create(path: string, body: JsonObject, signal: AbortSignal | undefined): Promise<CreatedSession> {
    const answer = answerOf(
      await this.#http.call({
        method: 'POST',
        path,
        body,
        isTokenInBody: true,
        headers: { 'Idempotency-Key': `"${uniqueId()}"` },
        // A server that does not know the key would start a second run.
        tries: this.#http.isProtocolKnown ? CALL_TRIES : 1,
        signal,
      }),
      'sessionId',
    );
    const { sessionId, status, createdAt } = answer;
    // The server's answer to another request also names a session.
    if (this.#http.isProtocolKnown && !isFiniteNumber(createdAt))
      throw new GraphRunError('protocol-error', 'The server’s answer has no “createdAt”.');
    this.#remember(sessionId);
    return {
      sessionId,
      status: isText(status) ? status : 'running',
      createdAt: isFiniteNumber(createdAt) ? createdAt : this.#environment.wallNow() / 1000,
    };
  }

  connectSession(sessionId: string, { cursor, signal }: ConnectOptions = {}): SessionConnection {
    const environment = this.#environment;
    const options: SessionStreamOptions = {
      sessionId,
      cursor,
      loadOlder: async () => (await this.#loadLegacy()).session(sessionId, cursor !== undefined),
      isJustCreated: () => {
        const createdAt = this.#createdAt.get(sessionId);
        return createdAt !== undefined && environment.now() - createdAt < REPLICA_LAG_MS;
      },
    };
    return sessionConnection(this.#http, environment, options, signal);
  }

  monitorSessions(graphId: string, { signal }: CallOptions = {}): MonitorConnection {
    const loadOlder = async () => (await this.#loadLegacy()).monitor(graphId);
    return monitorConnection(this.#http, this.#environment, { graphId, signal, loadOlder });
  }

  async resumeSession(
    sessionId: string,
    interactionId: string,
    response: JsonObject,
    { signal }: CallOptions = {},
  ): Promise<ResumeResult> {
    if (!this.#http.isProtocolKnown) {
      const { answers } = await this.#loadLegacy();
      return answers.send(sessionId, interactionId, response, signal);
    }
    const { status, duplicate } = answerOf(
      await this.#http.call({
        method: 'POST',
        path: `/${encodeURIComponent(sessionId)}:resume`,
        body: { interactionId, response },
        isTokenInBody: true,
        // A person may close the page right after an answer, or while it could still be undone.
        isKeptAlive: JSON.stringify(response).length <= MAX_KEPT_ALIVE_CHARS,
        tries: CALL_TRIES,
        signal,
      }),
      'status',
      { sessionId, interactionId },
    );
    return { status, isDuplicate: duplicate === true };
  }

  async cancelSession(
    sessionId: string,
    { signal }: CallOptions = {},
  ): Promise<{ readonly status: SessionStatus }> {
    if (!this.#http.isProtocolKnown) {
      // An older server would overwrite how the session ended.
      const status = await fetchStatus(this.#http, this.#environment, sessionId, signal);
      if (status !== undefined && isTerminalStatus(status)) return { status };
    }
    const path = `/${encodeURIComponent(sessionId)}:cancel`;
    const answer = await this.#http.call({ method: 'POST', path, body: {}, tries: CALL_TRIES, signal });
    return { status: answerOf(answer, 'status', { sessionId }).status };
  }

  deleteSession(sessionId: string, { signal }: CallOptions = {}): Promise<void> {
    return deleteSession(this.#http, sessionId, signal);
  }

  deleteSessions(
    sessionIds: readonly string[],
    { signal }: CallOptions = {},
  ): Promise<ReadonlyMap<string, GraphRunError>> {
    return deleteSessions(this.#http, sessionIds, signal);
  }

  async listOlder(graphId: string, before: string, { signal }: CallOptions = {}): Promise<OlderSessions> {
    const path = `/:list?${new URLSearchParams({ ...listQuery(graphId), before })}`;
    const { body } = await this.#http.call({ method: 'GET', path, tries: CALL_TRIES, signal });
    return parseOlderPage(body, graphId);
  }

  /** @throws GraphRunError `network` when the code cannot be loaded. */
  async #loadLegacy(): Promise<LegacyMode> {
    try {
      const { LegacyMode } = await loadLegacyMode();
      return (this.#legacyMode ??= new LegacyMode(this.#http, this.#environment));
    } catch (cause) {
      throw new GraphRunError('network', 'The code for older servers could not be loaded.', { cause });
    }
  }

  /** Remembers when a session was created, as long as a replica may lag. */
  #remember(sessionId: string): void {
    const now = this.#environment.now();
    for (const [id, createdAt] of this.#createdAt) {
      if (now - createdAt >= REPLICA_LAG_MS) this.#createdAt.delete(id);
    }
    this.#createdAt.set(sessionId, now);
  }
}
