import { uniqueTag } from '../sessions/event-tag.js';
import { answerInTime } from './answer-in-time.js';
import type { Session } from '../sessions/session.js';
import type { SessionManager } from '../sessions/session-manager.js';
import type { OpenStreams } from '../streams/open-streams.js';
import { Audit } from './audit.js';
import { BodyBudget } from './admission/body-budget.js';
import { CreationRoutes } from './creation-routes.js';
import { checkCursor, invalidCursor, parseCursor, parseIndex } from './cursor.js';
import { deleteMany, parseSessionIds } from './delete-many.js';
import { readEventsPage, type PageConnection } from './events-page.js';
import type { GraphSessionsHandlerOptions } from './handler-options.js';
import { jsonResponse } from './json-response.js';
import { readListPage } from './list-page.js';
import { readOlderPage } from './older-page.js';
import type { Route } from './match-route.js';
import { eventResponse } from './one-event.js';
import { parseListName, parseResume } from './parse-requests.js';
import { PersonNames } from './admission/person-names.js';
import { ReceivedRequest } from './admission/received-request.js';
import { statusBody } from './status-body.js';
import { StreamRoutes } from './stream-routes.js';

/** Dependencies of `Routes`. */
export interface RoutesOptions extends GraphSessionsHandlerOptions {
  readonly sessions: SessionManager;
  readonly streams: OpenStreams;
  /** The bytes of bodies of one principal; see `ServerLimits`. */
  readonly bodyBytesPerPrincipal: number;
  readonly basePath: string;
  readonly onError: (error: unknown) => void;
}

type SessionRoute = Extract<Route, { sessionId: string }>;
type AnsweredRoute = Exclude<Route, { kind: 'preflight' }>;

/** Routes that write. */
const WRITING: ReadonlySet<string> = new Set([
  'create',
  'rerun',
  'resume',
  'cancel',
  'label',
  'delete',
  'deleteMany',
] satisfies readonly AnsweredRoute['kind'][]);

/** Answers the requests of the protocol. Rejects with GraphRunError for a problem document. */
export class Routes {
  readonly #options: RoutesOptions;
  readonly #sessions: SessionManager;
  readonly #audit: Audit;
  readonly #budget: BodyBudget;
  readonly #names: PersonNames;
  readonly #creations: CreationRoutes;
  readonly #streams: StreamRoutes;
  /** The tag of all lists that this process reads. */
  readonly #listTag = uniqueTag();

  constructor(options: RoutesOptions) {
    const { sessions, bodyBytesPerPrincipal } = options;
    const { bodyBytes } = sessions.limits;
    this.#options = options;
    this.#sessions = sessions;
    this.#audit = new Audit(options);
    this.#budget = new BodyBudget({ bodyBytes, bodyBytesPerPrincipal });
    this.#names = new PersonNames(options);
    this.#creations = new CreationRoutes({ ...options, audit: this.#audit, names: this.#names });
    this.#streams = new StreamRoutes(options);
  }

  /** Answers a request; the bytes of its body count until then. */
  async answer(route: AnsweredRoute, request: Request): Promise<Response> {
    const { limits } = this.#sessions;
    const received = new ReceivedRequest(request, { ...this.#options, limits, budget: this.#budget });
    try {
      const response = this.#answer(route, received);
      return await (WRITING.has(route.kind)
        ? answerInTime(response, () => this.#sessions.isStuck)
        : response);
    } finally {
      received.release();
    }
  }

  async #answer(route: AnsweredRoute, received: ReceivedRequest): Promise<Response> {
    switch (route.kind) {
      case 'create':
        return this.#creations.create(received);
      case 'rerun':
        return this.#creations.rerun(await this.#session(route, received), received);
      case 'monitor':
        return this.#streams.monitor(received);
      case 'stream':
        return this.#streams.session(route.sessionId, received);
      case 'export':
        return this.#streams.export(await this.#session(route, received), received);
      case 'listPage':
        return this.#listPage(received);
      case 'events':
        return this.#events(route, received);
      case 'event':
        return this.#event(route, received);
      case 'status':
        return this.#status(route, received);
      case 'resume':
        return this.#resume(route, received);
      case 'cancel':
        return this.#cancel(route, received);
      case 'label':
        return this.#label(route, received);
      case 'delete':
        return this.#delete(route, received);
      case 'deleteMany':
        return this.#deleteMany(received);
    }
  }

  async #listPage(received: ReceivedRequest): Promise<Response> {
    const { principal } = await received.sender();
    const name = parseListName(principal, received.query);
    if (received.query.has('before')) {
      return jsonResponse(await readOlderPage(this.#sessions, name, received.query));
    }
    const { query, connection } = this.#pageOf(received);
    return jsonResponse(await readListPage(this.#sessions, name, query, connection, this.#listTag));
  }

  async #events(route: SessionRoute, received: ReceivedRequest): Promise<Response> {
    const { after } = parseCursor(received.query, null);
    const session = await this.#session(route, received);
    await checkCursor(this.#sessions, session, received.query, { after });
    const { query, connection } = this.#pageOf(received);
    return jsonResponse(await readEventsPage(this.#sessions, session, after, query, connection));
  }

  /** A page that `HEAD` asks for waits for nothing. */
  #pageOf({ request, query }: ReceivedRequest): { query: URLSearchParams; connection: PageConnection } {
    if (request.method === 'HEAD') query.delete('wait');
    return { query, connection: { streams: this.#options.streams, signal: request.signal } };
  }

  async #event(route: Extract<Route, { kind: 'event' }>, received: ReceivedRequest): Promise<Response> {
    const { request, query } = received;
    const position = parseIndex(route.index);
    if (position === undefined || position < 0) throw invalidCursor();
    const session = await this.#session(route, received);
    // The tag is that of the event before: the newest that the reader has.
    await checkCursor(this.#sessions, session, query, { after: position, taggedIndex: position - 1 });
    return eventResponse(this.#sessions, session, position - 1, request.headers);
  }

  async #status(route: SessionRoute, received: ReceivedRequest): Promise<Response> {
    const session = await this.#session(route, received);
    const digest = await this.#sessions.digest(session);
    return jsonResponse(JSON.stringify(statusBody(session, digest)));
  }

  async #resume({ sessionId }: SessionRoute, received: ReceivedRequest): Promise<Response> {
    const { limits } = this.#sessions;
    const { body, token, identity } = await received.content(limits.resumeBodyBytes);
    const { interactionId, response } = parseResume(body, limits.responseDepth);
    const session = await this.#sessions.get(identity.principal, sessionId);
    const answeredBy = this.#names.nameOf(identity.principal);
    const { status, index, isDuplicate } = await this.#sessions.resume(session, {
      interactionId,
      response,
      ...(answeredBy === undefined ? {} : { answeredBy }),
      ...(token === undefined ? {} : { accessToken: token }),
    });
    if (!isDuplicate) this.#audit.report('resume', session.record, { interactionId });
    return jsonResponse(JSON.stringify({ sessionId, status, interactionId, index, duplicate: isDuplicate }));
  }

  async #cancel(route: SessionRoute, received: ReceivedRequest): Promise<Response> {
    const session = await this.#session(route, received);
    await received.command({ isOptional: true });
    const status = await this.#sessions.cancel(session, () => this.#audit.report('cancel', session.record));
    return jsonResponse(JSON.stringify({ sessionId: route.sessionId, status }));
  }

  async #label(route: SessionRoute, received: ReceivedRequest): Promise<Response> {
    const session = await this.#session(route, received);
    const body = await received.command();
    const onChanged = (): void => this.#audit.report('label', session.record);
    return jsonResponse(JSON.stringify(await this.#sessions.label(session, body, onChanged)));
  }

  async #delete({ sessionId }: SessionRoute, received: ReceivedRequest): Promise<Response> {
    const { principal } = await received.sender();
    const session = await this.#sessions.get(principal, sessionId, { isToDelete: true });
    await this.#sessions.delete(session);
    this.#audit.report('delete', session.record);
    return jsonResponse(JSON.stringify({ ok: true }));
  }

  async #deleteMany(received: ReceivedRequest): Promise<Response> {
    const { principal } = await received.sender();
    const sessionIds = parseSessionIds(await received.command());
    const { onError } = this.#options;
    const onDeleted = ({ record }: Session): void => this.#audit.report('delete', record);
    const results = await deleteMany(this.#sessions, principal, sessionIds, onError, onDeleted);
    return jsonResponse(JSON.stringify({ results }));
  }

  async #session({ sessionId }: SessionRoute, received: ReceivedRequest): Promise<Session> {
    const { principal } = await received.sender();
    return this.#sessions.get(principal, sessionId);
  }
}
