import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { timerMs } from '../sessions/wakeup.js';

/**
 * Bytes that are written at once. A slow reader of a large event is seen to make progress slice by slice,
 * and no more than one slice waits in the process.
 */
const SLICE_BYTES = 64 * 1024;

/** Anything that answers requests. */
export interface FetchHandler {
  readonly handle: (request: Request) => Promise<Response>;
}

/** Options of `toNodeListener`. */
export interface NodeListenerOptions {
  /** How long a reader may take nothing before its socket is destroyed, in milliseconds. Default 30 s. */
  readonly stallMs?: number;
  /**
   * Told of errors that no caller can be told of. Not of a stream that fails while it is written: whoever
   * made its body knows of it.
   */
  readonly onError?: (error: unknown) => void;
}

/** Makes a handler of web requests a listener of `node:http`. */
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
  // A socket that fails is closed too, and that is all that matters here.
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

/** Undefined for a request that cannot be one of the web: no valid address, a forbidden method. */
function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request | undefined {
  const { method = 'GET', url = '', headers } = incoming;
  const address = `http://${headers.host ?? 'localhost'}${url}`;
  if (!url.startsWith('/') || !URL.canParse(address)) return undefined;
  // `Request` takes no address with a name and a password, which a header may bring.
  if (new URL(address).username !== '' || new URL(address).password !== '') return undefined;
  // `Request` takes every method but these, and no route has them.
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
  // The two declarations of one and the same class, of Node and of the DOM, do not know each other.
  const stream: NodeReadableStream = Readable.toWeb(incoming);
  return stream as unknown as ReadableStream<Uint8Array>;
}

/** Writes as fast as the other side reads, and cancels the body when it has gone. */
async function writeBody(
  body: ReadableStream<Uint8Array>,
  outgoing: ServerResponse,
  gone: AbortSignal,
  stallMs: number,
): Promise<void> {
  const reader = body.getReader();
  const cancel = (): void => {
    // Whoever made the body was told of its errors already.
    reader.cancel().catch(() => undefined);
  };
  gone.addEventListener('abort', cancel);
  if (gone.aborted) cancel();
  try {
    for (;;) {
      const chunk = await readChunk(reader);
      if (chunk === 'failed') {
        // Broken off, so that the other side does not take what it has for the whole.
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
 * Writes one slice. A full buffer means to wait, not to give up; it resolves with false only when the
 * other side has gone, or has taken nothing for so long that its socket was destroyed.
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
