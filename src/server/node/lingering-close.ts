import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { timerMs } from '../scheduling/wakeup.js';

/** Bytes that are still read after the response: more than any body of the protocol has. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Time without a byte after which the client is taken to have read the response. */
const MAX_SILENCE_MS = 5000;

const closing = new WeakSet<Duplex>();

/** True for a connection on which the last response was sent: what arrives on it is read and ignored. */
export function isClosing(socket: Duplex): boolean {
  return closing.has(socket);
}

/**
 * Makes a connection close after the response to a request whose body has not arrived, and will not be needed. Called
 * before its headers are sent, which must include `Connection: close`.
 */
export function closeAfterResponse(incoming: IncomingMessage, totalMs: number): void {
  const { socket } = incoming;
  // Node closes it this way, at once: data that is on its way then makes the client's system discard the response.
  socket.destroySoon = () => lingeringClose(socket, incoming, totalMs);
}

/**
 * Closes a connection so that the client can read the response (RFC 9112, section 9.6): sends its end, reads what still
 * comes of `source`, and cuts it when that has ended, is too much or takes longer than `totalMs` milliseconds.
 */
export function lingeringClose(socket: Duplex, source: Readable, totalMs: number): void {
  if (closing.has(socket) || socket.destroyed) return;
  closing.add(socket);
  socket.end();
  const cut = (): void => {
    socket.destroy();
  };
  const total = setTimeout(cut, timerMs(totalMs));
  const silence = setTimeout(cut, timerMs(Math.min(totalMs, MAX_SILENCE_MS)));
  socket.once('close', () => {
    clearTimeout(total);
    clearTimeout(silence);
  });
  let bytes = 0;
  // A reader that has stopped in the middle of the body may still listen, and then nothing would flow.
  source.removeAllListeners('readable');
  source.on('data', (chunk: string | Uint8Array) => {
    bytes += chunk.length;
    silence.refresh();
    if (bytes > MAX_BYTES) cut();
  });
  source.once('end', cut);
  source.resume();
}
