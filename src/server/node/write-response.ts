import { constants } from 'node:http2';
import type { Writable } from 'node:stream';
import { nextTurn } from '../../protocol/next-turn.js';
import { timerMs } from '../scheduling/wakeup.js';
import { closeAfterResponse } from './lingering-close.js';
import { isHttp2, type NodeResponse } from './node-message.js';

/**
 * Bytes that are written at once. A slow reader of a large event makes visible progress slice by slice, and
 * no more than one slice waits in the process.
 */
const SLICE_BYTES = 64 * 1024;

/** Headers about the connection, which HTTP/2 forbids (RFC 9113, section 8.2.2). */
const CONNECTION_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** A client to write to. */
interface Client {
  readonly outgoing: NodeResponse;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
  /** Time without progress after which the client is given up. */
  readonly stallMs: number;
}

/**
 * Writes a web response as fast as the client reads, and cancels its body when the client has gone. A client that
 * reads nothing for `stallMs` is disconnected.
 */
export async function writeResponse(
  response: Response,
  outgoing: NodeResponse,
  gone: AbortSignal,
  stallMs: number,
): Promise<void> {
  const client = { outgoing, gone, stallMs };
  const { body } = response;
  const isBodyless = body === null || outgoing.req.method === 'HEAD' || gone.aborted;
  if (isBodyless) await cancel(body);
  // A small body is often in the packet of its headers, and is read right after them.
  if (!outgoing.req.complete) await nextTurn();
  if (gone.aborted) return;
  if (isBodyless) {
    writeHead(response, client);
    // The length in an answer to HEAD would be that of the body of GET.
    if (outgoing.req.method !== 'HEAD' && response.status !== 204) outgoing.setHeader('Content-Length', 0);
    outgoing.end();
  } else if (isStream(response)) {
    writeHead(response, client);
    sendHead(outgoing);
    if (!(await writeStream(body, client))) return;
    outgoing.end();
  } else {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (gone.aborted) return;
    writeHead(response, client);
    outgoing.setHeader('Content-Length', bytes.byteLength);
    if (!(await writeBytes(bytes, client))) return;
    outgoing.end();
  }
  if (await progress('finish', client)) refuseRest(outgoing);
}

/**
 * Prepares for the rest of a body that is not needed: the response is sent before the request is complete. A request over
 * HTTP/2 has only its stream closed, see `refuseRest`.
 */
function expectRest({ outgoing, stallMs }: Client): void {
  if (isHttp2(outgoing) || outgoing.req.complete) return;
  outgoing.setHeader('Connection', 'close');
  closeAfterResponse(outgoing.req, stallMs);
}

/** Asks a client of HTTP/2 to stop sending a body that was not needed (RFC 9113, section 8.1). */
function refuseRest(outgoing: NodeResponse): void {
  if (!isHttp2(outgoing)) return;
  const { stream, req } = outgoing;
  if (!stream.endAfterHeaders && !req.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Ends a response that cannot be completed, so that the client does not take its beginning for the whole. */
export function breakOff(outgoing: NodeResponse): void {
  if (isHttp2(outgoing)) outgoing.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else outgoing.destroy();
}

/** True for a response that is written as it is made: what a proxy must not collect is not collected here either. */
function isStream({ headers }: Response): boolean {
  const isSse = headers.get('Content-Type')?.startsWith('text/event-stream') === true;
  return isSse || headers.get('X-Accel-Buffering') === 'no';
}

async function cancel(body: ReadableStream<Uint8Array> | null): Promise<void> {
  // The creator of the body has its errors already.
  await body?.cancel().catch(() => undefined);
}

function writeHead({ status, headers }: Response, client: Client): void {
  const { outgoing } = client;
  outgoing.statusCode = status;
  for (const [name, value] of headers) {
    if (isHttp2(outgoing) && CONNECTION_HEADERS.has(name)) continue;
    outgoing.setHeader(name, name === 'set-cookie' ? headers.getSetCookie() : value);
  }
  expectRest(client);
}

/** Sends the headers before there is anything of the body. */
function sendHead(outgoing: NodeResponse): void {
  if (isHttp2(outgoing)) {
    outgoing.writeHead(outgoing.statusCode);
    return;
  }
  outgoing.socket?.setNoDelay(true);
  outgoing.flushHeaders();
}

/** Writes a body chunk by chunk; resolves with false if it was not written to its end. */
async function writeStream(body: ReadableStream<Uint8Array>, client: Client): Promise<boolean> {
  const reader = body.getReader();
  const leave = (): void => {
    // The creator of the body has its errors already.
    reader.cancel().catch(() => undefined);
  };
  client.gone.addEventListener('abort', leave);
  if (client.gone.aborted) leave();
  try {
    for (;;) {
      const chunk = await readChunk(reader);
      if (chunk === 'failed') {
        breakOff(client.outgoing);
        return false;
      }
      if (chunk.done) return true;
      if (!(await writeBytes(chunk.value, client))) return false;
    }
  } finally {
    client.gone.removeEventListener('abort', leave);
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
 * Writes slice by slice, waiting while the buffer is full. Resolves with false only when the client has gone, or
 * has read nothing for so long that it was disconnected.
 */
async function writeBytes(bytes: Uint8Array, client: Client): Promise<boolean> {
  const { gone } = client;
  const outgoing: Writable = client.outgoing;
  for (let start = 0; start < bytes.byteLength; start += SLICE_BYTES) {
    if (gone.aborted || outgoing.destroyed) return false;
    if (outgoing.write(bytes.subarray(start, start + SLICE_BYTES))) continue;
    if (!(await progress('drain', client))) return false;
  }
  return true;
}

/** Waits until the client has read; disconnects it when it reads nothing for too long, and resolves with false. */
async function progress(event: 'drain' | 'finish', { outgoing, gone, stallMs }: Client): Promise<boolean> {
  // A response over HTTP/2 reports that it has finished only when the request has, too; its stream does at once.
  const writable: Writable = isHttp2(outgoing) ? outgoing.stream : outgoing;
  const outcome = await new Promise<'progress' | 'gone' | 'stalled'>((resolve) => {
    const finish = (result: 'progress' | 'gone' | 'stalled'): void => {
      clearTimeout(timer);
      writable.off(event, onProgress);
      gone.removeEventListener('abort', onGone);
      resolve(result);
    };
    const onProgress = (): void => finish('progress');
    const onGone = (): void => finish('gone');
    const timer = setTimeout(() => finish('stalled'), timerMs(stallMs));
    writable.once(event, onProgress);
    gone.addEventListener('abort', onGone);
    if (gone.aborted) onGone();
    else if (event === 'finish' && writable.writableFinished) onProgress();
  });
  if (outcome === 'stalled') breakOff(outgoing);
  return outcome === 'progress' && !outgoing.destroyed;
}
