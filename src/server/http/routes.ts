import type { JsonObject } from '../../protocol/json.js';
import { GraphRunError } from '../../protocol/problems.js';
import {
  checkAccept,
  digestOf,
  parseCreation,
  parseGraphId,
  parseIdempotencyKey,
  parseResume,
} from './parse-requests.js';
import { Audit } from './audit.js';
import { bearerOf, bodyTokenOf, identify, type Identity } from './identity.js';
import type { CreateResult } from '../sessions/create-session.js';
import { checkCursor, invalidCursor, parseCursor, parseIndex } from './cursor.js';
import { deleteMany, parseSessionIds } from './delete-many.js';
import { readEventsPage } from './events-page.js';
import type { GraphSessionsHandlerOptions } from './handler-options.js';
import { monitorStream } from '../streams/monitor-stream.js';
import { StreamControl, type OpenStreams } from '../streams/open-streams.js';
import { readJsonObject } from './request-body.js';
import { readListPage } from './list-page.js';
import type { Route } from './match-route.js';
import { eventResponse } from './one-event.js';
import { sessionStream } from '../streams/session-stream.js';
import type { Session } from '../sessions/session.js';
import type { SessionManager } from '../sessions/session-manager.js';
import { statusBody } from './status-body.js';
import { sseResponse } from '../streams/sse-response.js';

/** Dependencies of `Routes`. */
export interface RoutesOptions extends GraphSessionsHandlerOptions {
  readonly sessions: SessionManager;
  readonly streams: OpenStreams;
  readonly basePath: string;
  readonly onError: (error: unknown) => void;
}

type SessionRoute = Extract<Route, { sessionId: string }>;

interface ReceivedBody {
  readonly body: JsonObject;
  readonly token: string | undefined;
  readonly identity: Identity;
}

/** Answers the requests of the protocol. Rejects with GraphRunError for a problem document. */
export class Routes {
  readonly #options: RoutesOptions;
  readonly #sessions: SessionManager;

  readonly #audit: Audit;

  constructor(options: RoutesOptions) {
    this.#options = options;
    this.#audit = new Audit(options);
    this.#sessions = options.sessions;
  }

  answer(route: Exclude<Route, { kind: 'preflight' }>, request: Request): Promise<Response> {
    switch (route.kind) {
      case 'create':
        return this.#create(request);
      case 'listPage':
        return this.#listPage(request);
      case 'event':
        return this.#event(route, request);
      case 'deleteMany':
        return this.#deleteMany(request);
      case 'monitor':
        return this.#monitor(request);
      case 'stream':
        return this.#stream(route, request);
      case 'events':
        return this.#events(route, request);
      case 'status':
        return this.#status(route, request);
      case 'resume':
        return this.#resume(route, request);
      case 'cancel':
        return this.#cancel(route, request);
      case 'rerun':
        return this.#rerun(route, request);
      case 'label':
        return this.#label(route, request);
      case 'delete':
        return this.#delete(route, request);
    }
  }

  async #create(request: Request): Promise<Response> {
    const { body, token, identity } = await this.#receive(request, this.#sessions.limits.createBodyBytes);
    const { principal } = identity;
    const creation = parseCreation(body, this.#sessions.limits);
    const key = parseIdempotencyKey(request.headers.get('Idempotency-Key'));
    const graph = creation.graph ?? (await this.#loadGraph(creation.graphId, token));
    this.#options.runner.validate(graph);
    const result = await this.#sessions.create({
      ...creation,
      principal,
      graph,
      ...(token === undefined ? {} : { accessToken: token }),
      ...(key === undefined ? {} : { receipt: { key, digest: await digestOf(creation) } }),
    });
    const { graphId } = creation;
    if (!result.isReplay) this.#audit.report('create', { principal, graphId, sessionId: result.sessionId });
    return this.#createdResponse(result);
  }

  #createdResponse({ body, sessionId, isReplay }: CreateResult): Response {
    return json(body, {
      Location: `${this.#options.basePath}/${sessionId}`,
      ...(isReplay ? { 'Idempotent-Replay': 'true' } : {}),
    });
  }

  async #loadGraph(graphId: string, token: string | undefined) {
    const { loadGraph } = this.#options;
    if (loadGraph !== undefined) return loadGraph(graphId, token);
    throw new GraphRunError('missing-graph', 'A “graph” is required.', { status: 400 });
  }

  async #monitor(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const identity = await this.#identify(request, bearerOf(request));
    const graphId = parseGraphId(searchParams.get('graphId'));
    checkAccept(request.headers.get('Accept'));
    const control = this.#openStream(request, identity.principal);
    const frames = monitorStream({
      sessions: this.#sessions,
      principal: identity.principal,
      graphId,
      control,
      isVersion1: searchParams.get('protocol') === '1',
      ...expiryOf(identity),
    });
    return this.#streamResponse(frames, control, request);
  }

  async #stream({ sessionId }: SessionRoute, request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const { after, isFromLastEventId } = parseCursor(searchParams, request.headers.get('Last-Event-ID'));
    const identity = await this.#identify(request, bearerOf(request));
    const session = await this.#sessions.get(identity.principal, sessionId);
    checkAccept(request.headers.get('Accept'));
    checkCursor(after, searchParams.get('log'), extentOf(session));
    const control = this.#openStream(request, identity.principal, sessionId);
    if (isFromLastEventId && session.hasEnded && after === session.lastIndex) {
      // An EventSource would reconnect forever after `done`; only this status stops it.
      this.#options.streams.release(control);
      return new Response(null, { status: 204 });
    }
    const isVersion1 = searchParams.get('protocol') === '1';
    const { isInputAnsweredOn = true, isPromptCloseOn = true } = this.#options;
    const frames = sessionStream({
      sessions: this.#sessions,
      session,
      control,
      after,
      isInputAnsweredOn: isInputAnsweredOn && !isVersion1,
      isPromptCloseOn: isPromptCloseOn && !isVersion1,
      ...expiryOf(identity),
    });
    return this.#streamResponse(frames, control, request);
  }

  /** Takes a place for a stream. `HEAD` takes none: it must not end the stream of a reader. */
  #openStream({ method }: Request, principal: string, sessionId?: string): StreamControl {
    return method === 'HEAD' ? new StreamControl() : this.#options.streams.open(principal, sessionId);
  }

  #streamResponse(
    frames: AsyncGenerator<string, void, undefined>,
    control: StreamControl,
    request: Request,
  ): Response {
    const { streams, onError } = this.#options;
    return sseResponse(frames, control, request.signal, {
      onClose: () => streams.release(control),
      onError,
    });
  }

  async #events({ sessionId }: SessionRoute, request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const { after } = parseCursor(searchParams, null);
    const session = await this.#session(sessionId, request);
    checkCursor(after, searchParams.get('log'), extentOf(session));
    if (request.method === 'HEAD') searchParams.delete('wait');
    const connection = { streams: this.#options.streams, signal: request.signal };
    return json(await readEventsPage(this.#sessions, session, after, searchParams, connection));
  }

  async #event({ sessionId, index }: Extract<Route, { kind: 'event' }>, request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const position = parseIndex(index);
    if (position === undefined || position < 0) throw invalidCursor();
    const session = await this.#session(sessionId, request);
    checkCursor(position, searchParams.get('log'), extentOf(session));
    return eventResponse(this.#sessions, session, position - 1, request.headers.get('Range'));
  }

  async #listPage(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    const { principal } = await this.#identify(request, bearerOf(request));
    const graphId = parseGraphId(searchParams.get('graphId'));
    if (request.method === 'HEAD') searchParams.delete('wait');
    const connection = { streams: this.#options.streams, signal: request.signal };
    return json(await readListPage(this.#sessions, principal, graphId, searchParams, connection));
  }

  async #status({ sessionId }: SessionRoute, request: Request): Promise<Response> {
    const session = await this.#session(sessionId, request);
    const digest = await this.#sessions.digest(session);
    return json(JSON.stringify(statusBody(session, digest)));
  }

  async #resume({ sessionId }: SessionRoute, request: Request): Promise<Response> {
    const { limits } = this.#sessions;
    const { body, token, identity } = await this.#receive(request, limits.resumeBodyBytes);
    const { interactionId, response } = parseResume(body, limits.responseDepth);
    const session = await this.#sessions.get(identity.principal, sessionId);
    const { status, index, isDuplicate } = await this.#sessions.resume(session, {
      interactionId,
      response,
      ...(token === undefined ? {} : { accessToken: token }),
    });
    if (!isDuplicate) this.#audit.report('resume', session.record, { interactionId });
    return json(JSON.stringify({ sessionId, status, interactionId, index, duplicate: isDuplicate }));
  }

  async #cancel({ sessionId }: SessionRoute, request: Request): Promise<Response> {
    const session = await this.#session(sessionId, request);
    await this.#readCommand(request, { isOptional: true });
    const status = await this.#sessions.cancel(session, () => this.#audit.report('cancel', session.record));
    return json(JSON.stringify({ sessionId, status }));
  }

  /** Creates another session with the same plan. */
  async #rerun({ sessionId }: SessionRoute, request: Request): Promise<Response> {
    const token = bearerOf(request);
    const session = await this.#session(sessionId, request);
    await this.#readCommand(request, { isOptional: true });
    const { principal, graphId } = session.record;
    const plan = await this.#sessions.plan(session);
    this.#options.runner.validate(plan.graph);
    const key = parseIdempotencyKey(request.headers.get('Idempotency-Key'));
    const result = await this.#sessions.create({
      ...plan,
      principal,
      graphId,
      ...(token === undefined ? {} : { accessToken: token }),
      ...(key === undefined ? {} : { receipt: { key, digest: `rerun:${sessionId}` } }),
    });
    if (!result.isReplay) {
      const record = { ...session.record, sessionId: result.sessionId };
      this.#audit.report('rerun', record, { sourceSessionId: sessionId });
    }
    return this.#createdResponse(result);
  }

  async #label({ sessionId }: SessionRoute, request: Request): Promise<Response> {
    const session = await this.#session(sessionId, request);
    const body = await this.#readCommand(request);
    const onChanged = (): void => this.#audit.report('label', session.record);
    return json(JSON.stringify(await this.#sessions.label(session, body, onChanged)));
  }

  async #delete({ sessionId }: SessionRoute, request: Request): Promise<Response> {
    const { principal } = await this.#identify(request, bearerOf(request));
    const session = await this.#sessions.get(principal, sessionId, { isToDelete: true });
    await this.#sessions.delete(session);
    this.#audit.report('delete', session.record);
    return json(JSON.stringify({ ok: true }));
  }

  async #deleteMany(request: Request): Promise<Response> {
    const { principal } = await this.#identify(request, bearerOf(request));
    const sessionIds = parseSessionIds(await this.#readCommand(request));
    const { onError } = this.#options;
    const results = await deleteMany(this.#sessions, principal, sessionIds, onError, ({ record }) =>
      this.#audit.report('delete', record),
    );
    return json(JSON.stringify({ results }));
  }

  async #session(sessionId: string, request: Request): Promise<Session> {
    const { principal } = await this.#identify(request, bearerOf(request));
    return this.#sessions.get(principal, sessionId);
  }

  /** Reads a body that may hold the token. A token in the header is checked first, so that no stranger's is parsed. */
  async #receive(request: Request, maxBytes: number): Promise<ReceivedBody> {
    const bearer = bearerOf(request);
    const sender = bearer === undefined ? undefined : await this.#identify(request, bearer);
    const body = await readJsonObject(request, { maxBytes, maxValues: this.#sessions.limits.bodyValues });
    const token = bearer ?? bodyTokenOf(body);
    return { body, token, identity: sender ?? (await this.#identify(request, token)) };
  }

  #readCommand(request: Request, options: { readonly isOptional?: boolean } = {}): Promise<JsonObject> {
    const { commandBodyBytes, bodyValues } = this.#sessions.limits;
    return readJsonObject(request, { maxBytes: commandBodyBytes, maxValues: bodyValues }, options);
  }

  #identify(request: Request, token: string | undefined): Promise<Identity> {
    const { authenticate, onError } = this.#options;
    return identify(authenticate, token, request, onError);
  }
}

function extentOf({ record, lastIndex }: Session) {
  return { logId: record.logId, firstIndex: 0, lastIndex };
}

function expiryOf({ expiresAtMs }: Identity): { authExpiresMs?: number } {
  return expiresAtMs === undefined ? {} : { authExpiresMs: expiresAtMs };
}

function json(body: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, {
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  });
}
