import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deleteSessions } from '../../src/actions/delete-sessions.js';
import { GraphRunError } from '../../src/protocol/problems.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import type { ServiceCapabilities } from '../../src/service/graph-run-service.js';
import { MemoryGraphRunService } from '../../src/service/memory/memory-graph-run-service.js';
import { eventually } from '../support/watch.js';

const IDS = Array.from({ length: 30 }, (_, index) => `s${index}`);

const runner = createGraphRunner({ handlers: exampleHandlers });
const CAN = new MemoryGraphRunService({ runner }).capabilities;

/** A service that can delete only one by one; the test decides when it responds. */
class OneByOne extends MemoryGraphRunService {
  override readonly capabilities: ServiceCapabilities = { ...CAN, deleteMany: false };
  readonly asked: string[] = [];
  readonly answers: (() => void)[] = [];

  override deleteSession(sessionId: string): Promise<void> {
    this.asked.push(sessionId);
    return new Promise((resolve) => this.answers.push(resolve));
  }
}

describe('the deletion of many sessions', () => {
  it('is sent a few at a time where the service deletes one by one', async () => {
    const service = new OneByOne({ runner });
    const { signal } = new AbortController();
    const reported: string[] = [];
    const deleting = deleteSessions(service, IDS, {
      leaving: signal,
      report: (sessionId, error) => reported.push(`${sessionId} ${error?.code ?? 'deleted'}`),
    });
    for (let done = 0; done < IDS.length; done += 1) {
      assert.ok(service.asked.length <= done + 4, `${service.asked.length} are sent, ${done} are done`);
      service.answers[done]?.();
      await eventually(() => service.answers.length > done + 1 || service.answers.length === IDS.length);
    }
    await deleting;
    assert.deepEqual(service.asked, IDS);
    assert.deepEqual(
      reported,
      IDS.map((id) => `${id} deleted`),
    );
  });

  for (const when of ['before', 'after'] as const) {
    it(`is sent at once when the page is left ${when} the first were sent`, async () => {
      const service = new OneByOne({ runner });
      const leaving = new AbortController();
      if (when === 'before') leaving.abort();
      let count = 0;
      const deleting = deleteSessions(service, IDS, {
        leaving: leaving.signal,
        report: () => {
          count += 1;
        },
      });
      leaving.abort();
      // Without any answer, and without a turn of the event loop.
      assert.deepEqual(service.asked, IDS);
      for (const answer of service.answers) answer();
      await deleting;
      assert.equal(count, IDS.length);
    });
  }

  it('is one call where the service can, and reports each session', async () => {
    class Many extends OneByOne {
      override readonly capabilities = CAN;
      override async deleteSessions(ids: readonly string[]) {
        this.asked.push(ids.join());
        return new Map([['s1', new GraphRunError('unavailable', 'Not now.')]]);
      }
    }
    const service = new Many({ runner });
    const reported: string[] = [];
    await deleteSessions(service, ['s0', 's1', 's2'], {
      leaving: new AbortController().signal,
      report: (sessionId, error) => reported.push(`${sessionId} ${error?.code ?? 'deleted'}`),
    });
    assert.deepEqual(service.asked, ['s0,s1,s2']);
    assert.deepEqual(reported, ['s0 deleted', 's1 unavailable', 's2 deleted']);
  });

  for (const [code, sent] of [
    ['network', []],
    ['not-found', ['s0', 's1']],
  ] as const) {
    it(`that fails with ${code} ${sent.length === 0 ? 'reports it for each' : 'is sent one by one'}`, async () => {
      class Failing extends OneByOne {
        override readonly capabilities = CAN;
        override deleteSessions() {
          return Promise.reject(new GraphRunError(code, 'It failed.'));
        }
        override async deleteSession(sessionId: string) {
          this.asked.push(sessionId);
        }
      }
      const service = new Failing({ runner });
      const reported: (string | undefined)[] = [];
      await deleteSessions(service, ['s0', 's1'], {
        leaving: new AbortController().signal,
        report: (_sessionId, error) => reported.push(error?.code),
      });
      assert.deepEqual(service.asked, sent);
      assert.deepEqual(reported, sent.length === 0 ? [code, code] : [undefined, undefined]);
    });
  }
});
