import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { PostgresWakeBus } from '../../../src/server/cluster/postgres/postgres-wake-bus.js';
import type { WakeHint } from '../../../src/server/cluster/wake-bus.js';
import { HAS_POSTGRES, query, temporaryDatabase } from '../../support/postgres.js';
import { eventually } from '../../support/watch.js';

interface Ear {
  readonly bus: PostgresWakeBus;
  readonly heard: WakeHint[];
  readonly notices: string[];
  gaps: number;
}

async function listen(
  t: TestContext,
  url: string,
  times: { nonceMs?: number; echoMs?: number } = {},
): Promise<Ear> {
  const notices: string[] = [];
  const bus = new PostgresWakeBus({
    url,
    channel: 'hints of a test',
    onNotice: (text) => notices.push(text),
    ...times,
  });
  t.after(() => bus.close());
  const ear: Ear = { bus, heard: [], notices, gaps: 0 };
  await bus.open(
    (hint) => ear.heard.push(hint),
    () => (ear.gaps += 1),
  );
  return ear;
}

function hint(lastIndex: number, sessionId = 's'): WakeHint {
  return { kind: 'log', sessionId, lastIndex };
}

describe('a wake bus over PostgreSQL', { skip: !HAS_POSTGRES }, () => {
  it('carries hints to the other processes, not back to the sender', async (t) => {
    const url = await temporaryDatabase();
    const [a, b, c] = [await listen(t, url), await listen(t, url), await listen(t, url)];
    for (let index = 0; index < 500; index += 1) a.bus.publish(hint(index, `session ${index}`));
    await eventually(() => b.heard.length === 500 && c.heard.length === 500);
    assert.deepEqual(b.heard.at(-1), hint(499, 'session 499'));
    b.bus.publish({ kind: 'ready' });
    await eventually(() => a.heard.length === 1);
    assert.equal(b.heard.length, 500);
    assert.deepEqual([a.bus.isDeaf, a.notices], [false, []]);
  });

  it('K9: connects again after a break, and reports the gap', async (t) => {
    const url = await temporaryDatabase();
    const [a, b] = [await listen(t, url), await listen(t, url)];
    await eventually(() => b.gaps === 1 && a.gaps === 1);
    await query(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'graph-sessions hints' and datname = current_database()`,
    );
    await eventually(() => b.gaps === 2 && a.gaps === 2);
    a.bus.publish(hint(1));
    await eventually(() => b.heard.length === 1);
  });

  it('sends what it has before it closes', async (t) => {
    const url = await temporaryDatabase();
    const [a, b] = [await listen(t, url), await listen(t, url)];
    a.bus.publish(hint(1));
    await a.bus.close();
    await eventually(() => b.heard.length === 1);
  });

  it('rejects when the database is out of reach at first', async () => {
    const bus = new PostgresWakeBus({
      url: 'postgres://127.0.0.1:1/app',
      channel: 'c',
      onNotice: assert.fail,
    });
    const ignore = (): void => undefined;
    await assert.rejects(bus.open(ignore, ignore), /ECONNREFUSED/);
    await bus.close();
  });
});
