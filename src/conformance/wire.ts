import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../protocol/values/json.js';
import { decodeSse, type SseItem } from '../protocol/stream/sse.js';
import { expect, expectEqual } from './expect.js';
import { SCENARIO_GRAPHS, type Scenario } from './scenarios.js';
import { uniqueId } from '../protocol/values/unique-id.js';

/** A server under test. */
export interface ServerUnderTest {
  /** Address of its collection of sessions, e.g. `http://127.0.0.1:8787/v1beta1/graphSessions`. */
  readonly baseUrl: string;
  /** Headers of every request, e.g. a token. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The graph of a scenario; default: the one in the example node types. */
  readonly graph?: (scenario: Scenario) => JsonObject;
}

/** A response that was read to its end. `body` is an empty object when it is not a JSON object. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

/** One message of a stream, as received. */
export interface WireMessage {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: JsonObject;
}

/** A plain HTTP client for the server under test, without the logic of the package's client. */
export class Wire {
  readonly #server: ServerUnderTest;

  constructor(server: ServerUnderTest) {
    this.#server = server;
  }

  /** Sends a request and reads its response. */
  async request(method: string, path: string, init: RequestInit = {}): Promise<WireAnswer> {
    const response = await this.#fetch(path, { method, ...init });
    const body = parseJson(await response.text());
    return { status: response.status, headers: response.headers, body: isJsonObject(body) ? body : {} };
  }

  /** Sends a request and leaves when the headers have come; reads the body of a response to `HEAD`. */
  async headersOf(
    method: 'GET' | 'HEAD',
    path: string,
  ): Promise<{ status: number; headers: Headers; bodyText: string }> {
    const abort = new AbortController();
    const response = await this.#fetch(path, { method, signal: abort.signal });
    const bodyText = method === 'HEAD' ? await response.text() : '';
    abort.abort();
    return { status: response.status, headers: response.headers, bodyText };
  }

  /** Posts JSON; a string is sent as it is. */
  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<WireAnswer> {
    return this.request('POST', path, {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  }

  /** Starts a scenario and resolves with the id of its session. */
  async create(scenario: Scenario, graphId = newGraphId()): Promise<string> {
    const graph = this.#server.graph?.(scenario) ?? SCENARIO_GRAPHS[scenario];
    const { status, body } = await this.post('/new', { graphId, graph });
    expectEqual(status, 200, 'Status of a creation');
    const { sessionId } = body;
    expect(typeof sessionId === 'string' && sessionId !== '', 'A creation gives a sessionId.');
    return sessionId;
  }

  /** Reads the messages of a stream until one matches (then leaves it) or to its end. */
  async stream(
    path: string,
    isLast: (message: WireMessage) => boolean = () => false,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<readonly WireMessage[]> {
    const abort = new AbortController();
    const response = await this.#fetch(path, { headers, signal: abort.signal });
    expectEqual(response.status, 200, `Status of ${path}`);
    expect(response.body !== null, 'A stream has a body.');
    const messages: WireMessage[] = [];
    try {
      for await (const items of decodeSse(response.body)) {
        for (const item of items) {
          if (item.kind !== 'message') continue;
          const message = toWireMessage(item);
          messages.push(message);
          if (isLast(message)) return messages;
        }
      }
      return messages;
    } finally {
      abort.abort();
    }
  }

  /** Reads the stream of a session as a client of version 1. */
  session(
    sessionId: string,
    isLast?: (message: WireMessage) => boolean,
    after = -1,
  ): Promise<readonly WireMessage[]> {
    return this.stream(`/${sessionId}?after=${after}&protocol=1`, isLast);
  }

  /** Reads the whole log through the JSON route. */
  async log(sessionId: string): Promise<readonly JsonValue[]> {
    const { status, body } = await this.request('GET', `/${sessionId}/events?after=-1&limit=1000`);
    expectEqual(status, 200, 'Status of the events as JSON');
    expect(Array.isArray(body['events']), '“events” is a list.');
    return body['events'];
  }

  /** Waits for the first open question of a session. */
  async question(sessionId: string): Promise<JsonObject> {
    const messages = await this.session(sessionId, ({ data }) => data['type'] === 'inputRequired');
    const question = messages.at(-1)?.data;
    expect(question?.['type'] === 'inputRequired', 'The session asks a question.');
    return question;
  }

  /** Answers a question. */
  resume(sessionId: string, interactionId: JsonValue | undefined, response: unknown): Promise<WireAnswer> {
    return this.post(`/${sessionId}:resume`, { interactionId, response });
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    const { baseUrl, headers } = this.#server;
    return fetch(`${baseUrl}${path}`, {
      ...init,
      headers: { ...headers, ...(init.headers as Record<string, string> | undefined) },
    });
  }
}

/** Makes an id that no other case uses. */
export function newGraphId(): string {
  return `conformance-${uniqueId()}`;
}

/** The logged events of a stream: those with an id. */
export function loggedOf(messages: readonly WireMessage[]): readonly WireMessage[] {
  return messages.filter(({ id }) => id !== undefined);
}

/** True for the marker between replay and live. */
export function isMarker({ data }: WireMessage): boolean {
  return data['type'] === 'replayComplete';
}

/** Makes a text answer for `waitForInput`. */
export function textResponse(text: string): JsonObject {
  return { input: { role: 'user', parts: [{ text }] } };
}

function toWireMessage({ event, id, data }: Extract<SseItem, { kind: 'message' }>): WireMessage {
  const value = parseJson(data);
  expect(isJsonObject(value), `The data of “${event}” is a JSON object.`);
  return { event, id, data: value };
}
