import { isJsonObject, parseJson, type JsonObject } from '../../../protocol/values/json.js';
import { GraphRunError } from '../../../protocol/problems.js';
import { nextTurn } from '../../../protocol/next-turn.js';
import type { BodyShare } from './body-budget.js';
import { JsonSize } from './json-size.js';

/** The size of a body. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Number of JSON values in it. */
  readonly maxValues: number;
  /** Number of different names of members in it. */
  readonly maxNames: number;
  /** Counts the bytes that have arrived. */
  readonly share: BodyShare;
}

/** Bytes that are looked at, or parsed, in one turn of the event loop with something else. */
const PIECE_BYTES = 64 * 1024;

/**
 * Reads the JSON object of a request, and stops as soon as it is too large: a body of too many values is never parsed.
 * An optional body that is missing counts as an empty object.
 *
 * @throws GraphRunError `payload-too-large`, `too-many-bodies`, `unavailable`, `unsupported-media-type`, `invalid-json`
 *   or `invalid-request`.
 */
export async function readJsonObject(
  request: Request,
  limits: BodyLimits,
  { isOptional = false } = {},
): Promise<JsonObject> {
  const isJson = isJsonType(request.headers.get('Content-Type'));
  if (!isJson && !isOptional) throw mediaTypeError();
  const text = await readText(request, limits);
  if (isOptional && text === '') return {};
  if (!isJson) throw mediaTypeError();
  const body = parseJson(text);
  if (body === undefined) {
    throw new GraphRunError('invalid-json', 'The body is not JSON.', { status: 400 });
  }
  if (!isJsonObject(body)) {
    throw new GraphRunError('invalid-request', 'The body must be a JSON object.', { status: 400 });
  }
  return body;
}

function isJsonType(contentType: string | null): boolean {
  const essence = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return essence === 'application/json' || essence.endsWith('+json');
}

async function readText(request: Request, limits: BodyLimits): Promise<string> {
  const { maxBytes, share } = limits;
  const announcedBytes = Number(request.headers.get('Content-Length') ?? 0);
  if (announcedBytes > maxBytes) throw tooLargeError(maxBytes, 'bytes');
  if (request.body === null) return '';
  share.check(announcedBytes);
  const reader = request.body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const size = new JsonSize();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await readChunk(reader);
    if (done) break;
    bytes += value.byteLength;
    try {
      share.take(value.byteLength);
      if (bytes > maxBytes) throw tooLargeError(maxBytes, 'bytes');
      for (let start = 0; start < value.byteLength; start += PIECE_BYTES) {
        if (start > 0) await nextTurn();
        const piece = value.subarray(start, start + PIECE_BYTES);
        checkSize(size, piece, limits);
        text += decoded(decoder, piece);
      }
    } catch (error) {
      // The rest is not needed; an error of cancelling it does not matter.
      reader.cancel().catch(() => undefined);
      throw error;
    }
  }
  if (bytes > PIECE_BYTES) await nextTurn();
  return text + decoded(decoder);
}

/** The next characters, or with no bytes the last: text in another encoding must not be stored with U+FFFD in it. */
function decoded(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw new GraphRunError('invalid-json', 'The body is not UTF-8.', { status: 400, cause });
  }
}

function checkSize(size: JsonSize, bytes: Uint8Array, { maxValues, maxNames }: BodyLimits): void {
  size.add(bytes);
  if (size.values > maxValues) throw tooLargeError(maxValues, 'JSON values');
  if (size.names > maxNames) throw tooLargeError(maxNames, 'different names of members');
}

async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ done: true; value?: undefined } | { done: false; value: Uint8Array }> {
  try {
    const { done, value } = await reader.read();
    return done ? { done } : { done, value };
  } catch (error) {
    // The adapter of the server names its own reasons, such as a body that comes too slowly.
    if (error instanceof GraphRunError) throw error;
    throw new GraphRunError('invalid-request', 'The request ended before its body did.', {
      status: 400,
      cause: error,
    });
  }
}

function tooLargeError(max: number, unit: string): GraphRunError {
  return new GraphRunError('payload-too-large', `The body may have at most ${max} ${unit}.`, { status: 413 });
}

function mediaTypeError(): GraphRunError {
  return new GraphRunError('unsupported-media-type', 'The body must be application/json.', { status: 415 });
}
