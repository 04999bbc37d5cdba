import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { StoreClaims } from '../../../src/server/cluster/store-claims.js';
import type { Ownership } from '../../../src/server/store/ownership.js';
import { openStore } from '../../../src/server/store/open-store.js';
import type { SessionStore, WriteOutcome } from '../../../src/server/store/session-store.js';
import { HAS_POSTGRES, storeDatabase } from '../../support/postgres.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer, type Answer } from '../../support/server.js';

const ROUNDS = process.env['npm_lifecycle_event'] === 'test:cluster' ? 1000 : 200;

const RECORD = { sessionId: 's', graphId: 'g', principal: 'p', logId: 'l', createdMs: 1 };

function event(index: number, text: string) {
  const json = JSON.stringify({ type: 'thoughtEvent', nodeId: 'n', text, index, ts: 1 });
  return { index, type: 'thoughtEvent', json, bytes: json.length } as const;
}

/** A process that writes one session, for itself or for a person. */
class Writer {
  readonly #name: string;
  readonly #store: SessionStore;
  readonly #claims: StoreClaims;
  readonly #processId: number;
  /** Set while it takes itself for the owner. */
  ownership: Ownership | undefined;
  lastIndex = 0;
  /** What was confirmed. */
  readonly written: string[] = [];
  readonly refusals = new Map<string, number>();

  private constructor(name: string, store: SessionStore, claims: StoreClaims, processId: number) {
    this.#name = name;
    this.#store = store;
    this.#claims = claims;
    this.#processId = processId;
  }

  static async join(t: TestContext, url: string, name: string): Promise<Writer> {
    const store = await openStore(url);
    const claims = store.cluster?.createClaims({ onError: (error) => assert.fail(String(error)) });
    assert.ok(claims !== undefined);
    const processId = await store.beginEpoch();
    await claims.open(processId, () => undefined);
    t.after(async () => {
      await claims.close();
      await store.close();
    });
    return new Writer(name, store, claims, processId);
  }

  async create(): Promise<void> {
    const row = { sessionId: 's', status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0 } as const;
    const events = [event(0, 'start')];
    await this.#commit({ kind: 'create', record: RECORD, planJson: '{}', events, status: 'running', row });
    this.ownership = { sessionId: 's', epoch: 1 };
  }

  async claim(): Promise<void> {
    const outcome = await this.#commit({ kind: 'claim', sessionId: 's' });
    if (outcome.kind === 'written') this.ownership = outcome.claimed;
  }

  /** Gives the session back, and writes it all the same as long as it is not refused. */
  async release(): Promise<void> {
    if (this.ownership !== undefined) await this.#claims.release([this.ownership]);
  }

  /** Appends one event; when that is refused, finds out where the log ends. */
  async append(round: number): Promise<void> {
    const { lastIndex: expectedLastIndex, ownership } = this;
    const text = `${this.#name} ${round}`;
    const outcome = await this.#commit({
      kind: 'append',
      record: RECORD,
      expectedLastIndex,
      events: [event(expectedLastIndex + 1, text)],
      status: 'running',
      ...(ownership === undefined ? {} : { ownership }),
    });
    if (outcome.kind === 'written') {
      this.written.push(text);
      this.lastIndex += 1;
      return;
    }
    this.refusals.set(outcome.kind, (this.refusals.get(outcome.kind) ?? 0) + 1);
    if (outcome.kind === 'stale') this.ownership = undefined;
    const [look] = await this.#store.look(['s']);
    assert.ok(look?.kind === 'intact');
    this.lastIndex = look.lastIndex;
  }

  async log(): Promise<readonly string[]> {
    const limits = { maxEvents: 100_000, maxBytes: 100_000_000, through: 100_000 };
    const events = await this.#store.readEvents('s', -1, limits);
    assert.deepEqual(
      events.map(({ index }) => index),
      events.map((_, position) => position),
    );
    return events.slice(1).map(({ json }) => String((JSON.parse(json) as { text: string }).text));
  }

  async #commit(write: Parameters<SessionStore['commit']>[1][number]): Promise<WriteOutcome> {
    const [outcome] = await this.#store.commit(this.#processId, [write]);
    assert.ok(outcome !== undefined);
    return outcome;
  }
}

describe('processes that write at the same time', { skip: !HAS_POSTGRES }, () => {
  it(`K1: two owners and a person keep one log without gaps, ${ROUNDS} times`, async (t) => {
    const url = await storeDatabase(t);
    const [one, other, person] = [
      await Writer.join(t, url, 'one'),
      await Writer.join(t, url, 'other'),
      await Writer.join(t, url, 'person'),
    ];
    await one.create();
    const owners = [one, other];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [owner, next] = round % 4 < 2 ? [one, other] : [other, one];
      // The next one claims while the other still takes itself for the owner.
      if (round % 2 === 1) await owner.release();
      await Promise.all([
        ...owners.filter(({ ownership }) => ownership !== undefined).map((each) => each.append(round)),
        person.append(round),
        ...(round % 2 === 1 ? [next.claim()] : []),
      ]);
    }
    const log = await person.log();
    const written = [one, other, person].flatMap((each) => each.written);
    assert.deepEqual([...log].sort(), [...written].sort(), 'what was confirmed, and nothing else');
    const kinds = new Set([one, other, person].flatMap(({ refusals }) => [...refusals.keys()]));
    assert.deepEqual([...kinds].sort(), ['moved', 'stale']);
    for (const each of [one, other, person]) assert.ok(each.written.length > ROUNDS / 20);
  });

  it('K10: monitors at three servers end with one list, in the order of revisions, after a storm', async (t) => {
    const store = await storeDatabase(t);
    const limits = { openSessionsPerPrincipal: 1000 };
    const servers = await Promise.all(
      Array.from({ length: 3 }, () => TestServer.start(t, { store, runner: new PuppetRunner(), limits })),
    );
    const at = (position: number): TestServer => {
      const server = servers[position % servers.length];
      assert.ok(server !== undefined);
      return server;
    };
    const monitors = await Promise.all(servers.map((server) => server.monitor()));
    await Promise.all(
      Array.from({ length: 60 }, async (_, turn) => {
        const id = await at(turn).createOnce(`${turn}`);
        if (turn % 2 === 0) await untilDone(() => at(turn + 1).delete(id));
        else if (turn % 3 === 0) await untilDone(() => at(turn + 2).cancel(id));
      }),
    );
    const last = await at(0).createOnce('last');
    const lists = await Promise.all(
      monitors.map(async (monitor) => {
        await monitor.until(({ data }) => data['sessionId'] === last);
        const rows = new Map<string, unknown>();
        let revision = 0;
        for (const { event: name, data } of monitor.frames) {
          if (name !== 'sessionStatus') continue;
          assert.ok(Number(data['revision']) > revision, 'revisions grow');
          revision = Number(data['revision']);
          if (data['status'] === 'deleted') rows.delete(String(data['sessionId']));
          else rows.set(String(data['sessionId']), data['status']);
        }
        return Object.fromEntries([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
      }),
    );
    const [list = {}, ...others] = lists;
    assert.equal(Object.keys(list).length, 31);
    for (const each of others) assert.deepEqual(each, list);
  });
});

/** Repeats a change as long as the server asks for that: it answers 503 when a change takes longer than it may. */
async function untilDone(change: () => Promise<Answer>): Promise<void> {
  let answer = await change();
  const isLate = answer.status === 503;
  while (answer.status === 503) answer = await change();
  // The late one may have been made.
  if (isLate && answer.body['code'] === 'session-deleted') return;
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
}
