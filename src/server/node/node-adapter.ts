import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { timerMs } from '../sessions/wakeup.js';

/**
 * Bytes that are written at once. A slow reader of a large event makes visible progress slice by slice, and
 * no more than one slice waits in the process.
 */
const SLICE_BYTES = 64 * 1024;

/** A handler of web requests. */
export interface FetchHandler {
  readonly handle: (request: Request) => Promise<Response>;
}

/** Options of `toNodeListener`. */
export interface NodeListenerOptions {
  /** Time without progress after which a reader's socket is destroyed, in milliseconds. Default 30 s. */
  readonly stallMs?: number;
  /**
   * Called with errors that no caller can receive. Not called for a stream that fails while it is written:
   * the creator of its body has the error already.
   */
  readonly onError?: (error: unknown) => void;
}

/** Converts a handler of web requests to a listener of `node:http`. */
export function toNodeListener(
  handler: FetchHandler,
  { stallMs = 30_000, onError = () => undefined }: NodeListenerOptions = {},
): RequestListener {
  return (incoming, outgoing) => {
    answer(handler, incoming, outgoing, stallMs).catch((error: unknown) => {
      outgoing.destroy();
      onError(error);
    });
  };
}

async function answer(
  handler: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  stallMs: number,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  // A failed socket is closed too, and only that matters here.
  outgoing.on('error', () => undefined);
  const request = toRequest(incoming, gone.signal);
  if (request === undefined) {
    outgoing.writeHead(400, { Connection: 'close' }).end();
    return;
  }
  const response = await handler.handle(request);
  const headers = Object.fromEntries(response.headers);
  if (response.body === null || !isStream(response)) {
    const body = Buffer.from(await response.arrayBuffer());
    const length = response.status === 204 ? {} : { 'Content-Length': body.byteLength };
    outgoing.writeHead(response.status, { ...headers, ...length }).end(body);
    return;
  }
  outgoing.writeHead(response.status, headers);
  outgoing.socket?.setNoDelay(true);
  outgoing.flushHeaders();
  await writeBody(response.body, outgoing, gone.signal, stallMs);
}

function isStream(response: Response): boolean {
  return response.headers.get('Content-Type')?.startsWith('text/event-stream') === true;
}

/** Converts a request; undefined when it has no web equivalent: no valid address, a forbidden method. */
function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request | undefined {
  const { method = 'GET', url = '', headers } = incoming;
  const address = `http://${headers.host ?? 'localhost'}${url}`;
  if (!url.startsWith('/') || !URL.canParse(address)) return undefined;
  // `Request` refuses an address with a name and a password, which a header may contain.
  if (new URL(address).username !== '' || new URL(address).password !== '') return undefined;
  // `Request` accepts every method except these, and no route has them.
  if (method === 'TRACE' || method === 'TRACK' || method === 'CONNECT') return undefined;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(address, {
    method,
    headers: toHeaders(incoming),
    signal,
    ...(hasBody ? { body: toWebStream(incoming), duplex: 'half' } : {}),
  });
}

function toHeaders({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let position = 0; position + 1 < rawHeaders.length; position += 2) {
    headers.append(rawHeaders[position] ?? '', rawHeaders[position + 1] ?? '');
  }
  return headers;
}

function toWebStream(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  // Node and the DOM declare the same class twice, and the two declarations are not assignable.
  const stream: NodeReadableStream = Readable.toWeb(incoming);
  return stream as unknown as ReadableStream<Uint8Array>;
}

/** Writes as fast as the client reads, and cancels the body when it has gone. */
async function writeBody(
  body: ReadableStream<Uint8Array>,
  outgoing: ServerResponse,
  gone: AbortSignal,
  stallMs: number,
): Promise<void> {
  const reader = body.getReader();
  const cancel = (): void => {
    // The creator of the body has its errors already.
    reader.cancel().catch(() => undefined);
  };
  gone.addEventListener('abort', cancel);
  if (gone.aborted) cancel();
  try {
    for (;;) {
      const chunk = await readChunk(reader);
      if (chunk === 'failed') {
        // Destroyed, so that the client does not take the beginning for the whole.
        outgoing.destroy();
        return;
      }
      const { done, value } = chunk;
      if (done) break;
      for (let start = 0; start < value.byteLength; start += SLICE_BYTES) {
        const slice = value.subarray(start, start + SLICE_BYTES);
        if (!(await write(outgoing, slice, gone, stallMs))) return;
      }
    }
    outgoing.end();
  } finally {
    gone.removeEventListener('abort', cancel);
  }
}

async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<ReadableStreamReadResult<Uint8Array> | 'failed'> {
  try {
    return await reader.read();
  } catch {
    return 'failed';
  }
}

/**
 * Writes one slice, waiting while the buffer is full. Resolves with false only when the client has gone, or
 * has read nothing for so long that its socket was destroyed.
 */
async function write(
  outgoing: ServerResponse,
  slice: Uint8Array,
  gone: AbortSignal,
  stallMs: number,
): Promise<boolean> {
  if (gone.aborted || outgoing.destroyed) return false;
  if (outgoing.write(slice)) return true;
  const outcome = await drained(outgoing, gone, stallMs);
  if (outcome === 'stalled') outgoing.destroy();
  return outcome === 'drained' && !outgoing.destroyed;
}

function drained(
  outgoing: ServerResponse,
  gone: AbortSignal,
  stallMs: number,
): Promise<'drained' | 'gone' | 'stalled'> {
  return new Promise((resolve) => {
    const finish = (outcome: 'drained' | 'gone' | 'stalled'): void => {
      clearTimeout(timer);
      outgoing.off('drain', onDrain);
      gone.removeEventListener('abort', onGone);
      resolve(outcome);
    };
    const onDrain = (): void => finish('drained');
    const onGone = (): void => finish('gone');
    const timer = setTimeout(() => finish('stalled'), timerMs(stallMs));
    outgoing.once('drain', onDrain);
    gone.addEventListener('abort', onGone);
  });
}
