import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { RunnerHost, type RunnerHostOptions } from '../../../src/server/sessions/runner-host.js';
import { Session } from '../../../src/server/sessions/session.js';
import { StaleEpochError } from '../../../src/server/store/session-store.js';
import { Gate } from '../../support/gate.js';
import { ONE_NODE, thought } from '../../support/puppet-runner.js';

const RECORD = { sessionId: 's', principal: 'p', graphId: 'g', logId: 'l', createdMs: 0 };
const PLAN = { graph: ONE_NODE, mode: 'interactive', inputs: {} } as const;

describe('the run of a session', () => {
  it('is not ended by an append of an earlier run in the same process, which is refused late', async () => {
    const refused = new Gate();
    const stale: Session[] = [];
    const options: RunnerHostOptions = {
      runner: { start: () => Promise.resolve(), resume: () => Promise.resolve(), validate: () => undefined },
      log: {
        isClosed: false,
        append: async () => {
          await refused.opened;
          throw new StaleEpochError('Another process has claimed it.');
        },
      },
      reader: {
        async *readAll() {
          yield [];
        },
      },
      limits: { eventBytes: 1000 },
      onStale: (session) => stale.push(session),
      onError: (error) => assert.fail(String(error)),
    };
    const host = new RunnerHost(options);
    const session = new Session(RECORD, 'running', EMPTY_SESSION.lastIndex);
    session.ownership = { sessionId: 's', epoch: 1 };
    host.attachRunner(session, PLAN);
    const appending = session.runner?.append(() => [thought('late')]);
    // The others took this process for dead; it has joined them again, and was the first to claim the session.
    session.letGo();
    session.ownership = { sessionId: 's', epoch: 2 };
    host.attachRunner(session, PLAN);
    refused.open();
    await assert.rejects(Promise.resolve(appending), { name: 'SessionEndedError' });
    assert.deepEqual(stale, []);
  });
});
