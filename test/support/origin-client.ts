import { request, type IncomingMessage } from 'node:http';
import { isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';

/** A question as the original client shows it to a person. */
export interface OriginPrompt {
  readonly interactionId: string;
  readonly nodeId: string;
}

/** Options of the original client. */
export interface OriginClientOptions {
  /** Address of the collection of sessions. */
  readonly baseUrl: string;
  /** Called with a question; resolves with the answer to send. */
  readonly onPrompt: (prompt: OriginPrompt, client: OriginClient) => Promise<JsonObject>;
  /** Called when an answer was accepted, before the client opens the stream again. */
  readonly onAnswered?: (prompt: OriginPrompt) => Promise<void>;
  /** Called when the replay of a connection is complete without a question. */
  readonly onLive?: () => void;
}

const TERMINAL = new Set(['graphComplete', 'graphError', 'graphCancelled']);
/** The original has no limit; more attempts than this are its well-known endless loop. */
const MAX_STREAMS = 50;

/**
 * The control flow of the original client: one slot for a question while it replays, leaves a stream
 * when it asks (without closing it), resumes after the highest index that it has seen, and opens a
 * stream again whenever one ends without a terminal event.
 */
export class OriginClient {
  /** Every received object, except `start` and `done`, over all connections. */
  readonly events: JsonObject[] = [];
  readonly prompts: OriginPrompt[] = [];
  readonly #options: OriginClientOptions;
  readonly #open = new Set<IncomingMessage>();
  readonly #waiting = new Set<() => void>();
  #after = -1;
  #streamCount = 0;

  constructor(options: OriginClientOptions) {
    this.#options = options;
  }

  /** Number of streams opened so far. */
  get streamCount(): number {
    return this.#streamCount;
  }

  /** Number of open streams, read or not. */
  get openCount(): number {
    return this.#open.size;
  }

  /** Resolves when the server has closed all streams. */
  async untilClosed(): Promise<void> {
    while (this.#open.size > 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  /** Follows a session to its terminal event. */
  async follow(sessionId: string): Promise<void> {
    for (;;) {
      const prompt = await this.#readStream(sessionId);
      if (prompt === 'ended') return;
      if (prompt === undefined) continue;
      this.prompts.push(prompt);
      const response = await this.#options.onPrompt(prompt, this);
      const answer = await fetch(`${this.#options.baseUrl}/${sessionId}:resume`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ interactionId: prompt.interactionId, response }),
      });
      if (!answer.ok) throw new Error(`The answer was refused: ${await answer.text()}`);
      await this.#options.onAnswered?.(prompt);
    }
  }

  /** Reads until the session ends, a question comes, or the stream ends. */
  async #readStream(sessionId: string): Promise<OriginPrompt | 'ended' | undefined> {
    this.#streamCount += 1;
    if (this.#streamCount > MAX_STREAMS) throw new Error('It opens streams without end.');
    const stream = await this.#connect(`${this.#options.baseUrl}/${sessionId}?after=${this.#after}`);
    let slot: OriginPrompt | undefined;
    let isReplaying = true;
    for await (const { event, data } of originMessages(stream)) {
      if (event === 'start') continue;
      if (event === 'done') return undefined;
      this.events.push(data);
      if (typeof data['index'] === 'number') this.#after = Math.max(this.#after, data['index']);
      const type = String(data['type']);
      if (TERMINAL.has(type)) return 'ended';
      if (type === 'inputRequired') {
        slot = { interactionId: String(data['interactionId']), nodeId: String(data['nodeId']) };
        if (!isReplaying) return slot;
      }
      if (type === 'replayComplete') {
        isReplaying = false;
        if (slot !== undefined) return slot;
        this.#options.onLive?.();
      }
    }
    return undefined;
  }

  async #connect(url: string): Promise<IncomingMessage> {
    const stream = await get(url);
    this.#open.add(stream);
    stream.on('close', () => {
      this.#open.delete(stream);
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    });
    return stream;
  }
}

function get(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false }, resolve).on('error', reject).end();
  });
}

/** One message as the original parser understands it. */
interface OriginMessage {
  readonly event: string;
  readonly data: JsonObject;
}

/**
 * The original parser: reads only lines that begin with `data: `, with the space, each as JSON on its own. Leaving
 * the loop stops reading; the connection stays open until the server ends it.
 */
async function* originMessages(stream: IncomingMessage): AsyncGenerator<OriginMessage, void, undefined> {
  let buffer = '';
  let event = '';
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      const lines = (buffer + String(chunk)).split('\n');
      buffer = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('event: ')) event = line.slice('event: '.length);
        if (!line.startsWith('data: ')) continue;
        const data: unknown = JSON.parse(line.slice('data: '.length));
        if (!isJsonObject(data)) throw new TypeError('It reads members of something that is not an object.');
        yield { event, data };
      }
    }
  } finally {
    stream.resume();
  }
}

/** The original list of sessions: every message becomes a row, under any id that it has. */
export async function readOriginList(
  url: string,
  isEnough: (rows: ReadonlyMap<unknown, JsonObject>) => boolean,
): Promise<ReadonlyMap<unknown, JsonObject>> {
  const rows = new Map<unknown, JsonObject>();
  const stream = await get(url);
  for await (const { data } of originMessages(stream)) {
    if (data['status'] === 'deleted') rows.delete(data['sessionId']);
    else rows.set(data['sessionId'], data);
    if (isEnough(rows)) break;
  }
  stream.destroy();
  return rows;
}
