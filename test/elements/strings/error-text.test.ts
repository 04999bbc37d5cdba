import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { englishStrings } from '../../../src/elements/strings/english.js';
import { errorText } from '../../../src/elements/strings/error-text.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { GraphRunError, parseProblem, toNetworkError } from '../../../src/protocol/problems.js';
import { JsonClient } from '../../../src/service/polled/json-client.js';
import { listTabMessageToWire, parseListTabMessage } from '../../../src/service/tabs/tab-messages.js';

const inBoth = (error: GraphRunError) => [errorText(error, englishStrings), errorText(error, germanStrings)];

describe('the text of an error', () => {
  it('is in the language of the panel where the server says nothing but its status', async () => {
    const statuses = [408, 413, 429, 500, 503];
    for (const status of statuses) {
      assert.deepEqual(inBoth(parseProblem(status, undefined)), [
        `The server answered ${status}.`,
        `Der Server hat mit ${status} geantwortet.`,
      ]);
    }
    for (const status of [403, 409, 422, ...statuses]) {
      const client = new JsonClient({
        url: 'http://127.0.0.1:1',
        fetch: async () => new Response(null, { status }),
      });
      const error = await client.call('GET', '/').catch((reason: unknown) => reason);
      assert.ok(error instanceof GraphRunError);
      assert.equal(errorText(error, germanStrings), `Der Server hat mit ${status} geantwortet.`);
    }
  });

  it('is the same in a tab that has the list from another one', () => {
    const connection = { phase: 'backoff', attempt: 1, error: parseProblem(503, undefined) } as const;
    const wire = listTabMessageToWire({
      kind: 'batch',
      from: 'a',
      epoch: 1,
      seq: 1,
      messages: [{ kind: 'connection', connection }],
    });
    const received = parseListTabMessage(JSON.parse(JSON.stringify(wire)));
    assert.ok(received !== undefined && 'messages' in received);
    const [message] = received.messages;
    assert.ok(message?.kind === 'connection' && message.connection.error !== undefined);
    assert.equal(errorText(message.connection.error, germanStrings), 'Der Server hat mit 503 geantwortet.');
  });

  it('says what a person can do, where there is something, instead of a status', () => {
    assert.equal(errorText(parseProblem(401, undefined), germanStrings), germanStrings.errorSignedOut);
  });

  it('is the word of the server where it has one', () => {
    const body = {
      type: 'urn:graph-session:problem:forbidden',
      code: 'forbidden',
      detail: 'Not in this graph.',
    };
    assert.deepEqual(inBoth(parseProblem(403, body)), ['Not in this graph.', 'Not in this graph.']);
  });

  it('is in the language of the panel for each error that a client itself finds', () => {
    const errors = [
      toNetworkError(new TypeError('refused')),
      new GraphRunError('timeout', 'The server did not answer in time.'),
      new GraphRunError('unsupported', 'No.'),
      new GraphRunError('protocol-error', 'x'),
      new GraphRunError('no-server', 'No server.', { status: 404, members: { address: 'http://a' } }),
      new GraphRunError('session-gone', 'Gone.'),
      new GraphRunError('session-deleted', 'Gone.'),
      parseProblem(401, undefined),
      parseProblem(404, undefined),
    ];
    for (const error of errors) {
      const [english = '', german = ''] = inBoth(error);
      assert.notEqual(german, english, error.code);
      assert.notEqual(german, error.message, error.code);
    }
  });
});
