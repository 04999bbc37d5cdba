import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, parseJson, type JsonObject } from '../../src/protocol/values/json.js';
import { originFrame, originJson } from './origin-format.js';
import { OriginSession, OriginStream, type Cut, type OriginStep } from './origin-session.js';

/** Options with which a test controls the server. */
export interface OriginServerOptions {
  /** Runs a new session; default: does nothing, the test emits events. */
  readonly script?: (graphId: string) => readonly OriginStep[];
  /** Returns after how many bytes a connection to a session breaks, by its number from 0. */
  readonly cut?: (connection: number) => Cut;
  /** Called between replay and live, where the server loses events. */
  readonly gap?: (session: OriginSession, connection: number) => void;
  /** Called when the connection is live. */
  readonly live?: (session: OriginSession, connection: number) => void;
  /** Returns bytes to send instead of the session's own, by the number of the connection. */
  readonly recording?: (connection: number) => Buffer | undefined;
  /** The cancellation is not even published. */
  readonly isCancelLost?: boolean;
  /** Answers a request in place of the server; returns true if it did. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

const BASE = '/v1beta1/graphSessions';
const EVENT_STREAM = {
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'content-type': 'text/event-stream; charset=utf-8',
};

/** A server that behaves as the original one: same routes, same bytes, same defects. */
export class OriginServer {
  readonly sessions = new Map<string, OriginSession>();
  /** `GET /…?after=-1`, in order, without the base path and the session's id. */
  readonly requests: string[] = [];
  readonly #options: OriginServerOptions;
  readonly #server: Server;
  readonly #monitors = new Map<ServerResponse, string>();
  readonly #hidden = new Set<string>();
  readonly #connections = new Map<string, number>();
  #createdCount = 0;

  private constructor(options: OriginServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      void this.#handle(request, response);
    });
  }

  /** Starts on a free port. */
  static async start(options: OriginServerOptions = {}): Promise<OriginServer> {
    const server = new OriginServer(options);
    await new Promise<void>((resolve) => {
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  /** Address of the collection of sessions. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${BASE}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  /** Adds a session that the test controls alone. */
  addSession(graphId = 'g', sessionId?: string): OriginSession {
    this.#createdCount += 1;
    const onStatus = (changed: OriginSession) => this.#tellMonitors(changed);
    const session = new OriginSession(graphId, 1_795_334_600.5 + this.#createdCount, onStatus, sessionId);
    this.sessions.set(session.sessionId, session);
    this.#tellMonitors(session);
    return session;
  }

  /** Sends a comment on every open list. */
  pingMonitors(): void {
    for (const response of this.#monitors.keys()) response.write(': ping - now\r\n\r\n');
  }

  /** Leaves a session out of the lists, as if its row came too late. */
  hideFromLists(sessionId: string): void {
    this.#hidden.add(sessionId);
  }

  /** Deletes without notifying anyone, as if it had happened while no one was connected. */
  forget(sessionId: string): void {
    this.sessions.delete(sessionId);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://host');
    const path = pathname.slice(BASE.length);
    const [, id = '', action = ''] = /^\/([^/:]+)(:\w+|\/status)?$/.exec(path) ?? [];
    const query = searchParams.size === 0 ? '' : `?${searchParams}`;
    this.requests.push(`${request.method} ${path === '/new' ? path : action}${query}`);
    if (this.#options.intercept?.(request, response) === true) return;
    const body = await readBody(request);
    if (request.method === 'GET' && path === '')
      return this.#monitor(response, searchParams.get('graphId') ?? '');
    if (request.method === 'POST' && path === '/new') return this.#create(response, body);
    const session = this.sessions.get(id);
    if (session === undefined) return json(response, 404, { error: 'Graph session not found' });
    switch (`${request.method} ${action}`) {
      case 'GET ':
        return this.#stream(response, session, searchParams.get('after') ?? '-1');
      case 'GET /status':
        return json(response, 200, { sessionId: id, status: session.status });
      case 'POST :resume':
        return resume(response, session, body);
      case 'POST :cancel':
        return this.#cancel(response, session);
      case 'DELETE ':
        return this.#delete(response, session);
      default:
        return json(response, 405, { detail: 'Method Not Allowed' });
    }
  }

  #create(response: ServerResponse, body: unknown): void {
    if (!isJsonObject(body)) return internalError(response);
    const session = this.addSession(String(body['graphId'] ?? ''));
    session.emit({ type: 'graphStart', sessionId: session.sessionId });
    const script = this.#options.script?.(session.graphId);
    if (script !== undefined) session.start(script);
    json(response, 200, { sessionId: session.sessionId });
  }

  #stream(response: ServerResponse, session: OriginSession, after: string): void {
    if (!/^-?\d+$/.test(after)) return json(response, 422, { detail: [{ msg: 'not an integer' }] });
    const connection = this.#connections.get(session.sessionId) ?? 0;
    this.#connections.set(session.sessionId, connection + 1);
    response.writeHead(200, EVENT_STREAM);
    response.flushHeaders();
    const stream = new OriginStream(response, Number(after), this.#options.cut?.(connection));
    const recording = this.#options.recording?.(connection);
    if (recording !== undefined) {
      stream.write(recording);
      stream.end();
      return;
    }
    stream.start(session.sessionId);
    // A cursor beyond the end returns nothing, a negative one everything.
    stream.replay(session.log.slice(Math.max(0, Number(after) + 1)));
    this.#options.gap?.(session, connection);
    response.on('close', () => session.unsubscribe(stream));
    session.subscribe(stream);
    this.#options.live?.(session, connection);
  }

  #cancel(response: ServerResponse, session: OriginSession): void {
    const { sessionId } = session;
    // In every state: even a completed session is cancelled.
    session.setStatus('cancelled');
    if (!session.isOver) {
      if (this.#options.isCancelLost !== true) session.emit({ type: 'graphCancelled', sessionId });
      session.close();
    }
    json(response, 200, { sessionId, status: 'cancelled' });
  }

  #delete(response: ServerResponse, session: OriginSession): void {
    this.sessions.delete(session.sessionId);
    session.setStatus('deleted');
    session.close();
    json(response, 200, { ok: true });
  }

  #monitor(response: ServerResponse, graphId: string): void {
    response.writeHead(200, EVENT_STREAM);
    response.flushHeaders();
    for (const session of [...this.sessions.values()].reverse()) {
      if (session.graphId === graphId && !this.#hidden.has(session.sessionId))
        response.write(rowFrame(session));
    }
    this.#monitors.set(response, graphId);
    response.on('close', () => this.#monitors.delete(response));
  }

  #tellMonitors(session: OriginSession): void {
    for (const [response, graphId] of this.#monitors) {
      if (graphId === session.graphId) response.write(rowFrame(session));
    }
  }
}

function rowFrame({ sessionId, status, createdAt }: OriginSession): string {
  return originFrame('sessionStatus', { sessionId, status, createdAt });
}

/** Accepts any answer to any question of the session, any number of times. */
async function resume(response: ServerResponse, session: OriginSession, body: unknown): Promise<void> {
  const { interactionId, response: answer } = isJsonObject(body) ? body : {};
  if (typeof interactionId !== 'string') {
    return json(response, 400, { error: "Missing 'interactionId' in request body" });
  }
  const question = session.questions.get(interactionId);
  if (question === undefined) {
    return json(response, 404, { error: `No suspended node for interaction ${interactionId}` });
  }
  session.setStatus('running');
  if (!isJsonObject(answer)) return internalError(response);
  if (question.isAnswered) session.endInput(question.nodeId, answer);
  question.isAnswered = true;
  question.answer(answer);
  if (question.by === 'agent') await question.settled;
  json(response, 200, { sessionId: session.sessionId, status: 'running' });
}

function json(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
  response.end(originJson(body));
}

/** Answers without the header that would let a page of another origin read it, unlike all other responses. */
function internalError(response: ServerResponse): void {
  response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('Internal Server Error');
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return parseJson(text);
}
