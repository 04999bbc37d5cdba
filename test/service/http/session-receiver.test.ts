import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import type { SessionFrame } from '../../../src/protocol/stream/session-frames.js';
import type { SessionMessage } from '../../../src/protocol/stream/messages.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { initialReceiver, receive, type ReceiverState } from '../../../src/service/http/session-receiver.js';

const START: SessionFrame = { kind: 'start', protocol: 1, lastIndex: 2 };

function thought(index: number): GraphRunEvent {
  return { type: 'thoughtEvent', nodeId: 'n', text: `t${index}`, index };
}

function frameOf(event: GraphRunEvent): SessionFrame {
  return { kind: 'event', event, id: event.index };
}

function takeAll(state: ReceiverState, frames: readonly SessionFrame[]) {
  const messages: SessionMessage[] = [];
  let current = state;
  for (const frame of frames) {
    const received = receive(current, frame);
    current = received.state;
    messages.push(...received.messages);
  }
  return { state: current, messages };
}

const isProtocolError = (error: unknown) => error instanceof GraphRunError && error.code === 'protocol-error';

describe('session receiver', () => {
  it('C10 an event that was delivered is dropped, one that leaves a gap is a fault', () => {
    const { state } = takeAll(initialReceiver(), [START, frameOf(thought(0)), frameOf(thought(1))]);
    assert.deepEqual(receive(state, frameOf(thought(1))).messages, []);
    assert.throws(() => receive(state, frameOf(thought(3))), isProtocolError);
  });

  it('an id that differs from the index is a fault', () => {
    const { state } = takeAll(initialReceiver(), [START]);
    assert.throws(() => receive(state, { kind: 'event', event: thought(0), id: 1 }), isProtocolError);
  });

  it('nothing may come before the start', () => {
    assert.throws(() => receive(initialReceiver(), frameOf(thought(0))), isProtocolError);
  });

  it('a stream that begins elsewhere than requested is a fault', () => {
    assert.throws(
      () => receive(initialReceiver(5), { kind: 'start', protocol: 1, after: 3 }),
      isProtocolError,
    );
  });

  it('a stream of another log than the delivered events is a reset', () => {
    const delivered = takeAll(initialReceiver(), [{ ...START, logId: 'old' }, frameOf(thought(0))]).state;
    const again: SessionFrame = { ...START, logId: 'new' };
    assert.throws(
      () => receive({ ...delivered, phase: 'idle' }, again),
      (error) => error instanceof GraphRunError && error.code === 'log-reset',
    );
    assert.equal(
      receive({ ...initialReceiver(), logId: 'old' }, again).state.logId,
      'new',
      'none were delivered',
    );
  });

  it('a replay that ends early is a fault', () => {
    const { state } = takeAll(initialReceiver(), [START, frameOf(thought(0))]);
    assert.throws(() => receive(state, { kind: 'replayComplete', lastIndex: 2 }), isProtocolError);
  });

  it('an open question from before the cursor is delivered, and takes no position', () => {
    const question: GraphRunEvent = {
      type: 'inputRequired',
      nodeId: 'n',
      interactionId: 'i',
      suspendEvent: {},
      index: 3,
    };
    const { state, messages } = takeAll(initialReceiver(9), [
      { kind: 'start', protocol: 1 },
      { kind: 'redelivered', event: question },
    ]);
    assert.equal(state.after, 9);
    assert.deepEqual(messages.at(-1), { kind: 'redelivered', event: question });
  });

  it('the start is delivered once in the life of a connection', () => {
    const first = takeAll(initialReceiver(), [START]);
    const again = takeAll({ ...first.state, phase: 'idle' }, [START]);
    assert.deepEqual(first.messages, [{ kind: 'start', replayTotal: 3 }]);
    assert.deepEqual(again.messages, []);
  });

  it('R1 after any cuts and repetitions, each event is delivered once and in order', () => {
    const cuts = fc.array(fc.record({ overlap: fc.nat(3), length: fc.nat(10) }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.nat(40), cuts, (total, connections) => {
        let state = initialReceiver();
        const delivered: number[] = [];
        const connect = (from: number, to: number) => {
          const frames: SessionFrame[] = [{ kind: 'start', protocol: 1 }];
          for (let index = Math.max(0, from); index < to; index += 1) frames.push(frameOf(thought(index)));
          const taken = takeAll({ ...state, phase: 'idle' }, frames);
          ({ state } = taken);
          for (const message of taken.messages) {
            if (message.kind === 'event') delivered.push(message.event.index);
          }
        };
        for (const { overlap, length } of connections) {
          connect(state.after + 1 - overlap, Math.min(total, state.after + 1 + length));
        }
        connect(state.after + 1, total);
        assert.deepEqual(
          delivered,
          Array.from({ length: total }, (_, index) => index),
        );
      }),
    );
  });
});
