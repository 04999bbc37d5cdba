import { createParser } from 'eventsource-parser';
import { GraphRunError } from './problems.js';

/** What a stream of server-sent events consists of, in the order of its bytes. */
export type SseItem =
  | { readonly kind: 'message'; readonly event: string; readonly data: string; readonly id?: string }
  | { readonly kind: 'retry'; readonly retryMs: number }
  | { readonly kind: 'comment' };

/** Characters of one frame beyond which the stream is given up: 32 Mi. */
const MAX_FRAME_CHARS = 32 * 1024 * 1024;

/** Bytes that are decoded at once: a larger chunk of the network is no reason to keep the page waiting. */
const PIECE_BYTES = 64 * 1024;

/**
 * Decodes a byte stream of server-sent events (WHATWG HTML, section 9.2.6). Yields what one network
 * chunk completed as one array (of a large chunk as several), also when it completed nothing (so that a
 * reader sees every sign of life). A frame that the end of the stream cuts is never delivered. Leaving the loop cancels the
 * stream.
 *
 * @throws GraphRunError `protocol-error` for a frame beyond `maxFrameChars`; whatever the stream
 *   rejects with.
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
      items.push({ kind: 'message', event, data, ...(id === undefined ? {} : { id }) });
    },
    onRetry: (retryMs) => items.push({ kind: 'retry', retryMs }),
    onComment: () => items.push({ kind: 'comment' }),
    onError: (error) => {
      isTooLarge ||= error.type === 'max-buffer-size-exceeded';
    },
  });
  // It takes the three characters that bytes of a BOM become in Latin-1 for one at the beginning of its
  // first chunk. The decoder has dealt with the BOM, so what looks like that here is text.
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
    // Cancelling a stream that failed rejects with the error that is on its way to the caller anyway.
    if (!isFinished) await reader.cancel().catch(() => undefined);
  }
}

/**
 * Makes every line end an LF. The parser would hold back a CR at the end of a chunk, and with it the
 * frame that it closes, until it knows whether an LF follows; here that LF is dropped when it comes.
 */
function withLineFeeds(text: string, isAfterCr: boolean): string {
  const rest = isAfterCr && text.startsWith('\n') ? text.slice(1) : text;
  return rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest;
}

/** One frame to write. Every member is optional; a frame of nothing but a comment is a heartbeat. */
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
