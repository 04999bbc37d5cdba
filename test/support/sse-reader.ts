import assert from 'node:assert/strict';
import { isJsonObject, parseJson, type JsonObject } from '../../src/protocol/values/json.js';

/** One frame as received, including line ends. */
export interface RawFrame {
  readonly text: string;
  readonly id?: string;
  readonly event?: string;
  readonly retry?: string;
  readonly comment?: string;
  /** The JSON object of `data`; empty when there is none. */
  readonly data: JsonObject;
}

/**
 * Reads a stream frame by frame, strictly and without the code under test: LF only, at most one line of data,
 * one space after the colon.
 */
export class SseReader {
  readonly response: Response;
  /** All frames so far. */
  readonly frames: RawFrame[] = [];
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort: AbortController;
  readonly #decoder = new TextDecoder();
  #rest = '';

  private constructor(response: Response, abort: AbortController) {
    assert.ok(response.body);
    this.response = response;
    this.#reader = response.body.getReader();
    this.#abort = abort;
  }

  /** Connects; the response must be a stream. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    assert.equal(response.status, 200, `${url} answered ${response.status}`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    return new SseReader(response, abort);
  }

  /** Reads a response that did not come over a network. */
  static of(response: Response): SseReader {
    assert.equal(response.status, 200);
    const abort = new AbortController();
    const reader = new SseReader(response, abort);
    abort.signal.addEventListener('abort', () => void reader.#reader.cancel());
    return reader;
  }

  /** Reads the next frame; undefined at the end of the stream. */
  async next(): Promise<RawFrame | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n\n');
      if (end !== -1) {
        const frame = parseFrame(this.#rest.slice(0, end + 2));
        this.#rest = this.#rest.slice(end + 2);
        this.frames.push(frame);
        return frame;
      }
      const { done, value } = await this.#reader.read();
      if (done) {
        assert.equal(this.#rest, '', 'the stream ended inside a frame');
        return undefined;
      }
      this.#rest += this.#decoder.decode(value, { stream: true });
    }
  }

  /** Reads until a frame matches, and returns it. */
  async until(fits: (frame: RawFrame) => boolean): Promise<RawFrame> {
    for (;;) {
      const frame = await this.next();
      if (frame === undefined) {
        assert.fail(`the stream ended; it had ${this.frames.map(({ text }) => text).join('')}`);
      }
      if (fits(frame)) return frame;
    }
  }

  /** Reads until an event of a type. */
  untilType(type: string): Promise<RawFrame> {
    return this.until(({ data }) => data['type'] === type);
  }

  /** Reads to the end. Returns all frames, including those read before. */
  async toEnd(): Promise<readonly RawFrame[]> {
    while ((await this.next()) !== undefined);
    return this.frames;
  }

  /** Closes the connection. */
  close(): void {
    this.#abort.abort();
  }
}

/** The indexes of the logged events among frames. */
export function idsOf(frames: readonly RawFrame[]): number[] {
  return frames.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));
}

/** Names each frame by the type of its event, else by the name of the frame. */
export function kindsOf(frames: readonly RawFrame[]): string[] {
  return frames.map(({ event, data }) => String(event === 'event' ? data['type'] : event));
}

function parseFrame(text: string): RawFrame {
  assert.ok(!text.includes('\r'), 'no CR');
  const fields = new Map<string, string>();
  for (const line of text.slice(0, -2).split('\n')) {
    const match = /^(id|event|data|retry|): (.*)$/su.exec(line);
    assert.ok(match, `not a line of the protocol: ${JSON.stringify(line)}`);
    const [, name = '', value = ''] = match;
    assert.ok(!fields.has(name), `“${name}” twice in one frame`);
    fields.set(name, value);
  }
  const json = fields.get('data');
  const data = json === undefined ? {} : parseJson(json);
  assert.ok(isJsonObject(data), `data must be an object: ${String(json)}`);
  const member = (name: string, field = name) =>
    fields.has(field) ? { [name]: fields.get(field) ?? '' } : {};
  return { text, data, ...member('id'), ...member('event'), ...member('retry'), ...member('comment', '') };
}
