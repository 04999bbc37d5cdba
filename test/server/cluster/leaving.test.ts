import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isJsonObject, type JsonObject } from '../../../src/protocol/values/json.js';
import { createGraphSessionsHandler } from '../../../src/server/http/handler.js';
import { openStore } from '../../../src/server/store/open-store.js';
import { DatabaseProxy } from '../../support/database-proxy.js';
import { HAS_POSTGRES, storeDatabase } from '../../support/postgres.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { eventually } from '../../support/watch.js';

/** A server without sockets, whose requests arrive although it leaves. */
class Member {
  readonly runner = new PuppetRunner();
  readonly #handler: ReturnType<typeof createGraphSessionsHandler>;
  #leaving: Promise<void> | undefined;

  private constructor(handler: (runner: PuppetRunner) => ReturnType<typeof createGraphSessionsHandler>) {
    this.#handler = handler(this.runner);
  }

  /** Starts it; it leaves after the test. */
  static async start(t: TestContext, url: string): Promise<Member> {
    const store = await openStore(url);
    const limits = { scanMs: 60_000, handoverMs: 20_000 };
    const onError = (error: unknown): void => assert.fail(String(error));
    const member = new Member((runner) => createGraphSessionsHandler({ store, runner, limits, onError }));
    await member.#handler.ready;
    t.after(async () => {
      await member.leave();
      await store.close();
    });
    return member;
  }

  leave(): Promise<void> {
    return (this.#leaving ??= this.#handler.drain());
  }

  async post(path: string, body: JsonObject): Promise<JsonObject> {
    const url = `http://127.0.0.1/v1beta1/graphSessions${path}`;
    const headers = { 'Content-Type': 'application/json' };
    const request = new Request(url, { method: 'POST', body: JSON.stringify(body), headers });
    const response = await this.#handler.handle(request);
    const answer: unknown = await response.json();
    assert.ok(isJsonObject(answer));
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  }

  async create(): Promise<string> {
    const graph: JsonObject = { nodes: ONE_NODE.nodes.map((node) => ({ ...node })) };
    return String((await this.post('/new', { graphId: 'g', graph }))['sessionId']);
  }

  resume(id: string, interactionId: string): Promise<JsonObject> {
    return this.post(`/${id}:resume`, { interactionId, response: { answer: 1 } });
  }
}

describe('K14: a server that leaves while a node runs', { skip: !HAS_POSTGRES }, () => {
  async function pair(t: TestContext) {
    const url = await storeDatabase(t);
    const proxy = await DatabaseProxy.start(t, url);
    const b = await Member.start(t, url);
    const a = await Member.start(t, proxy.url);
    return { a, b, proxy, url };
  }

  /** Lets a server leave that waits for a node; returns what ends the node. */
  async function leaveBusy(a: Member): Promise<() => Promise<void>> {
    const busy = await a.create();
    await a.runner.append(busy, { type: 'nodeStart', nodeId: 'n' });
    const left = a.leave();
    return async () => {
      await a.runner.complete(busy);
      await left;
    };
  }

  it('creates sessions that run elsewhere at once', async (t) => {
    const { a, b } = await pair(t);
    const finish = await leaveBusy(a);
    const id = await a.create();
    await eventually(() => b.runner.sessions.has(id));
    assert.ok(!a.runner.sessions.has(id));
    await finish();
    await b.runner.complete(id);
  });

  it('takes answers that resume their nodes elsewhere at once', async (t) => {
    const { a, b } = await pair(t);
    const id = await a.create();
    const question = await a.runner.ask(id);
    const finish = await leaveBusy(a);
    assert.equal((await a.resume(id, question))['duplicate'], false);
    await eventually(() => b.runner.resumed.includes(question));
    assert.deepEqual(a.runner.resumed, []);
    await finish();
    await b.runner.complete(id);
  });

  it('gives a session away at once whose creation was on its way', async (t) => {
    const { a, b, proxy } = await pair(t);
    const busy = await a.create();
    await a.runner.append(busy, { type: 'nodeStart', nodeId: 'n' });
    let isHeld = false;
    const release = proxy.hold((request) => {
      const isCreation = request.includes('insert into "graph_sessions"."sessions"');
      isHeld ||= isCreation;
      return isCreation;
    });
    const created = a.create();
    await eventually(() => isHeld);
    const left = a.leave();
    release();
    const id = await created;
    await eventually(() => b.runner.sessions.has(id));
    await a.runner.complete(busy);
    await left;
    await b.runner.complete(id);
  });

  it('takes an answer whose claim was on its way, and leaves its node to the next one', async (t) => {
    const { a, b, proxy, url } = await pair(t);
    const id = await b.create();
    const question = await b.runner.ask(id);
    await b.leave();
    let isHeld = false;
    const release = proxy.hold((request) => {
      const isClaim = request.includes('epoch + 1') && request.includes(id);
      isHeld ||= isClaim;
      return isClaim;
    });
    const answered = a.resume(id, question);
    await eventually(() => isHeld);
    const left = a.leave();
    release();
    assert.equal((await answered)['duplicate'], false);
    await left;
    assert.deepEqual(a.runner.resumed, []);
    const next = await Member.start(t, url);
    await eventually(() => next.runner.resumed.includes(question));
    await next.runner.complete(id);
  });
});
