import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { SCENARIO_GRAPHS } from '../../../src/conformance/scenarios.js';
import { uniqueId } from '../../../src/protocol/values/unique-id.js';
import { createGraphRunner, exampleHandlers } from '../../../src/runner/index.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FakeServer, jsonAnswer } from '../../support/fake-server.js';

describe('an identifier', () => {
  it('is a random UUID of version 4, and never the same twice', () => {
    const ids = Array.from({ length: 1000 }, uniqueId);
    for (const id of ids)
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('F2 a page that is no secure context, without crypto.randomUUID', () => {
  it('creates, reruns and answers', async (t) => {
    t.mock.method(crypto, 'randomUUID', () => {
      throw new TypeError('crypto.randomUUID is not a function');
    });
    const answer = jsonAnswer({ sessionId: 's', status: 'running', createdAt: 1 });
    const service = new FakeServer(answer).client(new FakeEnvironment());
    assert.equal((await service.createSession({ graphId: 'g' })).sessionId, 's');
    assert.equal((await service.rerunSession('s')).sessionId, 's');

    const memory = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
    const { sessionId } = await memory.createSession({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    for await (const { messages } of memory.connectSession(sessionId)) {
      const asked = messages.find(
        (message) => message.kind === 'event' && message.event.type === 'inputRequired',
      );
      if (asked !== undefined) break;
    }
    await memory.deleteSession(sessionId);
  });
});
