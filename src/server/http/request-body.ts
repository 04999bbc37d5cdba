import { isJsonObject, parseJson, type JsonObject } from '../../protocol/json.js';
import { GraphRunError } from '../../protocol/problems.js';
import { JsonValueCount } from './json-value-count.js';

/** The size of a body. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Number of JSON values in it. */
  readonly maxValues: number;
}

/**
 * Reads the JSON object of a request, and stops as soon as it is too large: a body of too many values is never parsed.
 * An optional body that is missing counts as an empty object.
 *
 * @throws GraphRunError `payload-too-large`, `unsupported-media-type`, `invalid-json` or
 *   `invalid-request`.
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

async function readText(request: Request, { maxBytes, maxValues }: BodyLimits): Promise<string> {
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) throw tooLargeError(maxBytes, 'bytes');
  if (request.body === null) return '';
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  const values = new JsonValueCount();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await readChunk(reader);
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    values.add(value);
    if (bytes > maxBytes || values.count > maxValues) {
      // The rest is not needed; an error of cancelling it does not matter.
      reader.cancel().catch(() => undefined);
      throw bytes > maxBytes ? tooLargeError(maxBytes, 'bytes') : tooLargeError(maxValues, 'JSON values');
    }
    text += decoder.decode(value, { stream: true });
  }
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

function tooLargeError(max: number, unit: 'bytes' | 'JSON values'): GraphRunError {
  return new GraphRunError('payload-too-large', `The body may have at most ${max} ${unit}.`, { status: 413 });
}

function mediaTypeError(): GraphRunError {
  return new GraphRunError('unsupported-media-type', 'The body must be application/json.', { status: 415 });
}
