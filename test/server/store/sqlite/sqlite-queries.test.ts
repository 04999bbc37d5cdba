import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import Database from 'libsql';
import { openSqliteStore } from '../../../../src/server/store/sqlite/sqlite-store.js';
import { temporaryDirectory } from '../../../support/server.js';

/** Queries that look at all they count or find, by their first words, with the step that is allowed. */
const ALLOWED: Readonly<Record<string, RegExp>> = {
  // Once, at the start: all that has not ended is counted, by owner.
  'select cast("principal"': /TEMP B-TREE FOR GROUP BY/,
  // Of equal age, which hardly happens: only these are sorted.
  'select cast("session_id" as blob) as "session_id", cast("summary"': /(LAST TERM|RIGHT PART) OF ORDER BY/,
};

test('no query of the SQLite store sorts or scans more than it returns', async (t) => {
  const directory = await temporaryDirectory(t);
  const queries = recordQueries(t);
  const store = await openSqliteStore(directory, (error) => assert.fail(String(error)));
  queries.clear();
  const page = { maxEvents: 10, maxBytes: 1000, through: 5 };
  await store.checkEpoch(await store.beginEpoch());
  await store.find('s');
  await store.readPlan('s');
  await store.readEvents('s', -1, page);
  await assert.rejects(store.readSteps('s', -1, page), /damaged between 0 and 5/);
  await store.list('p', 'g', 10);
  await store.list('p', undefined, 10);
  await store.lookGraphs(['p', 'q']);
  await store.listAfter({ principal: 'p', graphId: 'g' }, { createdMs: 1 }, 10);
  await store.listAfter({ principal: 'p', graphId: 'g' }, { createdMs: 1, sessionId: 's' }, 10);
  await store.listAfter({ principal: 'p', graphId: undefined }, { createdMs: 1 }, 10);
  await store.listAfter({ principal: 'p', graphId: undefined }, { createdMs: 1, sessionId: 's' }, 10);
  await store.findReceipt('p', 'k');
  await store.readRow('s');
  await store.findUnfinished('running', 10);
  await store.findUnfinished('suspended', 10, { sessionId: 's', createdMs: 1 });
  await store.countUnfinished();
  await store.findSurplus('p', 'g', -1);
  await store.newestMs();
  await store.findEndedBefore(1);
  await store.findUnerased(Infinity);
  await store.expire({ tombstonesBeforeMs: 1, receiptsBeforeMs: 1 });
  await store.close();

  const database = new Database(join(directory, 'sessions.db'));
  t.after(() => database.close());
  const looked = [...queries].filter((query) => /^(select|update|delete)/.test(query));
  assert.ok(looked.length >= 15, `only ${looked.length} queries`);
  const slow = looked.flatMap((query) =>
    planOf(database, query)
      .filter((step) => /SCAN|TEMP B-TREE/.test(step) && !isAllowed(query, step))
      .map((step) => `${step}: ${query}`),
  );
  assert.deepEqual(slow, []);
});

function isAllowed(query: string, step: string): boolean {
  return Object.entries(ALLOWED).some(([start, allowed]) => query.startsWith(start) && allowed.test(step));
}

function planOf(database: Database.Database, query: string): readonly string[] {
  const parameters = Array.from({ length: query.split('?').length - 1 }, () => 1);
  const steps: readonly unknown[] = database.prepare(`explain query plan ${query}`).all(parameters);
  return steps.map((step) => {
    assert.ok(typeof step === 'object' && step !== null && 'detail' in step);
    return String(step.detail);
  });
}

/** The text of each statement that a database prepares from now on. */
function recordQueries(t: TestContext): Set<string> {
  const queries = new Set<string>();
  const { prepare } = Database.prototype;
  t.mock.method(Database.prototype, 'prepare', function (this: Database.Database, text: string) {
    queries.add(text);
    return prepare.call(this, text);
  });
  return queries;
}
