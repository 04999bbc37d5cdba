import type { GraphOutline } from '../../protocol/graph.js';
import type { JsonObject, JsonValue } from '../../protocol/values/json.js';
import type { MonitorMessage, SessionBatch } from '../../protocol/stream/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import type { SessionStatus, SessionSummary } from '../../protocol/session-summary.js';
import { createConnection, type ConnectionContext } from '../connection.js';
import type {
  CallOptions,
  ConnectOptions,
  CreatedSession,
  CreateSessionRequest,
  GraphRunService,
  MonitorConnection,
  ResumeResult,
  ServiceCapabilities,
  SessionChange,
  SessionConnection,
} from '../graph-run-service.js';
import { withAttempts } from '../polled/attempts.js';
import type { JsonClientOptions } from '../polled/json-client.js';
import { pollList } from '../polled/poll-list.js';
import { DEFAULT_POLL_MS } from '../polled/poll-options.js';
import { sessionGone } from '../../protocol/questions/refusals.js';
import { sentence } from '../../protocol/sentences.js';
import { WakeUp } from '../polled/wake-up.js';
import { answerTurn } from './turns/answer-turn.js';
import { cancelTurn, deleteTurn, relabelTurn, startTurn } from './turns/change-turn.js';
import { findTurn } from './turns/find-turn.js';
import { LangGraphClient } from './langgraph-client.js';
import { parseOutline } from './langgraph-outline.js';
import { USUAL_QUESTIONS, type LangGraphQuestions } from './langgraph-questions.js';
import { ListPoll } from './list-poll.js';
import { TurnConnection } from './turns/turn-connection.js';
import { TurnReader } from './turns/turn-reader.js';
import { turnRow } from './turns/turn-row.js';
import { parseSessionId, sessionIdOf } from './turns/turns.js';

/** Options of the client of LangGraph’s server. */
export interface LangGraphRunServiceOptions extends JsonClientOptions {
  /** The assistant that runs a graph, by its name or id. Default: the one of the same name. */
  readonly assistantOf?: (graphId: string) => string;
  /** Metadata that new threads of a graph get, and by which its list finds them. Default: `{graph_id: graphId}`. */
  readonly metadataOf?: (graphId: string) => JsonObject;
  /** How questions are asked and answered, where they are not of the usual forms. */
  readonly questions?: Partial<LangGraphQuestions>;
  /** How often a list or a session that waits is looked at, in milliseconds; default 2000. A quiet list less often. */
  readonly pollMs?: number;
}

/**
 * LangGraph’s server behind the panel: a session is one turn of a thread (a run with an input, and the runs that answer
 * its questions). Over plain `fetch`, in a page or in Node. The server has no push for lists, so they are polled.
 *
 * It only joins streams that any number of readers may join; a run that a chat page has started for itself is followed by
 * its history, without what its nodes stream.
 */
export class LangGraphRunService implements GraphRunService {
  readonly capabilities: ServiceCapabilities = {
    inlineGraph: false,
    independentBranches: false,
    rename: true,
    pin: true,
    rerun: true,
  };
  readonly #client: LangGraphClient;
  readonly #reader: TurnReader;
  readonly #options: LangGraphRunServiceOptions;
  readonly #questions: LangGraphQuestions;
  readonly #pollMs: number;
  readonly #wakeUp = new WakeUp();
  readonly #outlines = new Map<string, Promise<GraphOutline>>();

  constructor(options: LangGraphRunServiceOptions) {
    this.#options = options;
    this.#client = new LangGraphClient(options);
    this.#reader = new TurnReader(this.#client);
    this.#questions = { ...USUAL_QUESTIONS, ...options.questions };
    this.#pollMs = options.pollMs ?? DEFAULT_POLL_MS;
  }

  /** Starts a run of the graph’s assistant with `input` on a thread of its own. */
  async createSession(
    { graphId, input = {} }: CreateSessionRequest,
    { signal }: CallOptions = {},
  ): Promise<CreatedSession> {
    signal?.throwIfAborted();
    return this.#start(graphId, this.#assistantOf(graphId), this.#metadataOf(graphId), input, signal);
  }

  /** Starts the assistant of a session again with its input, on another thread with the same marks. */
  async rerunSession(sessionId: string, { signal }: CallOptions = {}): Promise<CreatedSession> {
    const { turn, thread } = await findTurn(this.#reader, sessionId, signal);
    const { sessions_cancelled: _, sessions_labels: __, ...metadata } = thread.metadata;
    const [first] = turn.runs;
    const graphId = typeof metadata['graph_id'] === 'string' ? metadata['graph_id'] : '';
    const { assistantId = '', input = {}, breakpoints = {} } = first ?? {};
    return this.#start(graphId, assistantId, metadata, input, signal, breakpoints);
  }

  async #start(
    graphId: string,
    assistantId: string,
    metadata: JsonObject,
    input: JsonObject,
    signal: AbortSignal | undefined,
    breakpoints: JsonObject = {},
  ): Promise<CreatedSession> {
    if (assistantId === '')
      throw new GraphRunError('missing-graph-id', sentence('no-graph-named'), { status: 400 });
    const started = await startTurn(
      this.#client,
      { assistantId, metadata, input, breakpoints },
      signal,
    ).catch((error: unknown) => {
      const isUnknown = error instanceof GraphRunError && error.code === 'not-found';
      throw isUnknown
        ? new GraphRunError('invalid-graph', sentence('unknown-graph', { graph: graphId }))
        : error;
    });
    this.#wakeUp.wake();
    const { threadId, run } = started;
    return {
      sessionId: sessionIdOf({ threadId, turnId: run.runId }),
      status: 'running',
      createdAt: run.createdMs / 1000,
    };
  }

  connectSession(sessionId: string, { cursor, signal }: ConnectOptions = {}): SessionConnection {
    return createConnection<SessionBatch>((context) => this.#readSession(sessionId, cursor, context), signal);
  }

  async *#readSession(
    sessionId: string,
    cursor: string | undefined,
    context: ConnectionContext,
  ): AsyncGenerator<SessionBatch, void, undefined> {
    const ids = parseSessionId(sessionId);
    if (ids === undefined) throw sessionGone();
    const turn = new TurnConnection(ids, cursor, {
      reader: this.#reader,
      questions: this.#questions,
      wakeUp: this.#wakeUp,
      pollMs: this.#pollMs,
      outlineOf: (assistantId) => this.#outlineOf(assistantId),
    });
    yield* withAttempts<SessionBatch>(
      context,
      (signal) => turn.read(signal),
      (connection) => turn.describe(connection),
    );
  }

  monitorSessions(graphId: string, { signal }: CallOptions = {}): MonitorConnection {
    return createConnection<readonly MonitorMessage[]>((context) => {
      const list = new ListPoll({
        reader: this.#reader,
        questions: this.#questions,
        metadata: this.#metadataOf(graphId),
        title: graphId,
      });
      const options = { pollMs: this.#pollMs, wakeUp: this.#wakeUp };
      return pollList(context, options, (publisher, looking) => list.look(publisher, looking));
    }, signal);
  }

  async resumeSession(
    sessionId: string,
    interactionId: string,
    response: JsonObject,
    { signal }: CallOptions = {},
  ): Promise<ResumeResult> {
    const answer = { interactionId, response, pollMs: this.#pollMs };
    const result = await answerTurn(this.#reader, this.#questions, sessionId, answer, signal);
    this.#wakeUp.wake();
    return result;
  }

  async cancelSession(
    sessionId: string,
    { signal }: CallOptions = {},
  ): Promise<{ readonly status: SessionStatus }> {
    const status = await cancelTurn(this.#reader, sessionId, signal);
    this.#wakeUp.wake();
    return { status };
  }

  async deleteSession(sessionId: string, { signal }: CallOptions = {}): Promise<void> {
    await deleteTurn(this.#reader, sessionId, signal);
    this.#wakeUp.wake();
  }

  async updateSession(
    sessionId: string,
    change: SessionChange,
    { signal }: CallOptions = {},
  ): Promise<SessionSummary> {
    await relabelTurn(this.#reader, sessionId, change, signal);
    this.#wakeUp.wake();
    const { turn, thread } = await findTurn(this.#reader, sessionId, signal);
    const graphId = thread.metadata['graph_id'];
    const waiting = await this.#reader.waitingOf(turn, thread, signal);
    return turnRow(turn, thread, typeof graphId === 'string' ? graphId : '', this.#questions, waiting);
  }

  #assistantOf(graphId: string): string {
    return this.#options.assistantOf?.(graphId) ?? graphId;
  }

  #metadataOf(graphId: string): JsonObject {
    return this.#options.metadataOf?.(graphId) ?? { graph_id: graphId };
  }

  /** The drawing of an assistant’s graph, read once. */
  #outlineOf(assistantId: string): Promise<GraphOutline> {
    const known = this.#outlines.get(assistantId);
    if (known !== undefined) return known;
    const outline = this.#readOutline(assistantId);
    this.#outlines.set(assistantId, outline);
    outline.catch(() => this.#outlines.delete(assistantId));
    return outline;
  }

  async #readOutline(assistantId: string): Promise<GraphOutline> {
    const path = `/assistants/${encodeURIComponent(assistantId)}`;
    const read = async (rest: string): Promise<unknown> => {
      try {
        return await this.#client.call('GET', `${path}${rest}`);
      } catch (error) {
        // A server may have no drawing of a graph; its nodes then appear as they start.
        if (error instanceof GraphRunError && error.code !== 'network' && error.code !== 'timeout')
          return undefined;
        throw error;
      }
    };
    const [assistant, graph] = await Promise.all([read(''), read('/graph')]);
    return parseOutline(nameOf(assistant as JsonValue | undefined), graph);
  }
}

function nameOf(assistant: JsonValue | undefined): string {
  if (typeof assistant !== 'object' || assistant === null || !('graph_id' in assistant)) return '';
  const { graph_id: graphId } = assistant;
  return typeof graphId === 'string' ? graphId : '';
}
