import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createConnection } from '../../../src/service/connection.js';
import { SessionLog } from '../../../src/service/publish/session-log.js';
import { eventually, watch } from '../../support/watch.js';

const connect = (log: SessionLog, cursor = '') =>
  createConnection((context) => log.read(context.signal, cursor));

describe('the log of a session in memory', () => {
  it('numbers and dates its events, and folds them', () => {
    const log = new SessionLog();
    const before = Date.now();
    log.append([{ type: 'graphStart', sessionId: 's' }]);
    log.append([{ type: 'nodeStart', nodeId: 'a' }], 5000);
    assert.deepEqual(
      log.events.map(({ index, type }) => [index, type]),
      [
        [0, 'graphStart'],
        [1, 'nodeStart'],
      ],
    );
    assert.ok((log.events[0]?.ts ?? 0) >= before);
    assert.equal(log.events[1]?.ts, 5000);
    assert.deepEqual([...log.state.nodes.keys()], ['a']);
  });

  it('gives each of its readers every event once, whenever it came', async () => {
    const log = new SessionLog({ graphId: 'g' });
    log.append([{ type: 'graphStart', sessionId: 's' }]);
    const early = watch(connect(log));
    await eventually(() => early.phases.includes('live'));
    log.append([{ type: 'thoughtEvent', text: 'x' }]);
    await eventually(() => early.events.length === 2);
    const late = watch(connect(log, early.cursor));
    log.append([{ type: 'graphComplete', sessionId: 's' }]);
    assert.deepEqual([await early.ended, await late.ended], [undefined, undefined]);
    assert.deepEqual(early.events, log.events);
    assert.deepEqual(late.events, log.events.slice(2));
    assert.equal(late.messages.find((message) => message.kind === 'start')?.graphId, 'g');
  });

  it('takes nothing after its terminal event', () => {
    const log = new SessionLog();
    log.append([
      { type: 'graphStart', sessionId: 's' },
      { type: 'graphError', sessionId: 's', error: 'no luck' },
    ]);
    const late = () => log.append([{ type: 'thoughtEvent', text: 'late' }]);
    assert.throws(late, { code: 'session-terminal', members: { sessionStatus: 'failed' } });
    log.append([]);
    assert.equal(log.events.length, 2);
  });
});
