import { GraphRunError } from '../../protocol/problems.js';
import { timerMs } from '../scheduling/wakeup.js';
import type { NodeRequest } from './node-message.js';

/** The body of a request as `Request` takes it. */
export interface IncomingBody {
  readonly content: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string | undefined;
  /** True when a body parser in front has read it: lengths and encodings of the headers are not those of `content`. */
  readonly isParsed: boolean;
}

/** Bytes that earn a body one more second: a slow line is served, a trickle is not. */
const BYTES_PER_SECOND = 8 * 1024;

/**
 * Reads the body of a request: from its stream or, when a body parser in front has read that (`express.json()`),
 * from the member `body` that such parsers set.
 *
 * @param bodyMs Time that the body may take, plus a second per 8 KiB; beyond it the stream fails with the
 *   GraphRunError `request-timeout`.
 * @throws GraphRunError `internal` when the stream was read and `body` has nothing to show for it.
 */
export function incomingBody(incoming: NodeRequest, bodyMs: number): IncomingBody {
  const { method } = incoming;
  if (method === 'GET' || method === 'HEAD') return { content: undefined, isParsed: false };
  if (!incoming.readableDidRead) {
    const isEmpty = incoming.readableEnded;
    return { content: isEmpty ? undefined : streamOf(incoming, bodyMs), isParsed: false };
  }
  const content = contentOf('body' in incoming ? incoming.body : undefined);
  if (content !== undefined) return { content, isParsed: true };
  throw new GraphRunError(
    'internal',
    'The body of the request was read before it reached the session server, and “request.body” is not set. ' +
      'Exclude its routes from the body parser, or let that set “request.body”.',
    { status: 500 },
  );
}

/** The bytes that a parsed body was read from, or bytes of the same meaning; undefined if there are none. */
function contentOf(body: unknown): Uint8Array<ArrayBuffer> | string | undefined {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return JSON.stringify(body);
}

/** Reads on demand. Cancelling leaves the rest to Node, which discards it, so that the response still arrives. */
function streamOf(incoming: NodeRequest, bodyMs: number): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<unknown> = incoming.iterator({ destroyOnReturn: false });
  let allowedMs = bodyMs;
  let startedMs: number | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        startedMs ??= performance.now();
        const leftMs = startedMs + allowedMs - performance.now();
        const { done, value } = await inTime(chunks.next(), leftMs);
        if (done === true) {
          controller.close();
          return;
        }
        // A stream that was given an encoding has text.
        const bytes =
          value instanceof Uint8Array
            ? value
            : Buffer.from(String(value), incoming.readableEncoding ?? 'utf8');
        allowedMs += (bytes.byteLength / BYTES_PER_SECOND) * 1000;
        controller.enqueue(bytes);
      },
    },
    { highWaterMark: 0 },
  );
}

function inTime<Result>(result: Promise<Result>, limitMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const message = 'The body of the request came too slowly.';
      reject(new GraphRunError('request-timeout', message, { status: 408 }));
    }, timerMs(limitMs));
    result.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
