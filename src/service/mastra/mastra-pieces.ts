import {
  isFilledText,
  isJsonObject,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';

/** What stands between two objects of a stream. */
const SEPARATOR = '\u001E';

/** Reads the objects of a stream; something else in it is left out. */
export async function* decodeChunks(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const texts = rest.split(SEPARATOR);
      rest = done ? '' : (texts.pop() ?? '');
      const chunks = texts.map(parseJson).filter(isJsonObject);
      if (chunks.length > 0) yield chunks;
      if (done) return;
    }
  } finally {
    // The run continues without this reader; a stream that broke has been cancelled already.
    await reader.cancel().catch(() => undefined);
  }
}

/** What a step has streamed between its start, or an answer, and its end or next question. */
interface Segment {
  readonly call: string;
  readonly pieces: JsonValue[];
  isOver: boolean;
}

/**
 * What the steps of a run have streamed, as far as its server still has it. The stream of a run that is running is delivered
 * twice, the copies one after the other, so pieces are known by their step, its call, and their position.
 */
export class PieceStore {
  readonly #segments = new Map<string, Segment[]>();
  /** Where the stream is: the call of each step, and the position in it. */
  readonly #place = new Map<string, { readonly segment: Segment; position: number }>();
  #hasStream = false;

  /** True when the server has the stream of the run. */
  get hasStream(): boolean {
    return this.#hasStream;
  }

  /** Takes chunks; returns true when one says that a step has begun or ended. */
  take(chunks: readonly JsonObject[]): boolean {
    let hasSteps = false;
    for (const chunk of chunks) hasSteps = this.#takeOne(chunk) || hasSteps;
    return hasSteps;
  }

  #takeOne({ type, payload }: JsonObject): boolean {
    if (!isText(type) || !isJsonObject(payload)) return false;
    this.#hasStream = true;
    const { stepName, id = stepName } = payload;
    const name = isFilledText(id) ? id : '';
    if (name === '') return type === 'workflow-finish';
    if (type === 'workflow-step-output') this.#piece(name, payload['output'] ?? null);
    else if (type === 'workflow-step-start') this.#start(name, payload);
    else if (type === 'workflow-step-result' || type === 'workflow-step-suspended') this.#end(name);
    else return false;
    return type !== 'workflow-step-output';
  }

  /** The pieces of a step that come before its question of this number, or its end; after those that were taken. */
  piecesOf(name: string, taken: number, questions = Number.POSITIVE_INFINITY): readonly JsonValue[] {
    const segments = (this.#segments.get(name) ?? []).slice(0, questions);
    return segments.flatMap(({ pieces }) => pieces).slice(taken);
  }

  /** True when the stream has shown the beginning of a step. */
  has(name: string): boolean {
    return this.#segments.has(name);
  }

  /** True when the stream has shown the end, or the last question, of a step. */
  isOver(name: string): boolean {
    return this.#segments.get(name)?.at(-1)?.isOver === true;
  }

  #start(name: string, { stepCallId, resumedAt, startedAt }: JsonObject): void {
    // A step that runs once per item has no id of its call.
    const call = String(stepCallId ?? resumedAt ?? startedAt ?? '');
    const segments = this.#segments.get(name) ?? [];
    this.#segments.set(name, segments);
    let segment = segments.find((known) => known.call === call);
    if (segment === undefined) {
      segment = { call, pieces: [], isOver: false };
      segments.push(segment);
    }
    this.#place.set(name, { segment, position: 0 });
  }

  #piece(name: string, output: JsonValue): void {
    if (!this.#place.has(name)) this.#start(name, {});
    const place = this.#place.get(name);
    if (place === undefined) return;
    if (place.position >= place.segment.pieces.length) place.segment.pieces.push(output);
    place.position += 1;
  }

  #end(name: string): void {
    const place = this.#place.get(name);
    if (place !== undefined) place.segment.isOver = true;
  }
}

/** A piece as the report of its node: text where it is one, as models stream it. */
export function pieceEvent(output: JsonValue): JsonObject {
  const text = textOf(output);
  return text === undefined
    ? { custom: output }
    : { content: { content: { role: 'model', parts: [{ text }] } } };
}

function textOf(output: JsonValue): string | undefined {
  if (isText(output)) return output;
  if (!isJsonObject(output) || output['type'] !== 'text-delta') return undefined;
  const { payload, textDelta } = output;
  const text = isJsonObject(payload) ? payload['text'] : textDelta;
  return isText(text) ? text : undefined;
}
