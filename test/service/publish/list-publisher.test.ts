import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MonitorMessage } from '../../../src/protocol/stream/messages.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';
import { createConnection } from '../../../src/service/connection.js';
import { ListPublisher } from '../../../src/service/publish/list-publisher.js';
import { SessionList } from '../../../src/service/publish/session-list.js';
import { eventually } from '../../support/watch.js';

function row(sessionId: string, createdAt: number, status = 'running'): SessionSummary {
  return { sessionId, status, createdAt, updatedAt: createdAt, pendingInputs: 0 };
}

function words(messages: readonly MonitorMessage[]): string[] {
  return messages.map((message) => {
    switch (message.kind) {
      case 'row':
        return `${message.row.sessionId} ${message.row.status}`;
      case 'deleted':
        return `-${message.sessionId}`;
      case 'snapshotComplete':
        return `end ${message.isTruncated} ${message.oldestCreatedAt}`;
      case 'connection':
        return message.connection.phase;
      case 'snapshotStart':
        return 'begin';
    }
  });
}

describe('the messages of a connection to a list', () => {
  it('are all rows, newest first, then what has changed, and what is gone', () => {
    const list = new ListPublisher();
    const [a, b] = [row('a', 1), row('b', 2)];
    assert.deepEqual(words(list.publish([a, b])), ['begin', 'b running', 'a running', 'end false undefined']);
    assert.deepEqual(words(list.publish([{ ...a }, { ...b }])), []);
    assert.deepEqual(words(list.publish([row('a', 1, 'failed'), b])), ['a failed']);
    assert.deepEqual(words(list.publish([b, row('c', 3)])), ['c running', '-a']);
    assert.deepEqual([...list.rows.keys()].sort(), ['b', 'c']);
  });

  it('of an empty list say that it is empty', () => {
    assert.deepEqual(words(new ListPublisher().publish([])), ['begin', 'end false undefined']);
  });

  it('of a truncated list do not take older sessions as deleted', () => {
    const list = new ListPublisher();
    const limits = { isTruncated: true };
    const all = [row('c', 3), row('b', 2)];
    assert.deepEqual(words(list.publish(all, limits)), ['begin', 'c running', 'b running', 'end true 2']);
    assert.deepEqual(words(list.publish([row('d', 4), row('c', 3)], limits)), ['d running']);
    assert.deepEqual(words(list.publish([row('d', 4)], { ...limits, oldestCreatedAt: 3 })), ['-c']);
  });

  it('can come bit by bit', () => {
    const list = new ListPublisher();
    assert.deepEqual(words(list.update([row('b', 2)])), ['begin', 'b running']);
    assert.deepEqual(words(list.update([row('a', 1), row('b', 2)])), ['a running']);
    assert.equal(list.isComplete, false);
    assert.deepEqual(words(list.complete()), ['end false undefined']);
    assert.deepEqual(words(list.complete()), []);
    assert.deepEqual(words(list.update([], ['a', 'unknown'])), ['-a']);
  });
});

describe('the list of a graph in memory', () => {
  function watchList(list: SessionList) {
    const seen: string[] = [];
    const connection = createConnection((context) => list.read(context.signal));
    const iterator = connection[Symbol.asyncIterator]();
    const ended = (async () => {
      for await (const messages of { [Symbol.asyncIterator]: () => iterator }) seen.push(...words(messages));
    })();
    return { seen, ended, leave: () => iterator.return?.() };
  }

  it('gives each reader all rows, then the newest row of each session that has changed', async () => {
    const list = new SessionList();
    list.set(row('a', 1));
    list.set(row('b', 1));
    const reader = watchList(list);
    await eventually(() => reader.seen.includes('live'));
    assert.deepEqual(reader.seen, ['begin', 'b running', 'a running', 'end false undefined', 'live']);
    list.set(row('a', 1, 'suspended'));
    list.set(row('a', 1, 'completed'));
    list.set(row('b', 1));
    list.set(row('c', 2));
    list.delete('c');
    list.delete('c');
    await eventually(() => reader.seen.length > 5);
    list.delete('b');
    await eventually(() => reader.seen.includes('-b'));
    assert.deepEqual(reader.seen.slice(5), ['a completed', '-b']);
    await reader.leave();
    await reader.ended;
  });
});
