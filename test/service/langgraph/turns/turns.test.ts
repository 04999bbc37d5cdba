import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { USUAL_QUESTIONS } from '../../../../src/service/langgraph/langgraph-questions.js';
import { parseRun, parseThread } from '../../../../src/service/langgraph/langgraph-records.js';
import { isSameLog } from '../../../../src/service/langgraph/run-log.js';
import { turnRow } from '../../../../src/service/langgraph/turns/turn-row.js';
import {
  parseSessionId,
  sessionIdOf,
  turnEnd,
  turnsOf,
} from '../../../../src/service/langgraph/turns/turns.js';

function run(id: string, change: { status?: string; resume?: unknown; at?: number } = {}) {
  const { status = 'success', resume, at = 0 } = change;
  return parseRun({
    run_id: id,
    status,
    created_at: new Date(at).toISOString(),
    kwargs: resume === undefined ? { input: {} } : { command: { resume } },
  });
}

describe('the turns of a thread', () => {
  const thread = { threadId: 't', metadata: {} };

  it('begin with a run that has an input, and have the runs that answer its questions, whatever the order of the list', () => {
    const runs = [
      run('d', { at: 4 }),
      run('c', { at: 3, resume: { q: 1 } }),
      run('a', { at: 1 }),
      run('b', { at: 2, resume: 1 }),
    ];
    const turns = turnsOf(thread, runs);
    assert.deepEqual(
      turns.map(({ turnId, runs: own, isPast }) => [turnId, own.map(({ runId }) => runId), isPast]),
      [
        ['a', ['a', 'b', 'c'], true],
        ['d', ['d'], false],
      ],
    );
  });

  it('keep their ids when an earlier turn is deleted', () => {
    const later = run('d', { at: 4 });
    const idsOf = (runs: readonly ReturnType<typeof run>[]) => turnsOf(thread, runs).map(sessionIdOf);
    assert.equal(idsOf([run('a', { at: 1 }), later]).at(-1), idsOf([later])[0]);
    assert.deepEqual(parseSessionId('t~d'), { threadId: 't', turnId: 'd' });
    for (const other of ['', 't', 't~', '~d', 'a~b~c']) assert.equal(parseSessionId(other), undefined);
  });

  it('are the rows of one group, in their order, and the only turn of a thread is in none', () => {
    const found = parseThread({ thread_id: 't', status: 'idle' });
    const groupsOf = (ids: readonly string[]) =>
      turnsOf(
        found,
        ids.map((id, at) => run(id, { at })),
      ).map((turn) => {
        const { sessionId, group } = turnRow(turn, found, 'graph', USUAL_QUESTIONS);
        return [sessionId, group];
      });
    assert.deepEqual(groupsOf(['a', 'b', 'c']), [
      ['t~a', { id: 't', position: 1, size: 3 }],
      ['t~b', { id: 't', position: 2, size: 3 }],
      ['t~c', { id: 't', position: 3, size: 3 }],
    ]);
    assert.deepEqual(groupsOf(['a']), [['t~a', undefined]]);
  });

  it('end as their last run says, unless a question is open', () => {
    const end = (status: string, hasQuestions = false) => {
      const [turn] = turnsOf(thread, [run('a', { status })]);
      assert.ok(turn !== undefined);
      return turnEnd(turn, hasQuestions);
    };
    assert.deepEqual(
      [
        end('success'),
        end('success', true),
        end('error'),
        end('timeout'),
        end('interrupted'),
        end('running'),
      ],
      ['completed', undefined, 'failed', 'failed', 'cancelled', undefined],
    );
  });

  it('can no longer be answered when the next one has begun, or a person has cancelled them', () => {
    const [first] = turnsOf(thread, [run('a', { at: 1 }), run('b', { at: 2 })]);
    const [cancelled] = turnsOf({ threadId: 't', metadata: { sessions_cancelled: { a: 5 } } }, [run('a')]);
    assert.ok(first !== undefined && cancelled !== undefined);
    assert.deepEqual([turnEnd(first, true), turnEnd(cancelled, true)], ['cancelled', 'cancelled']);
  });
});

describe('a run that the adapter joins', () => {
  const joinable = (kwargs: unknown) => parseRun({ run_id: 'a', kwargs }).isJoinable;

  it('has a log for any number of readers, with the tasks in it', () => {
    assert.equal(joinable({ resumable: true, stream_mode: ['tasks', 'custom'] }), true);
    assert.equal(joinable({ resumable: true, stream_mode: ['values'] }), false);
    assert.equal(joinable({ resumable: false, stream_mode: ['tasks'] }), false);
    assert.equal(joinable({ stream_mode: ['tasks'] }), false);
    assert.equal(joinable(undefined), false);
  });
});

describe('a cursor', () => {
  it('holds while runs are added, and not when a run is read from elsewhere or its order was not settled', () => {
    assert.ok(isSameLog('s', 'ss'));
    assert.ok(!isSameLog('s', 'h'));
    assert.ok(!isSameLog('h?', 'h'));
    assert.ok(!isSameLog('h?', 'h?'));
  });
});
