import type { Environment } from '../../src/service/http/environment.js';
import {
  HttpGraphRunService,
  type HttpGraphRunServiceOptions,
} from '../../src/service/http/http-graph-run-service.js';
import { loadSessionStream } from '../../src/service/http/session-connection.js';
import { encodeFrame, type SseFrame } from '../../src/protocol/stream/sse.js';
import { parseJson } from '../../src/protocol/values/json.js';
import { eventToWire, type GraphRunEvent } from '../../src/protocol/events.js';

// Fake time cannot wait until code is loaded.
await loadSessionStream();

/** A request as it would have gone over the network. */
export interface FakeRequest {
  readonly method: string;
  /** Path and query after the base address. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
  /** Counts requests from 0. */
  readonly number: number;
}

/** Answers a request; a rejection is a failure of the network. */
export type FakeAnswer = (request: FakeRequest) => Response | Promise<Response>;

const PROTOCOL_HEADERS = { 'Graph-Session-Protocol': '1' };

/** A server without sockets: pass its `fetch` to a client. Requests and bodies end with their signal. */
export class FakeServer {
  /** Address of the collection of sessions. */
  readonly baseUrl = 'http://fake/sessions';
  /** All requests so far, in order. */
  readonly requests: FakeRequest[] = [];
  /** Answers all requests; can be replaced at any time. */
  answer: FakeAnswer;

  constructor(answer: FakeAnswer = () => new Promise(() => undefined)) {
    this.answer = answer;
  }

  /** Creates a server that answers the first request with the first of these, and so on; the last one answers all the rest. */
  static withAnswers(...answers: readonly FakeAnswer[]): FakeServer {
    return new FakeServer((request) => {
      const answer = answers[Math.min(request.number, answers.length - 1)];
      if (answer === undefined) throw new TypeError('There is no answer.');
      return answer(request);
    });
  }

  /** Creates a service that calls this server. */
  client(environment: Environment, options: Partial<HttpGraphRunServiceOptions> = {}): HttpGraphRunService {
    return new HttpGraphRunService({ baseUrl: this.baseUrl, fetch: this.fetch, environment, ...options });
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = String(input);
    const path = url.slice(this.baseUrl.length);
    const request: FakeRequest = {
      method: init?.method ?? 'GET',
      path,
      query: new URL(url).searchParams,
      headers: new Headers(init?.headers),
      body: typeof init?.body === 'string' ? parseJson(init.body) : undefined,
      number: this.requests.length,
    };
    const signal = init?.signal ?? undefined;
    signal?.throwIfAborted();
    this.requests.push(request);
    const response = await orAborted(Promise.resolve(request).then(this.answer), signal);
    if (response.body === null || signal === undefined) return response;
    return new Response(abortable(response.body, signal), response);
  };
}

function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Returns the same bytes as a stream that reads them only on demand, and fails when the signal aborts. */
function abortable(body: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const onAbort = () => {
          controller.error(signal.reason);
          // A failed body rejects with its error, which its reader already got.
          reader.cancel(signal.reason).catch(() => undefined);
        };
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      },
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

const encoder = new TextEncoder();

/** A stream that a test writes frame by frame. */
export class FakeStream {
  readonly #body: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** True once the client has left. */
  isCancelled = false;

  constructor() {
    this.#body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.isCancelled = true;
      },
    });
  }

  /** The response with this stream as its body. Can be read once. */
  get response(): Response {
    return new Response(this.#body, {
      headers: { ...PROTOCOL_HEADERS, 'Content-Type': 'text/event-stream; charset=utf-8' },
    });
  }

  /** Sends frames as one piece. */
  send(...frames: readonly SseFrame[]): this {
    if (!this.isCancelled) this.#controller?.enqueue(encoder.encode(frames.map(encodeFrame).join('')));
    return this;
  }

  /** Ends as a server that closes. */
  end(): this {
    if (!this.isCancelled) this.#controller?.close();
    return this;
  }

  /** Fails as a connection that is reset. */
  fail(): this {
    if (!this.isCancelled) this.#controller?.error(new TypeError('terminated'));
    return this;
  }
}

/** Answers with a stream of these frames that ends. */
export function streamAnswer(...frames: readonly SseFrame[]): FakeAnswer {
  return () => new FakeStream().send(...frames).end().response;
}

/** Answers with a problem document. */
export function problemAnswer(
  status: number,
  code: string,
  { headers = {}, ...members }: { headers?: Record<string, string> } & Record<string, unknown> = {},
): FakeAnswer {
  return () =>
    new Response(JSON.stringify({ code, detail: `It is ${code}.`, ...members }), {
      status,
      headers: { ...PROTOCOL_HEADERS, 'Content-Type': 'application/problem+json', ...headers },
    });
}

/** Answers with JSON. */
export function jsonAnswer(body: unknown, headers: Record<string, string> = PROTOCOL_HEADERS): FakeAnswer {
  return () =>
    new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json', ...headers } });
}

/** Fails as a broken network. */
export const networkFailure: FakeAnswer = () => {
  throw new TypeError('fetch failed');
};

/** Returns the first frame of a session's stream. */
export function startFrame(after: number, lastIndex: number, more: Record<string, unknown> = {}): SseFrame {
  return {
    event: 'start',
    data: {
      sessionId: 's',
      protocol: 1,
      logId: 'log',
      after,
      firstIndex: 0,
      lastIndex,
      heartbeatMs: 15_000,
      ...more,
    },
  };
}

/** Returns the frame of a logged event, with its index as id. */
export function eventFrame(event: GraphRunEvent): SseFrame {
  return { id: event.index, event: 'event', data: eventToWire(event) };
}

/** Returns the frames of thoughts with these indexes. */
export function thoughtFrames(from: number, through: number): SseFrame[] {
  return Array.from({ length: Math.max(0, through - from + 1) }, (_, at) =>
    eventFrame({ type: 'thoughtEvent', nodeId: 'n', text: `t${from + at}`, index: from + at }),
  );
}

/** Returns the terminal event of a completed run. */
export function completeEvent(index: number): GraphRunEvent {
  return { type: 'graphComplete', sessionId: 's', outputs: {}, index };
}

/** Returns the frame at the end of the replay. */
export function markerFrame(lastIndex: number, pending: readonly unknown[] = []): SseFrame {
  return { event: 'event', data: { type: 'replayComplete', lastIndex, status: 'running', pending } };
}

/** Returns the last frame of an ended session. */
export function doneFrame(lastIndex: number): SseFrame {
  return { event: 'done', data: { status: 'completed', lastIndex } };
}

/** Returns a whole stream after a cursor: thoughts, the terminal event, the marker and `done`. */
export function wholeStream(
  after: number,
  lastIndex: number,
  start: Record<string, unknown> = {},
): SseFrame[] {
  return [
    startFrame(after, lastIndex, start),
    ...thoughtFrames(after + 1, lastIndex - 1),
    ...(after < lastIndex ? [eventFrame(completeEvent(lastIndex))] : []),
    markerFrame(lastIndex),
    doneFrame(lastIndex),
  ];
}
