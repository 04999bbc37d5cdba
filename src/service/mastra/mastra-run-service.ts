import { shortText } from '../../protocol/content.js';
import { isText, type JsonObject } from '../../protocol/values/json.js';
import type { MonitorMessage, SessionBatch } from '../../protocol/stream/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { sessionGone, sessionNotFound } from '../../protocol/questions/refusals.js';
import { EMPTY_SESSION } from '../../protocol/empty-session.js';
import { applyEvents } from '../../protocol/session-state.js';
import type { SessionStatus, SessionSummary } from '../../protocol/session-summary.js';
import { toSummary } from '../../protocol/to-summary.js';
import { sentence } from '../../protocol/sentences.js';
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
  SessionConnection,
} from '../graph-run-service.js';
import { withAttempts } from '../polled/attempts.js';
import { isMissing, type JsonClientOptions } from '../polled/json-client.js';
import { pollList } from '../polled/poll-list.js';
import { DEFAULT_POLL_MS } from '../polled/poll-options.js';
import { WakeUp } from '../polled/wake-up.js';
import { answerStep } from './answer-step.js';
import { cancelRun, deleteRun, startRun } from './change-run.js';
import { MastraClient, parseSessionId, sessionIdOf, type RunIds } from './mastra-client.js';
import type { RunRecord } from './mastra-records.js';
import { parseFlow, UNKNOWN_WORKFLOW, type WorkflowRecord } from './mastra-workflow.js';
import { RunConnection } from './run-connection.js';
import { RunList } from './run-list.js';
import { convertRun, type DerivedEvent } from './snapshot-converter.js';

/** Options of the client of Mastra’s server. */
export interface MastraRunServiceOptions extends JsonClientOptions {
  /** The workflow that runs a graph, by its key in `new Mastra({workflows})`. Default: the one of the same name. */
  readonly workflowOf?: (graphId: string) => string;
  /** The workflows whose runs a list has. Default: the one that runs the graph. */
  readonly workflowsOf?: (graphId: string) => readonly string[];
  /** The resource, e.g. a person, whose runs a list has and that new runs belong to. Default: all, and none. */
  readonly resourceOf?: (graphId: string) => string | undefined;
  /** Shown for a question that was answered, which the server no longer keeps. Default: an English sentence. */
  readonly forgottenQuestion?: string;
  /** How often a list is looked at, in milliseconds; default 2000. A session that is watched: twice as often. */
  readonly pollMs?: number;
}

/**
 * Mastra’s workflows behind the panel: a session is a run of a workflow, and its log is derived from the record that the
 * server keeps of it. Over plain `fetch`, in a page or in Node. The server has no push for lists, so they are polled.
 */
export class MastraRunService implements GraphRunService {
  readonly capabilities: ServiceCapabilities = { inlineGraph: false, rerun: true };
  readonly #client: MastraClient;
  readonly #options: MastraRunServiceOptions;
  readonly #pollMs: number;
  readonly #wakeUp = new WakeUp();
  readonly #deleted = new Set<string>();
  readonly #workflows = new Map<string, Promise<WorkflowRecord>>();

  constructor(options: MastraRunServiceOptions) {
    this.#options = options;
    this.#client = new MastraClient(options);
    this.#pollMs = options.pollMs ?? DEFAULT_POLL_MS;
  }

  /** Starts a run of the graph’s workflow with `input`. */
  async createSession(
    { graphId, input }: CreateSessionRequest,
    { signal }: CallOptions = {},
  ): Promise<CreatedSession> {
    signal?.throwIfAborted();
    return this.#start(this.#workflowOf(graphId), input, this.#options.resourceOf?.(graphId), signal);
  }

  /** Starts the workflow of a session again, with its input and for its resource. */
  async rerunSession(sessionId: string, { signal }: CallOptions = {}): Promise<CreatedSession> {
    const ids = idsOf(sessionId);
    const run = await this.#client.findRun(ids, signal);
    if (run === undefined) throw sessionNotFound();
    return this.#start(ids.workflowId, run.input, run.resourceId, signal);
  }

  async #start(
    workflowId: string,
    input: JsonObject | undefined,
    resourceId: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CreatedSession> {
    if (workflowId === '')
      throw new GraphRunError('missing-graph-id', sentence('no-graph-named'), { status: 400 });
    const run = await startRun(this.#client, workflowId, { input, resourceId }, signal).catch(
      (error: unknown) => {
        const text = sentence('unknown-workflow', { workflow: workflowId });
        throw isMissing(error) ? new GraphRunError('invalid-graph', text) : error;
      },
    );
    this.#wakeUp.wake();
    return {
      sessionId: sessionIdOf({ workflowId, runId: run.runId }),
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
    if (ids === undefined || this.#deleted.has(sessionId)) throw sessionGone();
    const run = new RunConnection(ids, cursor, {
      client: this.#client,
      wakeUp: this.#wakeUp,
      pollMs: this.#pollMs / 2,
      derive: async (record, signal) => this.#derive(ids, record, signal),
    });
    yield* withAttempts<SessionBatch>(
      context,
      (signal) => run.read(signal),
      (connection) => run.describe(connection),
    );
  }

  monitorSessions(graphId: string, { signal }: CallOptions = {}): MonitorConnection {
    return createConnection<readonly MonitorMessage[]>((context) => {
      const workflowIds = this.#options.workflowsOf?.(graphId) ?? [this.#workflowOf(graphId)];
      const resourceId = this.#options.resourceOf?.(graphId);
      const lists = workflowIds.map(
        (workflowId) =>
          new RunList({
            client: this.#client,
            query: { workflowId, resourceId },
            rowOf: async (run, ended) => this.#rowOf({ workflowId, runId: run.runId }, run, ended),
            removeAgain: async ({ runId }, ended) => this.#removeAgain({ workflowId, runId }, ended),
          }),
      );
      const options = { pollMs: this.#pollMs, wakeUp: this.#wakeUp };
      return pollList(context, options, async function* (publisher, looking) {
        for (const list of lists) yield* list.look(publisher, looking);
      });
    }, signal);
  }

  async resumeSession(
    sessionId: string,
    interactionId: string,
    response: JsonObject,
    { signal }: CallOptions = {},
  ): Promise<ResumeResult> {
    const ids = idsOf(sessionId);
    const workflow = await this.#workflow(ids.workflowId);
    signal?.throwIfAborted();
    const result = await answerStep(this.#client, ids, workflow, { interactionId, response }, signal);
    this.#wakeUp.wake();
    return result;
  }

  async cancelSession(
    sessionId: string,
    { signal }: CallOptions = {},
  ): Promise<{ readonly status: SessionStatus }> {
    const status = await cancelRun(this.#client, idsOf(sessionId), signal);
    this.#wakeUp.wake();
    return { status };
  }

  async deleteSession(sessionId: string, { signal }: CallOptions = {}): Promise<void> {
    const ids = parseSessionId(sessionId);
    if (ids === undefined) return;
    await deleteRun(this.#client, ids, signal);
    this.#deleted.add(sessionId);
    this.#wakeUp.wake();
  }

  async #removeAgain(ids: RunIds, signal: AbortSignal): Promise<boolean> {
    const isDeleted = this.#deleted.has(sessionIdOf(ids));
    if (isDeleted) await deleteRun(this.#client, ids, signal);
    return isDeleted;
  }

  #workflowOf(graphId: string): string {
    return this.#options.workflowOf?.(graphId) ?? graphId;
  }

  /** What the server says of a workflow, read once. */
  #workflow(workflowId: string): Promise<WorkflowRecord> {
    const known = this.#workflows.get(workflowId);
    if (known !== undefined) return known;
    const workflow = this.#client.getWorkflow(workflowId).catch((error: unknown) => {
      // The runs of a workflow outlive it: their records name their steps.
      if (isMissing(error)) return UNKNOWN_WORKFLOW;
      throw error;
    });
    this.#workflows.set(workflowId, workflow);
    workflow.catch(() => this.#workflows.delete(workflowId));
    return workflow;
  }

  async #derive(ids: RunIds, run: RunRecord, signal: AbortSignal): Promise<readonly DerivedEvent[]> {
    const workflow = await this.#workflow(ids.workflowId);
    signal.throwIfAborted();
    const { forgottenQuestion } = this.#options;
    return convertRun(run, {
      sessionId: sessionIdOf(ids),
      workflow: workflow.title === '' ? { ...workflow, title: ids.workflowId } : workflow,
      flow: parseFlow(run.stepGraph),
      ...(forgottenQuestion === undefined ? {} : { forgotten: forgottenQuestion }),
    });
  }

  async #rowOf(ids: RunIds, run: RunRecord, signal: AbortSignal): Promise<SessionSummary> {
    const derived = await this.#derive(ids, run, signal);
    const events = derived.map(({ body, ts }, index) => ({ ...body, index, ts }));
    const input = inputText(run.input);
    return {
      ...toSummary(applyEvents(EMPTY_SESSION, events)),
      createdAt: run.createdMs / 1000,
      ...(input === undefined ? {} : { input }),
    };
  }
}

/** What a run began with, if that has a text. */
function inputText(input: JsonObject | undefined): string | undefined {
  const text = Object.values(input ?? {}).find(isText);
  return text === undefined ? undefined : shortText(text);
}

function idsOf(sessionId: string): RunIds {
  const ids = parseSessionId(sessionId);
  if (ids === undefined) throw sessionNotFound();
  return ids;
}
