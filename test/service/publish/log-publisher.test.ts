import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GraphRunEvent, GraphRunEventBody } from '../../../src/protocol/events.js';
import type { Cursor, SessionBatch, SessionMessage } from '../../../src/protocol/stream/messages.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { LogPublisher, type SessionLogView } from '../../../src/service/publish/log-publisher.js';

const START: GraphRunEventBody = { type: 'graphStart', sessionId: 's' };
const END: GraphRunEventBody = { type: 'graphComplete', sessionId: 's' };
const thought = (text: string): GraphRunEventBody => ({ type: 'thoughtEvent', nodeId: 'a', text });
const ask = (interactionId: string): GraphRunEventBody => {
  return { type: 'inputRequired', nodeId: 'a', interactionId, suspendEvent: { waitForInput: {} } };
};
const answer = (interactionId: string): GraphRunEventBody => {
  return { type: 'inputResolved', nodeId: 'a', interactionId, by: 'response', response: {} };
};

function logOf(...bodies: readonly GraphRunEventBody[]): GraphRunEvent[] {
  return bodies.map((body, index) => ({ ...body, index, ts: 1000 + index }));
}

/** What one call gives: its messages in short, and the cursor after them. */
function read(publisher: LogPublisher, view: SessionLogView): { words: string[]; batches: SessionBatch[] } {
  const batches = [...publisher.publish(view)];
  return { words: batches.flatMap(({ messages }) => messages.map(wordOf)), batches };
}

function wordOf(message: SessionMessage): string {
  switch (message.kind) {
    case 'connection':
      return message.connection.phase;
    case 'event':
      return String(message.event.index);
    case 'start':
      return `start ${message.replayTotal} ${message.status}`;
    case 'redelivered':
      return `again ${message.event.index}`;
    case 'replayComplete':
      return `complete ${message.pending?.map(({ interactionId }) => interactionId).join(' ')}`.trim();
    case 'reset':
      return 'reset';
  }
}

describe('the messages of a connection to a log', () => {
  it('are the replay, then each new event once, then the end', () => {
    const publisher = new LogPublisher();
    const log = logOf(START, ask('i'), answer('i'), END);
    const take = (count: number) => read(publisher, { events: log.slice(0, count) }).words;
    assert.deepEqual(take(2), ['replaying', 'start 2 suspended', '0', '1', 'complete i', 'live']);
    assert.deepEqual(take(2), []);
    assert.deepEqual(take(3), ['2']);
    assert.equal(publisher.isEnded, false);
    assert.deepEqual(take(4), ['3', 'terminal']);
    assert.equal(publisher.isEnded, true);
    assert.deepEqual(take(4), []);
  });

  it('of an ended session are never live', () => {
    const { words } = read(new LogPublisher(), { events: logOf(START, END) });
    assert.deepEqual(words, ['replaying', 'start 2 completed', '0', '1', 'complete', 'terminal']);
  });

  it('name the graph and what the log cannot give', () => {
    const fidelity = { pieces: 'none', times: 'steps' } as const;
    const { batches } = read(new LogPublisher(), { events: logOf(START), graphId: 'haiku', fidelity });
    const start = batches[0]?.messages.find(({ kind }) => kind === 'start');
    assert.deepEqual(start, { kind: 'start', replayTotal: 1, status: 'running', graphId: 'haiku', fidelity });
  });

  it('continue after a cursor, with the questions from before it that are still open', () => {
    const log = logOf(START, ask('i'), ask('j'), answer('j'), thought('x'));
    const { batches } = read(new LogPublisher(), { events: log.slice(0, 3) });
    const { words } = read(new LogPublisher(batches.at(-1)?.cursor), { events: log });
    assert.deepEqual(words, ['replaying', 'start 2 suspended', '3', '4', 'again 1', 'complete i', 'live']);
  });

  it('give each event once for any growth of the log and any cuts', () => {
    const events = logOf(START, ...Array.from({ length: 4500 }, (_, at) => thought(String(at))), END);
    const steps = fc.array(fc.record({ more: fc.nat(1500), isCut: fc.boolean(), kept: fc.nat(3) }));
    fc.assert(
      fc.property(steps, (all) => {
        let cursor: Cursor = '';
        let publisher = new LogPublisher(cursor);
        let length = 0;
        const seen: number[] = [];
        for (const { more, isCut, kept } of [...all, { more: events.length, isCut: false, kept: 0 }]) {
          length = Math.min(events.length, length + more);
          let batches = 0;
          for (const batch of publisher.publish({ events: events.slice(0, length) })) {
            ({ cursor } = batch);
            for (const message of batch.messages) {
              assert.notEqual(message.kind, 'reset');
              if (message.kind === 'event') seen.push(message.event.index);
            }
            batches += 1;
            if (isCut && batches > kept) break;
          }
          if (isCut) publisher = new LogPublisher(cursor);
        }
        assert.deepEqual(seen, [...events.keys()]);
      }),
      { numRuns: 50 },
    );
  });

  it('are a reset and the whole log for a cursor of another service, or beyond the log', () => {
    const whole = ['replaying', 'reset', 'start 2 running', '0', '1', 'complete', 'live'];
    const events = logOf(START, thought('x'));
    for (const cursor of ['7@log', 'junk', '-1', '{"v":1}', '3@']) {
      assert.deepEqual(read(new LogPublisher(cursor), { events }).words, whole, cursor);
    }
  });

  it('are a reset and the whole log when it was made in another way, unless it continues the same', () => {
    const events = logOf(START, thought('x'), thought('y'));
    const { batches } = read(new LogPublisher(), { events: events.slice(0, 2), logId: 's' });
    const { cursor } = batches.at(-1) ?? assert.fail();
    const after = (view: SessionLogView) => read(new LogPublisher(cursor), view).words.slice(1);
    const reset = ['reset', 'start 3 running', '0', '1', '2', 'complete', 'live'];
    const rest = ['start 1 running', '2', 'complete', 'live'];
    assert.deepEqual(after({ events, logId: 'h' }), reset);
    assert.deepEqual(after({ events, logId: 's' }), rest);
    assert.deepEqual(after({ events, logId: 'ss', isContinued: (logId) => logId === 's' }), rest);
    assert.deepEqual(after({ events, logId: 'ss', isContinued: (logId) => logId === 'h' }), reset);
  });

  it('of a log that is still being read wait for what the reader has, and do not say which questions are open', () => {
    const publisher = new LogPublisher('3@');
    const events = logOf(START, ask('i'), thought('x'), thought('y'));
    const take = (count: number) => read(publisher, { events: events.slice(0, count), isBehind: true }).words;
    assert.deepEqual(take(1), ['replaying', 'start 0 running', 'complete undefined', 'live']);
    assert.deepEqual(take(3), []);
    assert.deepEqual(take(4), ['3']);
    assert.equal(publisher.state.status, 'suspended');
  });

  it('are a reset when the log became shorter, or gives other things than before, while it is read', () => {
    const publisher = new LogPublisher();
    const events = logOf(START, thought('x'));
    read(publisher, { events });
    const shorter = ['replaying', 'reset', 'start 1 running', '0', 'complete', 'live'];
    assert.deepEqual(read(publisher, { events: events.slice(0, 1) }).words, shorter);
    const fidelity = { pieces: 'none', times: 'steps' } as const;
    const { words } = read(publisher, { events: events.slice(0, 1), fidelity });
    assert.deepEqual(words.slice(0, 3), ['replaying', 'reset', 'start 1 running']);
  });

  it('say that the connection is live again after a wait', () => {
    const publisher = new LogPublisher();
    const events = logOf(START, thought('x'));
    read(publisher, { events: events.slice(0, 1) });
    const waiting = publisher.describe({ phase: 'backoff', attempt: 1, retryAtMs: 5 });
    assert.deepEqual(waiting.cursor, publisher.cursor);
    assert.deepEqual(read(publisher, { events }).words, ['1', 'live']);
    publisher.describe({ phase: 'backoff', attempt: 1, retryAtMs: 5 });
    assert.deepEqual(read(publisher, { events }).words, ['live']);
    assert.deepEqual(read(publisher, { events }).words, []);
  });

  it('of a record end without a terminal event, with the reason why it is incomplete', () => {
    const publisher = new LogPublisher();
    const error = new GraphRunError('incomplete', 'The rest is missing.');
    const { words, batches } = read(publisher, { events: logOf(START), isRecord: true, error });
    assert.deepEqual(words, ['replaying', 'start 1 running', '0', 'complete', 'terminal']);
    const last = batches.at(-1)?.messages.at(-1);
    assert.equal(last?.kind === 'connection' && last.connection.error, error);
    assert.equal(publisher.isEnded, true);
  });

  it('of a session that is deleted while it is read end with a cancellation that its log does not have', () => {
    const publisher = new LogPublisher();
    assert.throws(() => [...publisher.publishDeletion()], { code: 'session-gone' });
    read(publisher, { events: logOf(START, ask('i')) });
    const [batch, ...more] = [...publisher.publishDeletion()];
    assert.deepEqual(batch?.messages.map(wordOf), ['2', 'terminal']);
    const [message] = batch?.messages ?? [];
    assert.ok(message?.kind === 'event' && message.event.type === 'graphCancelled');
    assert.equal(message.event.synthetic, true);
    assert.equal(publisher.state.status, 'cancelled');
    assert.deepEqual([...more, ...publisher.publishDeletion()], []);
  });

  it('leave out what follows a terminal event', () => {
    const { words } = read(new LogPublisher(), { events: logOf(START, END, thought('late')) });
    assert.deepEqual(words, ['replaying', 'start 2 completed', '0', '1', 'complete', 'terminal']);
  });

  it('are refused for a log whose events are not at their indexes', () => {
    const [start, ...rest] = logOf(START, thought('x'), thought('y'));
    assert.ok(start !== undefined);
    const events = [start, ...rest.slice(1)];
    assert.throws(() => read(new LogPublisher(), { events }), {
      code: 'internal',
      message: 'Event 1 of the log has the index 2.',
    });
  });
});
