import type { Graph } from '../../protocol/graph.js';
import { GraphRunError } from '../../protocol/problems.js';
import { rerunInputs } from '../../protocol/rerun-inputs.js';
import { nextTurn } from '../../protocol/next-turn.js';
import type { CreateRequest, CreateResult } from '../sessions/changes/create-session.js';
import type { Session } from '../sessions/session.js';
import type { SessionManager } from '../sessions/session-manager.js';
import type { Audit } from './audit.js';
import type { GraphSessionsHandlerOptions } from './handler-options.js';
import { jsonResponse } from './json-response.js';
import { digestOf, digestOfRerun, parseCreation, parseIdempotencyKey, parseRerun } from './parse-requests.js';
import type { PersonNames } from './admission/person-names.js';
import type { ReceivedRequest } from './admission/received-request.js';

/** Dependencies of `CreationRoutes`. */
export interface CreationRoutesOptions extends Pick<GraphSessionsHandlerOptions, 'runner' | 'loadGraph'> {
  readonly sessions: SessionManager;
  readonly audit: Audit;
  readonly names: PersonNames;
  readonly basePath: string;
}

/** The routes that create sessions. */
export class CreationRoutes {
  readonly #options: CreationRoutesOptions;

  constructor(options: CreationRoutesOptions) {
    this.#options = options;
  }

  /** Answers `POST /new`. A large graph takes several turns of the event loop. */
  async create(received: ReceivedRequest): Promise<Response> {
    const { sessions, runner, audit } = this.#options;
    const { body, token, identity } = await received.content(sessions.limits.createBodyBytes);
    await nextTurn();
    const { principal } = identity;
    const creation = parseCreation(body, sessions.limits);
    const key = parseIdempotencyKey(received.request.headers.get('Idempotency-Key'));
    const graph = creation.graph ?? (await this.#loadGraph(creation.graphId, token));
    await nextTurn();
    runner.validate(graph);
    const result = await sessions.create({
      ...creation,
      principal,
      graph,
      ...this.#starterOf(principal),
      ...(token === undefined ? {} : { accessToken: token }),
      ...(key === undefined ? {} : { receipt: { key, digest: await digestOf(creation) } }),
    });
    const { graphId } = creation;
    if (!result.isReplay) audit.report('create', { principal, graphId, sessionId: result.sessionId });
    return this.#response(result);
  }

  /** Answers `POST /{id}:rerun`: creates another session with the plan of this one, as a whole or from a node on. */
  async rerun(session: Session, received: ReceivedRequest): Promise<Response> {
    const { sessions, runner, audit } = this.#options;
    const { bearer, request } = received;
    const body = await received.command({ isOptional: true, maxBytes: sessions.limits.createBodyBytes });
    const rerun = parseRerun(body, sessions.limits);
    const { from } = rerun;
    const { principal, graphId, sessionId } = session.record;
    const plan = await sessions.plan(session);
    runner.validate(plan.graph);
    const reused = from === undefined ? [] : await sessions.reusedEvents(session, from);
    const key = parseIdempotencyKey(request.headers.get('Idempotency-Key'));
    const result = await sessions.create({
      ...plan,
      inputs: rerunInputs(plan.inputs, rerun.inputs),
      principal,
      graphId,
      ...this.#starterOf(principal),
      rerun: { of: { sessionId, ...(from === undefined ? {} : { from }) }, reused },
      ...(bearer === undefined ? {} : { accessToken: bearer }),
      ...(key === undefined ? {} : { receipt: { key, digest: await digestOfRerun(sessionId, rerun) } }),
    });
    if (!result.isReplay) {
      const record = { ...session.record, sessionId: result.sessionId };
      audit.report('rerun', record, { sourceSessionId: sessionId });
    }
    return this.#response(result);
  }

  #starterOf(principal: string): Pick<CreateRequest, 'startedBy'> {
    const startedBy = this.#options.names.nameOf(principal);
    return startedBy === undefined ? {} : { startedBy };
  }

  async #loadGraph(graphId: string, token: string | undefined): Promise<Graph> {
    const { loadGraph } = this.#options;
    if (loadGraph !== undefined) return loadGraph(graphId, token);
    throw new GraphRunError('missing-graph', 'A “graph” is required.', { status: 400 });
  }

  #response({ body, sessionId, isReplay }: CreateResult): Response {
    return jsonResponse(body, {
      Location: `${this.#options.basePath}/${sessionId}`,
      ...(isReplay ? { 'Idempotent-Replay': 'true' } : {}),
    });
  }
}
