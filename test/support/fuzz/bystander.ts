import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { within } from './within.js';

const EVERY_MS = 20;
/** An answer takes milliseconds; on a machine that does much else it may take long, but it must come. */
const DEADLINE_MS = 20_000;

/** A client that repeats one request while other clients misbehave; every answer must be 200. */
export class Bystander {
  readonly #asking: Promise<void>;
  #isOver = false;
  #answers = 0;
  /** The longest that an answer took. */
  longestMs = 0;

  private constructor(url: string) {
    this.#asking = this.#ask(url);
    // The error is thrown by `end`.
    this.#asking.catch(() => undefined);
  }

  static start(t: TestContext, url: string): Bystander {
    const bystander = new Bystander(url);
    t.after(() => {
      bystander.#isOver = true;
    });
    return bystander;
  }

  /** Stops asking; rejects when an answer was missing or was not 200. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#asking;
    assert.ok(this.#answers > 0, 'the bystander was answered in the meantime');
  }

  async #ask(url: string): Promise<void> {
    while (!this.#isOver) {
      const start = performance.now();
      const response = await within(DEADLINE_MS, fetch(url), () => `GET ${url}`);
      assert.equal(response.status, 200, url);
      await response.text();
      this.longestMs = Math.max(this.longestMs, performance.now() - start);
      this.#answers += 1;
      await delay(EVERY_MS);
    }
  }
}
