import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  groupActivity,
  summariseActivity,
} from '../../../../src/elements/session/activity/activity-groups.js';

describe('the activity of a node', () => {
  it('groups consecutive thoughts', () => {
    const groups = groupActivity([
      { kind: 'thought', index: 1, text: 'a' },
      { kind: 'thought', index: 2, text: 'b' },
      { kind: 'error', index: 3, message: 'x' },
      { kind: 'thought', index: 4, text: 'c' },
    ]);
    assert.deepEqual(
      groups.map((group) => (group.kind === 'thoughts' ? group.thoughts.length : group.kind)),
      [2, 'error', 1],
    );
  });

  it('is summarised by its last thought', () => {
    const entries = [
      { kind: 'thought', index: 1, text: 'first' },
      { kind: 'call', index: 2, callId: 'c', title: 'Search', args: {} },
      { kind: 'thought', index: 3, text: 'last' },
    ] as const;
    assert.deepEqual(summariseActivity({ entries }), { thoughts: 2, calls: 1, last: 'last' });
    assert.equal(summariseActivity({ entries: [entries[1]] }).last, 'Search');
  });
});
