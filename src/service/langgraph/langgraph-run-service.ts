import type { GraphOutline } from '../../protocol/graph.js';
import type { JsonObject, JsonValue } from '../../protocol/json.js';
import type { MonitorMessage, SessionBatch } from '../../protocol/messages.js';
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
import { answerTurn } from './answer-turn.js';
import { afterFailure } from './backoff.js';
import { cancelTurn, deleteTurn, relabelTurn, startTurn } from './change-turn.js';
import { findTurn } from './find-turn.js';
import { LangGraphClient, type LangGraphClientOptions } from './langgraph-client.js';
import { parseOutline } from './langgraph-outline.js';
import { USUAL_QUESTIONS, type LangGraphQuestions } from './langgraph-questions.js';
import { ListPoll } from './list-poll.js';
import { TurnConnection } from './turn-connection.js';
import { turnRow } from './turn-row.js';
import { parseSessionId, sessionIdOf } from './turns.js';
import { WakeUp } from './wake-up.js';

/** Options of the client of LangGraph’s server. */
export interface LangGraphRunServiceOptions extends LangGraphClientOptions {
  /** The assistant that runs a graph, by its name or id. Default: the one of the same name. */
  readonly assistantOf?: (graphId: string) => string;
  /** Metadata that new threads of a graph get, and by which its list finds them. Default: `{graph_id: graphId}`. */
  readonly metadataOf?: (graphId: string) => JsonObject;
  /** How questions are asked and answered, where they are not of the usual forms. */
  readonly questions?: Partial<LangGraphQuestions>;
  /** How often a list or a session that waits is looked at, in milliseconds; default 2000. A quiet list less often. */
  readonly pollMs?: number;
}

const POLL_MS = 2000;
/** A list in which nothing happens, or that is not visible, is requested after this many of its intervals. */
const QUIET_FACTOR = 5;
/** Number of looks without a change after which a list is quiet. */
const QUIET_LOOKS = 5;

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
  readonly #options: LangGraphRunServiceOptions;
  readonly #questions: LangGraphQuestions;
  readonly #pollMs: number;
  readonly #wakeUp = new WakeUp();
  readonly #outlines = new Map<string, Promise<GraphOutline>>();

  constructor(options: LangGraphRunServiceOptions) {
    this.#options = options;
    this.#client = new LangGraphClient(options);
    this.#questions = { ...USUAL_QUESTIONS, ...options.questions };
    this.#pollMs = options.pollMs ?? POLL_MS;
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
    const { turn, thread } = await findTurn(this.#client, sessionId, signal);
    const { sessions_cancelled: _, sessions_labels: __, ...metadata } = thread.metadata;
    const [first] = turn.runs;
    const graphId = typeof metadata['graph_id'] === 'string' ? metadata['graph_id'] : '';
    return this.#start(graphId, first?.assistantId ?? '', metadata, first?.input ?? {}, signal);
  }

  async #start(
    graphId: string,
    assistantId: string,
    metadata: JsonObject,
    input: JsonObject,
    signal: AbortSignal | undefined,
  ): Promise<CreatedSession> {
    if (assistantId === '')
      throw new GraphRunError('missing-graph-id', 'No graph is named.', { status: 400 });
    const started = await startTurn(this.#client, { assistantId, metadata, input }, signal).catch(
      (error: unknown) => {
        const isUnknown = error instanceof GraphRunError && error.code === 'not-found';
        throw isUnknown ? new GraphRunError('invalid-graph', `The server has no graph “${graphId}”.`) : error;
      },
    );
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
    if (ids === undefined) {
      throw new GraphRunError('session-gone', 'The session does not exist.', { status: 404 });
    }
    const turn = new TurnConnection(ids, cursor, {
      client: this.#client,
      questions: this.#questions,
      wakeUp: this.#wakeUp,
      pollMs: this.#pollMs,
      outlineOf: (assistantId) => this.#outlineOf(assistantId),
    });
    const batch = (connection: ReturnType<typeof afterFailure>): SessionBatch => ({
      messages: [{ kind: 'connection', connection }],
      cursor: turn.cursor,
    });
    yield* this.#withAttempts(context, (signal) => turn.read(signal), batch);
  }

  monitorSessions(graphId: string, { signal }: CallOptions = {}): MonitorConnection {
    return createConnection<readonly MonitorMessage[]>((context) => this.#readList(graphId, context), signal);
  }

  async *#readList(
    graphId: string,
    context: ConnectionContext,
  ): AsyncGenerator<readonly MonitorMessage[], void, undefined> {
    const list = new ListPoll({
      client: this.#client,
      questions: this.#questions,
      metadata: this.#metadataOf(graphId),
      title: graphId,
    });
    let isComplete = false;
    const looks = async function* (this: LangGraphRunService, signal: AbortSignal) {
      let quietLooks = 0;
      let shownMs: number | undefined;
      if (!isComplete) yield [{ kind: 'snapshotStart' as const }];
      while (!signal.aborted) {
        const { count } = this.#wakeUp;
        let hasChanged = false;
        for await (const messages of list.look(signal)) {
          hasChanged = true;
          yield messages;
        }
        if (!isComplete) {
          isComplete = true;
          yield [{ kind: 'snapshotComplete' as const, isTruncated: false }];
        }
        quietLooks = hasChanged || list.isBusy || count !== this.#wakeUp.count ? 0 : quietLooks + 1;
        const isQuiet = quietLooks >= QUIET_LOOKS || isPageHidden();
        const pollMs = this.#pollMs * (isQuiet ? QUIET_FACTOR : 1);
        if (pollMs !== shownMs) {
          shownMs = pollMs;
          yield [{ kind: 'connection' as const, connection: { phase: 'live' as const, attempt: 0, pollMs } }];
        }
        await this.#wakeUp.pause(pollMs, signal, count);
      }
    }.bind(this);
    yield* this.#withAttempts<readonly MonitorMessage[]>(context, looks, (connection) => [
      { kind: 'connection', connection },
    ]);
  }

  /** Repeats a reading that breaks, until it ends or nothing else can come of it. */
  async *#withAttempts<Batch>(
    { signal, onRetryNow }: ConnectionContext,
    read: (signal: AbortSignal) => AsyncGenerator<Batch, void, undefined>,
    describe: (connection: ReturnType<typeof afterFailure>) => Batch,
  ): AsyncGenerator<Batch, void, undefined> {
    const retry = new WakeUp();
    const forget = onRetryNow(() => retry.wake());
    try {
      yield describe({ phase: 'connecting', attempt: 0 });
      for (let attempt = 0; ; attempt += 1) {
        try {
          for await (const batch of read(signal)) {
            attempt = 0;
            yield batch;
          }
          return;
        } catch (error) {
          if (signal.aborted) return;
          const state = afterFailure(error, attempt, Date.now());
          yield describe(state);
          if (state.phase === 'failed') throw error;
          await retry.pause((state.retryAtMs ?? 0) - Date.now(), signal);
          if (signal.aborted) return;
        }
      }
    } finally {
      forget();
    }
  }

  async resumeSession(
    sessionId: string,
    interactionId: string,
    response: JsonObject,
    { signal }: CallOptions = {},
  ): Promise<ResumeResult> {
    const answer = { interactionId, response };
    const result = await answerTurn(this.#client, this.#questions, sessionId, answer, signal);
    this.#wakeUp.wake();
    return result;
  }

  async cancelSession(
    sessionId: string,
    { signal }: CallOptions = {},
  ): Promise<{ readonly status: SessionStatus }> {
    const status = await cancelTurn(this.#client, sessionId, signal);
    this.#wakeUp.wake();
    return { status };
  }

  async deleteSession(sessionId: string, { signal }: CallOptions = {}): Promise<void> {
    await deleteTurn(this.#client, sessionId, signal);
    this.#wakeUp.wake();
  }

  async updateSession(
    sessionId: string,
    change: SessionChange,
    { signal }: CallOptions = {},
  ): Promise<SessionSummary> {
    await relabelTurn(this.#client, sessionId, change, signal);
    this.#wakeUp.wake();
    const { turn, thread } = await findTurn(this.#client, sessionId, signal);
    const graphId = thread.metadata['graph_id'];
    return turnRow(turn, thread, typeof graphId === 'string' ? graphId : '', this.#questions);
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

function isPageHidden(): boolean {
  return typeof document !== 'undefined' && document.hidden;
}
