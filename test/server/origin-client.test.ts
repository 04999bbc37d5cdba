import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { JsonObject } from '../../src/protocol/values/json.js';
import { createGraphRunner, exampleHandlers } from '../../src/runner/index.js';
import type { NodeHandler } from '../../src/runner/node-handler.js';
import { Gate } from '../support/gate.js';
import {
  OriginClient,
  readOriginList,
  type OriginClientOptions,
  type OriginPrompt,
} from '../support/origin-client.js';
import { PuppetRunner } from '../support/puppet-runner.js';
import { TestServer } from '../support/server.js';

const LIMITS = { promptCloseMs: 30 };

/** Our server, whose log the test writes, and a client of the origin. */
async function setUp(t: TestContext, options: Partial<OriginClientOptions> = {}) {
  const runner = new PuppetRunner();
  const server = await TestServer.start(t, { runner, limits: LIMITS });
  const sessionId = await server.create();
  let mostOpen = 0;
  const client = new OriginClient({
    baseUrl: server.base,
    // A person who takes longer to answer than the server waits.
    async onPrompt(_prompt, self) {
      mostOpen = Math.max(mostOpen, self.openCount);
      await self.untilClosed();
      return { input: { parts: [{ text: 'beans' }] } };
    },
    ...options,
  });
  return { runner, server, sessionId, client, mostOpen: () => mostOpen };
}

/** Completes the session after `count` answers. */
function completeAfter(count: number, complete: () => Promise<void>) {
  let answered = 0;
  return async () => {
    answered += 1;
    if (answered === count) await complete();
  };
}

const idsOf = (prompts: readonly OriginPrompt[]) => prompts.map(({ interactionId }) => interactionId);

/** Checks that the whole log arrived, over any number of connections. */
async function expectWholeLog(
  server: TestServer,
  sessionId: string,
  events: readonly JsonObject[],
): Promise<void> {
  const seen = new Set(events.map(({ index }) => index).filter((index) => index !== undefined));
  const log = await server.log(sessionId);
  assert.deepEqual(
    [...seen].sort((a, b) => Number(a) - Number(b)),
    log.map(({ index }) => index),
  );
}

describe('X1 a client of the origin on our server', () => {
  it('X1 two questions live', async (t) => {
    const live = new Gate();
    const { runner, server, sessionId, client, mostOpen } = await setUp(t, {
      onLive: () => live.open(),
      onAnswered: completeAfter(2, () => runner.complete(sessionId)),
    });
    const following = client.follow(sessionId);
    await live.opened;
    await runner.ask(sessionId, 'one');
    await runner.ask(sessionId, 'two');
    await following;
    assert.deepEqual(idsOf(client.prompts), ['one', 'two']);
    assert.equal(mostOpen(), 1);
    await expectWholeLog(server, sessionId, client.events);
  });

  it('X1 two questions over a reconnect', async (t) => {
    const { runner, server, sessionId, client, mostOpen } = await setUp(t, {
      onAnswered: completeAfter(2, () => runner.complete(sessionId)),
    });
    await runner.ask(sessionId, 'one');
    await runner.ask(sessionId, 'two');
    await client.follow(sessionId);
    assert.deepEqual(idsOf(client.prompts), ['two', 'one']);
    assert.equal(mostOpen(), 1);
    await expectWholeLog(server, sessionId, client.events);
  });

  it('X1 a reload while the agent thinks about an answer asks nothing', async (t) => {
    const { runner, server, sessionId, client } = await setUp(t, {
      onLive: () => void runner.complete(sessionId),
    });
    await runner.ask(sessionId, 'one');
    await server.resume(sessionId, 'one');
    await runner.think(sessionId, 3);
    await client.follow(sessionId);
    assert.deepEqual(client.prompts, []);
    assert.equal(client.streamCount, 1);
    await expectWholeLog(server, sessionId, client.events);
  });

  it('X1 a connection after a cancellation ends at once and asks nothing', async (t) => {
    const { runner, server, sessionId, client } = await setUp(t);
    await runner.ask(sessionId, 'one');
    await server.cancel(sessionId);
    await client.follow(sessionId);
    assert.deepEqual(client.prompts, []);
    assert.equal(client.streamCount, 1);
    await expectWholeLog(server, sessionId, client.events);
  });

  it('X1 S19b ten questions in a row: never more than one stream is open', async (t) => {
    let asked = 1;
    const { runner, server, sessionId, client, mostOpen } = await setUp(t, {
      async onAnswered() {
        asked += 1;
        await runner.think(sessionId, 2);
        if (asked > 10) await runner.complete(sessionId);
        else await runner.ask(sessionId, `question ${asked}`);
      },
    });
    await runner.ask(sessionId, 'question 1');
    await client.follow(sessionId);
    assert.equal(client.prompts.length, 10);
    assert.equal(new Set(idsOf(client.prompts)).size, 10);
    assert.equal(mostOpen(), 1);
    assert.equal(client.streamCount, 11);
    await expectWholeLog(server, sessionId, client.events);
    await client.untilClosed();
  });

  it('X1 streams that break off are resumed without a loss', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: { streamAgeMs: 40 } });
    const sessionId = await server.create();
    const abort = new AbortController();
    const client = new OriginClient({
      baseUrl: server.base,
      onPrompt: () => Promise.reject(new Error('nothing was asked')),
      onLive: () => {
        if (client.streamCount >= 5) abort.abort();
      },
    });
    const following = client.follow(sessionId);
    await runner.thinkUntil(sessionId, abort.signal, 1);
    await runner.complete(sessionId);
    await following;
    assert.ok(client.streamCount >= 5);
    await expectWholeLog(server, sessionId, client.events);
  });

  it('X1 usage, names, reused nodes and the origin of a rerun cost it neither an event nor a question', async (t) => {
    const ask: NodeHandler = {
      async run({ ask: question, emit }) {
        await emit({ type: 'agentEvent', event: { usage: { model: 'm', inputTokens: 12, costUsd: 0.01 } } });
        const answer = await question({ waitForInput: { prompt: { parts: [{ text: 'Well?' }] } } });
        await emit({ type: 'agentEvent', event: { usage: { outputTokens: 'many' } } });
        return { context: [answer] };
      },
    };
    const server = await TestServer.start(t, {
      runner: createGraphRunner({ handlers: { ...exampleHandlers, ask } }),
      limits: LIMITS,
      describePrincipal: () => 'Ann Lee',
    });
    const nodes = ['first', 'second'].map((id) => ({ id, type: 'ask' }));
    const sessionId = await server.create({ title: 'G', nodes, edges: [{ from: 'first', to: 'second' }] });
    const read = async (id: string) => {
      const client = new OriginClient({
        baseUrl: server.base,
        async onPrompt(_prompt, self) {
          await self.untilClosed();
          return { input: { parts: [{ text: 'beans' }] } };
        },
      });
      await client.follow(id);
      await expectWholeLog(server, id, client.events);
      return client;
    };
    const first = await read(sessionId);
    assert.deepEqual(
      first.prompts.map(({ nodeId }) => nodeId),
      ['first', 'second'],
    );
    const { body } = await server.post(`/${sessionId}:rerun`, { from: 'second' });
    const again = String(body['sessionId']);
    const second = await read(again);
    assert.deepEqual(
      second.prompts.map(({ nodeId }) => nodeId),
      ['second'],
      'what was reused asks nothing',
    );
    const all = JSON.stringify(second.events);
    for (const word of ['rerunOf', 'reused', 'startedBy', 'answeredBy', 'usage']) {
      assert.ok(all.includes(`"${word}"`), `it got “${word}”`);
    }
    // A reload, when everything has ended: nothing is asked, and an old name for what is answered stays.
    const later = await read(again);
    assert.deepEqual([later.prompts, later.streamCount], [[], 1]);
    assert.ok(later.events.some(({ type }) => type === 'inputAnswered'));
    const rows = await readOriginList(`${server.base}?graphId=g`, (soFar) => soFar.size === 2);
    assert.deepEqual(
      [...rows.values()].map(({ sessionId: id, status }) => [id, status]),
      [
        [again, 'completed'],
        [sessionId, 'completed'],
      ],
    );
  });

  it('M3 its list has the sessions and nothing else', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, limits: LIMITS });
    const ids = [await server.create(), await server.create()];
    let step = 0;
    const rows = await readOriginList(`${server.base}?graphId=g`, (soFar) => {
      assert.ok(
        [...soFar.keys()].every((key) => ids.includes(String(key))),
        [...soFar.keys()].join(', '),
      );
      if (step === 0 && soFar.size === 2) {
        step = 1;
        void server.create().then(async (third) => {
          ids.push(third);
          await runner.complete(third);
          await server.delete(ids[0] ?? '');
        });
      }
      return step === 1 && !soFar.has(ids[0]);
    });
    assert.deepEqual(rows.size, 2);
    assert.equal(rows.get(ids[2])?.['status'], 'completed');
  });
});
