import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkEventSize, EventTooLargeError } from '../../src/runner/event-size.js';
import { thought } from '../support/puppet-runner.js';

const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(thought(text)));

describe('the size of an event', () => {
  it('is that of its UTF-8, wherever a large text is divided', () => {
    const anyPart = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('é', '漢', '😀', '\ud83d'),
    );
    fc.assert(
      fc.property(fc.nat(40), fc.array(anyPart, { maxLength: 30 }), (shift, parts) => {
        const text = 'x'.repeat(65_500 + shift) + parts.join('') + '😀'.repeat(50_000);
        const bytes = bytesOf(text);
        assert.equal(checkEventSize(thought(text), bytes), bytes);
        assert.throws(() => checkEventSize(thought(text), bytes - 1), EventTooLargeError);
      }),
      { numRuns: 60 },
    );
  });
});
