import { encodeFrame } from '../../protocol/stream/sse.js';
import type { ByeReason } from './open-streams.js';
import type { AnyListName, LoggedEvent } from '../store/session-store.js';

/** How an answer names its list. */
export function listLabel({ graphId }: AnyListName): { graphId: string } | { graphs: 'all' } {
  return graphId === undefined ? { graphs: 'all' } : { graphId };
}

/** Encodes a logged event. Its JSON is written as it was stored, so that all readers get the same bytes. */
export function loggedFrame({ index, json }: Pick<LoggedEvent, 'index' | 'json'>): string {
  return `id: ${index}\nevent: event\ndata: ${json}\n\n`;
}

/** Returns the frame that shows that the connection is alive, and the time of the server, in milliseconds since 1970. */
export function heartbeatFrame(nowMs: number): string {
  return encodeFrame({ comment: `hb ${nowMs}` });
}

/** Encodes the last frame of a stream that ends early, with a hint when to reconnect. */
export function byeFrame(reason: ByeReason): string {
  return encodeFrame({ retryMs: retryMsAfter(reason), event: 'bye', data: { reason } });
}

/** Encodes the same hint without data, for a client that takes every data frame for a row. */
export function silentByeFrame(reason: ByeReason): string {
  return encodeFrame({ retryMs: retryMsAfter(reason) });
}

function retryMsAfter(reason: ByeReason): number {
  switch (reason) {
    case 'drain':
      // Spread out, so that the next process does not get all viewers of this one at once.
      return Math.round(500 + Math.random() * 4500);
    case 'max-age':
      return Math.round(Math.random() * 1000);
    case 'auth-expired':
      return 500;
    case 'evicted':
    case 'prompt':
      return 15_000;
  }
}

/** Joins frames into chunks of about `chunkBytes`; a frame is never split. */
export function* inChunks(frames: Iterable<string>, chunkBytes: number): Generator<string> {
  let chunk = '';
  for (const frame of frames) {
    if (chunk !== '' && chunk.length + frame.length > chunkBytes) {
      yield chunk;
      chunk = '';
    }
    chunk += frame;
  }
  if (chunk !== '') yield chunk;
}
