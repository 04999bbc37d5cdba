import assert from 'node:assert/strict';
import type { Graph } from '../../src/protocol/graph.js';
import { isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';
import { setTimeout as delay } from 'node:timers/promises';
import { answerTo, assertContiguous, callJson, currentLog, jsonPost } from './session-calls.js';

const TWO_QUESTIONS: Graph = {
  nodes: ['a', 'b'].map((id) => ({ id, type: 'ask-text', configuration: { prompt: 'Hm?' } })),
  edges: [{ from: 'a', to: 'b' }],
};
/** Between two looks for a question, and after a refusal. */
const PATIENCE_MS = 5;

interface Answered {
  readonly sessionId: string;
  readonly interactionId: string;
  readonly text: string;
}

/** People who create sessions and answer their questions, and remember what the server has acknowledged. */
export class Acknowledgements {
  /** Sessions by the idempotency key of their creation. */
  readonly #created = new Map<string, string>();
  readonly #answered: Answered[] = [];
  /** Keys of creations to which no answer came. */
  readonly #unsure = new Set<string>();
  readonly #unexpected: string[] = [];
  #turn = 0;

  /** How much has been acknowledged so far. */
  get size(): number {
    return this.#created.size + this.#answered.length;
  }

  /** Creates and answers until the signal is aborted or the server is gone. */
  async work(base: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const key = `"key-${(this.#turn += 1)}"`;
      const created = await this.#send(`${base}/new`, creation(key), () => this.#unsure.add(key));
      if (created === 'gone') return;
      if (created === 'refused') continue;
      const sessionId = String(created['sessionId']);
      this.#created.set(key, sessionId);
      for (let question = 0; question < 2; question += 1) {
        if (!(await this.#answerNext(base, sessionId, signal))) break;
      }
    }
  }

  async #answerNext(base: string, sessionId: string, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const status = await this.#send(`${base}/${sessionId}/status`);
      if (status === 'gone') return false;
      const pending = status === 'refused' ? [] : status['pending'];
      assert.ok(Array.isArray(pending));
      const [question] = pending;
      if (!isJsonObject(question)) {
        await delay(PATIENCE_MS);
        continue;
      }
      const interactionId = String(question['interactionId']);
      const text = `answer ${(this.#turn += 1)}`;
      const answered = await this.#send(`${base}/${sessionId}:resume`, answerTo(interactionId, text));
      if (typeof answered === 'string') return false;
      this.#answered.push({ sessionId, interactionId, text });
      return true;
    }
    return false;
  }

  /** What the server answers: `refused` when it cannot now, `gone` when no answer comes. */
  async #send(
    url: string,
    init?: RequestInit,
    onGone: () => void = () => undefined,
  ): Promise<JsonObject | 'refused' | 'gone'> {
    try {
      const response = await fetch(url, init);
      const body: unknown = await response.json();
      assert.ok(isJsonObject(body));
      if (response.status === 200) return body;
      if (response.status !== 503) this.#unexpected.push(`${url}: ${JSON.stringify(body)}`);
      await delay(PATIENCE_MS);
      return 'refused';
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      // The process has been killed; whether it has done what it was asked for is not known.
      onGone();
      return 'gone';
    }
  }

  /**
   * Fails unless everything that was acknowledged is there, and once. Then repeats the creations that got no
   * answer, which must give one session each.
   */
  async check(base: string): Promise<void> {
    assert.deepEqual(this.#unexpected, [], 'refusals other than 503');
    for (const [key, sessionId] of this.#created) {
      const repeated = await callJson(`${base}/new`, creation(key));
      assert.equal(repeated['sessionId'], sessionId, 'the repetition of an acknowledged creation');
      assertContiguous(await currentLog(base, sessionId));
    }
    for (const { sessionId, interactionId, text } of this.#answered) {
      const log = await currentLog(base, sessionId);
      const resolved = log.filter((event) => event['interactionId'] === interactionId);
      const responses = resolved.flatMap((event) =>
        event['type'] === 'inputResolved' ? [event['response']] : [],
      );
      assert.deepEqual(responses, [{ input: { parts: [{ text }] } }], 'an acknowledged answer');
    }
    for (const key of this.#unsure) {
      const first = await callJson(`${base}/new`, creation(key));
      const second = await callJson(`${base}/new`, creation(key));
      assert.equal(second['sessionId'], first['sessionId'], 'the repetition of a creation without an answer');
    }
    await this.#cancelAll(base);
  }

  /** Makes room for the sessions of the next process: a server limits how many may be open. */
  async #cancelAll(base: string): Promise<void> {
    for (const key of this.#unsure) {
      const { sessionId } = await callJson(`${base}/new`, creation(key));
      this.#created.set(key, String(sessionId));
    }
    for (const sessionId of this.#created.values()) {
      await callJson(`${base}/${sessionId}:cancel`, { method: 'POST' });
    }
    this.#created.clear();
    this.#answered.length = 0;
    this.#unsure.clear();
  }
}

function creation(key: string): RequestInit {
  return jsonPost({ graphId: 'g', graph: TWO_QUESTIONS }, { 'Idempotency-Key': key });
}
