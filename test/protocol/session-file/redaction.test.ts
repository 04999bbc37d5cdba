import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventToWire, type GraphRunEvent } from '../../../src/protocol/events.js';
import { canonicalJson } from '../../../src/protocol/values/json.js';
import { Redaction } from '../../../src/protocol/session-file/redaction.js';
import { deepList } from '../../support/hostile-json.js';

const SCHEMA = {
  type: 'object',
  properties: {
    user: { type: 'string' },
    key: { type: 'string', format: 'password' },
    pin: { writeOnly: true },
  },
};

const LOG: readonly GraphRunEvent[] = [
  {
    type: 'inputRequired',
    nodeId: 'n',
    interactionId: 'i',
    suspendEvent: { inputNode: { schema: SCHEMA } },
    index: 0,
  },
  {
    type: 'inputResolved',
    nodeId: 'n',
    interactionId: 'i',
    by: 'response',
    response: { user: 'ada', key: 'hunter22', pin: 'abc' },
    index: 1,
  },
  { type: 'thoughtEvent', nodeId: 'n', text: 'Logs in with hunter22 as ada, abc', index: 2 },
  { type: 'nodeEnd', nodeId: 'n', outputs: { context: { login: ['ada', 'hunter22'], count: 3 } }, index: 3 },
  { type: 'unknown', wireType: 'new', wire: { type: 'new', index: 4, data: 'x hunter22' }, index: 4 },
];

describe('a redacted log', () => {
  it('has no secret of a schema, neither in the answer nor where a later event repeats it', () => {
    const redaction = new Redaction();
    const events = LOG.map((event) => redaction.apply(event));
    assert.ok(!JSON.stringify(events).includes('hunter22'));
    assert.deepEqual(events[1], { ...LOG[1], response: { user: 'ada', key: '•••', pin: '•••' } });
    // A secret of three characters would be found in words.
    assert.deepEqual(events[2], { ...LOG[2], text: 'Logs in with ••• as ada, abc' });
    assert.deepEqual(events[3], {
      ...LOG[3],
      outputs: { context: { login: ['ada', '•••'], count: 3 } },
    });
  });

  it('is the same where nothing is secret', () => {
    const redaction = new Redaction();
    const events = LOG.filter(({ type }) => type !== 'inputRequired');
    for (const event of events) assert.equal(redaction.apply(event), event);
  });

  it('can have values of any depth', () => {
    const redaction = new Redaction();
    const deep = { a: deepList(20_000, '"hunter22"') };
    for (const event of LOG.slice(0, 1)) redaction.apply(event);
    const answer = { user: 'ada', key: deep };
    redaction.apply({
      type: 'inputResolved',
      nodeId: 'n',
      interactionId: 'i',
      by: 'response',
      response: answer,
      index: 1,
    });
    const later = redaction.apply({ type: 'nodeEnd', nodeId: 'n', outputs: { context: deep }, index: 2 });
    assert.ok(later !== undefined && !canonicalJson(eventToWire(later)).includes('hunter22'));
  });

  it('lacks and changes what the host says, which never sees a secret', () => {
    const seen: GraphRunEvent[] = [];
    const redaction = new Redaction((event) => {
      seen.push(event);
      if (event.type === 'thoughtEvent') return undefined;
      return event.type === 'nodeEnd' ? { ...event, outputs: {} } : event;
    });
    const events = LOG.map((event) => redaction.apply(event));
    assert.ok(!JSON.stringify(seen).includes('hunter22'));
    assert.equal(events[2], undefined);
    assert.deepEqual(events[3], { ...LOG[3], outputs: {} });
  });
});
