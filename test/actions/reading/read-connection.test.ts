import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConnection } from '../../../src/actions/reading/read-connection.js';

describe('reading a connection', () => {
  it('applies nothing after an abort, even if more arrives', async () => {
    const abort = new AbortController();
    const applied: number[] = [];
    // A connection that ignores the abort, or has the next batch ready.
    const batches = async function* () {
      yield [1];
      yield [2];
      abort.abort();
      yield [3];
      yield [4];
    };
    const connection = Object.assign(batches(), { retryNow: () => undefined });
    await readConnection(connection, abort.signal, {
      messagesOf: (batch) => batch,
      apply: (messages) => applied.push(...messages),
    });
    assert.deepEqual(applied, [1, 2]);
  });

  it('also stops within a batch', async () => {
    const abort = new AbortController();
    const applied: number[] = [];
    const batches = async function* () {
      yield Array.from({ length: 2000 }, (_, index) => index);
    };
    const connection = Object.assign(batches(), { retryNow: () => undefined });
    await readConnection(connection, abort.signal, {
      messagesOf: (batch) => batch,
      apply(messages) {
        applied.push(...messages);
        abort.abort();
      },
    });
    assert.ok(applied.length > 0 && applied.length < 2000, `${applied.length} messages`);
  });
});
