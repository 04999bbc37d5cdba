import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../src/protocol/values/json.js';
import { originFrame } from './origin-format.js';

/** An event as a node produces it, without an index. */
export type OriginEvent = JsonObject & { readonly type: string };

/** One step of a script. */
export type OriginStep =
  | { readonly emit: OriginEvent }
  /** The script continues when this resolves. */
  | { readonly until: Promise<unknown> }
  /** Asks and waits. The resume call of an agent is answered only when the agent asks again or the script ends. */
  | { readonly ask: string; readonly interactionId: string; readonly by: 'input' | 'agent' }
  /** Several scripts at once. */
  | { readonly parallel: readonly (readonly OriginStep[])[] };

interface Question {
  readonly nodeId: string;
  readonly by: 'input' | 'agent';
  isAnswered: boolean;
  readonly answer: (response: JsonObject) => void;
  /** Resolves when the resume call with the answer gets its response. */
  readonly settled: Promise<void>;
}

const UNLOGGED = new Set(['thoughtEvent', 'graphCancelled']);
const ENDS: Readonly<Record<string, string>> = { graphComplete: 'completed', graphError: 'failed' };

/**
 * A session as the original server keeps it, with its defects: thoughts and cancellations are not
 * logged but take an index, as does the marker; indexes count per connection; the last writer sets
 * the status; a question can be answered any number of times.
 */
export class OriginSession {
  readonly sessionId: string;
  readonly graphId: string;
  readonly createdAt: number;
  readonly log: OriginEvent[] = [];
  readonly questions = new Map<string, Question>();
  readonly #onStatus: (session: OriginSession) => void;
  readonly #subscribers = new Set<OriginStream>();
  #isOver = false;
  status = 'running';

  constructor(
    graphId: string,
    createdAt: number,
    onStatus: (session: OriginSession) => void,
    sessionId?: string,
  ) {
    this.sessionId = sessionId ?? randomUUID();
    this.graphId = graphId;
    this.createdAt = createdAt;
    this.#onStatus = onStatus;
  }

  /** Ends the session: streams get their `done`. */
  get isOver(): boolean {
    return this.#isOver;
  }

  setStatus(status: string): void {
    this.status = status;
    this.#onStatus(this);
  }

  emit(event: OriginEvent): void {
    if (!UNLOGGED.has(event.type)) this.log.push(event);
    for (const stream of this.#subscribers) stream.live(event);
    const status = ENDS[event.type];
    if (status !== undefined) this.setStatus(status);
  }

  /** Sends `done` to all subscribers without a reason. */
  close(): void {
    this.#isOver = true;
    for (const stream of this.#subscribers) stream.done();
    this.#subscribers.clear();
  }

  subscribe(stream: OriginStream): void {
    if (this.#isOver) stream.done();
    else this.#subscribers.add(stream);
  }

  /** Breaks all streams, as a restart of a proxy does. */
  drop(): void {
    for (const stream of this.#subscribers) stream.end();
    this.#subscribers.clear();
  }

  unsubscribe(stream: OriginStream): void {
    this.#subscribers.delete(stream);
  }

  /** Sends a comment on every open stream. */
  ping(): void {
    for (const stream of this.#subscribers) stream.ping();
  }

  /** Number of streams that are open and past their replay. */
  get subscriberCount(): number {
    return this.#subscribers.size;
  }

  /** Runs a script to its end, or until the session ends. */
  async run(steps: readonly OriginStep[]): Promise<void> {
    let settle = () => {};
    for (const step of steps) {
      if (this.#isOver) break;
      if ('emit' in step) this.emit(step.emit);
      else if ('until' in step) await step.until;
      else if ('parallel' in step) await Promise.all(step.parallel.map((script) => this.run(script)));
      else {
        settle();
        settle = await this.#ask(step);
      }
    }
    settle();
  }

  /** Starts a script; its end is the end of the session. */
  start(steps: readonly OriginStep[]): void {
    void this.run(steps).then(() => {
      if (!this.#isOver) this.close();
    });
  }

  async #ask({ ask: nodeId, interactionId, by }: Extract<OriginStep, { ask: string }>): Promise<() => void> {
    let settle = () => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const payload = {
      requestId: randomUUID(),
      prompt: { parts: [{ text: 'What?' }], role: 'user' },
      interactionId,
    };
    const suspendEvent: JsonObject =
      by === 'agent'
        ? { waitForInput: { ...payload, inputType: 'asterisk' } }
        : {
            inputNode: {
              schema: { type: 'object', properties: { request: { type: 'object', title: 'What?' } } },
            },
          };
    const response = await new Promise<JsonObject>((answer) => {
      this.questions.set(interactionId, { nodeId, by, answer, settled, isAnswered: false });
      if (by === 'agent') this.emit({ type: 'agentEvent', nodeId, event: suspendEvent });
      this.emit({ type: 'inputRequired', nodeId, interactionId, suspendEvent });
      this.setStatus('suspended');
    });
    if (by === 'agent')
      this.emit({ type: 'agentEvent', nodeId, event: { sendRequest: { model: 'm', body: {} } } });
    else this.endInput(nodeId, response);
    return settle;
  }

  /** An input node ends with every answer. */
  endInput(nodeId: string, response: JsonObject): void {
    this.emit({ type: 'nodeEnd', nodeId, outputs: { context: Object.values(response) } });
  }
}

/** The number of bytes after which a connection breaks. */
export type Cut = number | undefined;

/** One connection to a session, with its own indexes. */
export class OriginStream {
  readonly #response: ServerResponse;
  readonly #cut: Cut;
  #written = 0;
  #nextIndex: number;

  constructor(response: ServerResponse, after: number, cut: Cut) {
    this.#response = response;
    this.#cut = cut;
    this.#nextIndex = after + 1;
  }

  start(sessionId: string): void {
    this.write(originFrame('start', { sessionId }));
  }

  replay(log: readonly OriginEvent[]): void {
    for (const event of log) this.live(event);
    this.live({ type: 'replayComplete' });
  }

  live(event: OriginEvent): void {
    const index = this.#nextIndex;
    this.#nextIndex += 1;
    this.write(originFrame('event', { ...event, index }, index));
  }

  ping(): void {
    this.write(': ping - 2026-11-22 07:50:17.726002+00:00\r\n\r\n');
  }

  done(): void {
    this.write(originFrame('done', {}));
    this.end();
  }

  end(): void {
    if (!this.#response.destroyed && !this.#response.writableEnded) this.#response.end();
  }

  write(data: string | Buffer): void {
    if (this.#response.destroyed || this.#response.writableEnded) return;
    const bytes = Buffer.from(data);
    const room = (this.#cut ?? Number.POSITIVE_INFINITY) - this.#written;
    this.#written += bytes.length;
    if (bytes.length < room) {
      this.#response.write(bytes);
      return;
    }
    // A clean end of the response: the written bytes arrive, and no more.
    this.#response.end(bytes.subarray(0, Math.max(0, room)));
  }
}
