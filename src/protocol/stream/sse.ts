import { createParser } from 'eventsource-parser';
import { GraphRunError } from '../problems.js';

/** One item of a stream of server-sent events, in the order of its bytes. */
export type SseItem =
  | { readonly kind: 'message'; readonly event: string; readonly data: string; readonly id?: string }
  | { readonly kind: 'retry'; readonly retryMs: number }
  | { readonly kind: 'comment'; readonly text: string };

/** Maximal length of one frame, beyond which the stream is given up: 32 Mi characters. */
const MAX_FRAME_CHARS = 32 * 1024 * 1024;

/** Bytes that are decoded at once, so that a larger network chunk does not block the page. */
const PIECE_BYTES = 64 * 1024;

/**
 * Decodes a byte stream of server-sent events (WHATWG HTML, section 9.2.6). Yields the items that one network
 * chunk completed as one array (those of a large chunk as several), even an empty one, so that a reader sees
 * every sign of life. A frame that the end of the stream cuts off is never delivered. Leaving the loop
 * cancels the stream.
 *
 * @throws GraphRunError `protocol-error` for a frame beyond `maxFrameChars`; any error of the stream.
 */
export async function* decodeSse(
  body: ReadableStream<Uint8Array>,
  maxFrameChars = MAX_FRAME_CHARS,
): AsyncGenerator<readonly SseItem[], void, undefined> {
  let items: SseItem[] = [];
  let isTooLarge = false;
  const parser = createParser({
    maxBufferSize: maxFrameChars,
    onEvent: ({ event = 'message', data, id }) => {
      items.push(id === undefined ? { kind: 'message', event, data } : { kind: 'message', event, data, id });
    },
    onRetry: (retryMs) => items.push({ kind: 'retry', retryMs }),
    onComment: (text) => items.push({ kind: 'comment', text }),
    onError: (error) => {
      isTooLarge ||= error.type === 'max-buffer-size-exceeded';
    },
  });
  // At the beginning of its first chunk, the parser mistakes for a BOM the three characters that its bytes
  // become in Latin-1. The decoder has removed the BOM already, so such characters are text here.
  parser.feed('');
  const decoder = new TextDecoder();
  let isAfterCr = false;
  const reader = body.getReader();
  let isFinished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        isFinished = true;
        return;
      }
      for (let start = 0; start === 0 || start < value.length; start += PIECE_BYTES) {
        const text = decoder.decode(value.subarray(start, start + PIECE_BYTES), { stream: true });
        parser.feed(withLineFeeds(text, isAfterCr));
        if (text !== '') isAfterCr = text.endsWith('\r');
        const batch = items;
        items = [];
        if (batch.length > 0 || !isTooLarge) yield batch;
        if (isTooLarge) {
          throw new GraphRunError('protocol-error', 'The server sent a frame that is too large.');
        }
      }
    }
  } finally {
    // Cancelling a failed stream rejects with the error that the caller gets anyway.
    if (!isFinished) await reader.cancel().catch(() => undefined);
  }
}

/**
 * Converts every line end to LF. The parser would hold back a CR at the end of a chunk, and with it the
 * frame that it closes, until it knows whether an LF follows; here that LF is dropped when it arrives.
 */
function withLineFeeds(text: string, isAfterCr: boolean): string {
  const rest = isAfterCr && text.startsWith('\n') ? text.slice(1) : text;
  return rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest;
}

/** One frame to write. Every member is optional; a frame with only a comment is a heartbeat. */
export interface SseFrame {
  readonly comment?: string;
  readonly retryMs?: number;
  readonly id?: number;
  readonly event?: string;
  /** Becomes one line of JSON. */
  readonly data?: unknown;
}

/**
 * Encodes one frame: LF line ends, one `data: ` line with one space, closed by an empty line.
 * `JSON.stringify` escapes every line break inside strings, so no content can open a second frame.
 */
export function encodeFrame(frame: SseFrame): string {
  const lines: string[] = [];
  if (frame.comment !== undefined) lines.push(`: ${frame.comment}`);
  if (frame.retryMs !== undefined) lines.push(`retry: ${frame.retryMs}`);
  if (frame.id !== undefined) lines.push(`id: ${frame.id}`);
  if (frame.event !== undefined) lines.push(`event: ${frame.event}`);
  if (frame.data !== undefined) lines.push(`data: ${JSON.stringify(frame.data)}`);
  return `${lines.join('\n')}\n\n`;
}
