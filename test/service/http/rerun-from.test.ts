import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FakeServer, FakeStream, jsonAnswer } from '../../support/fake-server.js';

const CREATED = jsonAnswer({ sessionId: 't', status: 'running', createdAt: 1 });

/** A client whose server lists these features in the first frame of a stream. */
function clientOf(features: readonly string[] | undefined) {
  const start = {
    sessionId: 's',
    protocol: 1,
    lastIndex: -1,
    ...(features === undefined ? {} : { features }),
  };
  const stream = new FakeStream().send({ event: 'start', data: start });
  const server = FakeServer.withAnswers(() => stream.response, CREATED);
  return { server, service: server.client(new FakeEnvironment()) };
}

it('a rerun from a node is sent only to a server that can do it: it asks one that it does not know yet', async () => {
  const { server, service } = clientOf(['rerun-from']);
  const created = await service.rerunSession('s', { from: 'n', inputs: { a: { parts: [{ text: 'x' }] } } });
  assert.equal(created.sessionId, 't');
  assert.deepEqual(server.requests.at(-1)?.body, { from: 'n', inputs: { a: { parts: [{ text: 'x' }] } } });
  assert.equal(service.capabilities.rerunFrom, true);
});

it('an older server, which would run everything again, is not asked to run from a node', async () => {
  const { server, service } = clientOf(['delete-many']);
  await assert.rejects(service.rerunSession('s', { from: 'n' }), { code: 'rerun-from-unsupported' });
  assert.deepEqual(
    server.requests.map(({ method }) => method),
    ['GET'],
  );
  assert.equal(service.capabilities.rerunFrom, false);
});
