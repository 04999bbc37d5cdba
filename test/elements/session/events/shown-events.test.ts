import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunController } from '../../../../src/controller/run/run-controller.js';
import { eventContains, eventSummary } from '../../../../src/elements/session/events/event-summary.js';
import { shownEvents } from '../../../../src/elements/session/events/shown-events.js';
import { parseEvent } from '../../../../src/protocol/events.js';

describe('the events of a session', () => {
  it('show, find and copy no secret of an answer', () => {
    const schema = { properties: { user: { type: 'string' }, key: { type: 'string', format: 'password' } } };
    const run = new RunController();
    run.open('s');
    run.apply(
      [
        { type: 'graphStart', sessionId: 's' },
        { type: 'nodeStart', nodeId: 'n' },
        { type: 'inputRequired', nodeId: 'n', interactionId: 'i', suspendEvent: { inputNode: { schema } } },
        {
          type: 'inputResolved',
          nodeId: 'n',
          interactionId: 'i',
          by: 'user',
          response: { user: 'ada', key: 'sk-1' },
        },
      ].map((event, index) => ({ kind: 'event', event: parseEvent({ ...event, index }) })),
    );
    const shown = shownEvents(run.events, (id) => run.resolvedInteractions.get(id)?.interaction);
    assert.deepEqual([shown.length, shown.dropped], [4, 0]);
    const answer = shown.at(3);
    assert.ok(answer !== undefined);
    assert.equal(eventSummary(answer), 'ada •••');
    assert.equal(eventContains(answer, 'sk-1'), false);
    assert.equal(JSON.stringify(answer).includes('sk-1'), false);
    assert.equal(shown.at(2), run.events.at(2), 'an event without an answer is itself');
    assert.equal(JSON.stringify(run.events.at(3)).includes('sk-1'), true, 'the log of the host has it');
  });
});
