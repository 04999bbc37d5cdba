import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GraphRunError } from '../../../../src/protocol/problems.js';
import {
  INITIAL_RETRY_STATE,
  nextStep,
  type AttemptFacts,
  type AttemptOutcome,
  type RetryState,
  type RetryStep,
} from '../../../../src/service/http/attempts/retry-policy.js';

const IDLE: AttemptFacts = {
  hasProgressed: false,
  isServerKnown: false,
  canRefreshToken: false,
  isJustCreated: false,
};
const PROGRESS: AttemptFacts = { ...IDLE, hasProgressed: true };
const LOST: AttemptOutcome = { kind: 'lost', error: new GraphRunError('network', 'cut') };

function refused(
  status: number,
  code = 'x',
  more: { retryAfterMs?: number; members?: object } = {},
): AttemptOutcome {
  return {
    kind: 'refused',
    error: new GraphRunError(code, 'refused', { status, ...more } as ConstructorParameters<
      typeof GraphRunError
    >[2]),
  };
}

/** Returns the steps after several outcomes in a row. */
function walk(
  outcomes: readonly (readonly [AttemptOutcome, AttemptFacts])[],
  random = 0.5,
): { steps: readonly RetryStep[]; state: RetryState } {
  let state = INITIAL_RETRY_STATE;
  const steps = outcomes.map(([outcome, facts]) => {
    const next = nextStep(state, outcome, facts, random);
    ({ state } = next);
    return next.step;
  });
  return { steps, state };
}

function waits(steps: readonly RetryStep[]): number[] {
  return steps.map((step) => (step.kind === 'wait' ? step.ms : Number.NaN));
}

describe('retry policy', () => {
  it('C4 a server that accepts and closes gets at most 12 requests in the first minute, with any random numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 20, maxLength: 20 }),
        (randoms) => {
          let state = INITIAL_RETRY_STATE;
          let elapsed = 0;
          let requests = 1;
          for (const random of randoms) {
            const next = nextStep(state, LOST, IDLE, random);
            ({ state } = next);
            assert.equal(next.step.kind, 'wait');
            elapsed += next.step.kind === 'wait' ? next.step.ms : 0;
            if (elapsed < 60_000) requests += 1;
          }
          assert.ok(requests <= 12, `${requests} requests`);
        },
      ),
    );
  });

  it('after progress the first attempt follows within a quarter of a second', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(20), (random, failures) => {
        const { step } = nextStep({ ...INITIAL_RETRY_STATE, failures }, LOST, PROGRESS, random);
        assert.ok(step.kind === 'wait' && step.ms <= 250);
      }),
    );
  });

  it('the wait doubles with each failure up to 30 seconds', () => {
    const { steps } = walk(
      Array.from({ length: 10 }, () => [LOST, IDLE] as const),
      0.999_999,
    );
    const rounded = waits(steps).map((ms) => Math.round(ms));
    assert.deepEqual(rounded, [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('C4 a server that asks for an immediate retry does not get one', () => {
    const { steps } = walk(
      Array.from({ length: 4 }, () => [LOST, { ...IDLE, retryBaseMs: 0 }] as const),
      0.999_999,
    );
    assert.deepEqual(
      waits(steps).map((ms) => Math.round(ms)),
      [250, 100, 200, 400],
    );
  });

  it('C5 the wait is at least as long as the server asks', () => {
    const { steps } = walk([[refused(503, 'unavailable', { retryAfterMs: 20_000 }), IDLE]]);
    assert.deepEqual(waits(steps), [20_000]);
    const [capped] = waits(walk([[refused(429, 'x', { retryAfterMs: 3_600_000 }), IDLE]]).steps);
    assert.equal(capped, 300_000);
  });

  it('C5 S18 the wait after a bye is the one that the server chose, also after progress', () => {
    const bye: AttemptOutcome = { kind: 'lost', error: new GraphRunError('network', 'bye'), retryMs: 4000 };
    assert.deepEqual(waits(walk([[bye, PROGRESS]]).steps), [4000]);
  });

  it('C6 other refusals are final at once and keep the error of the server', () => {
    for (const status of [400, 403, 406, 422]) {
      const [step] = walk([[refused(status, 'forbidden'), IDLE]]).steps;
      assert.ok(step?.kind === 'fail' && step.error.code === 'forbidden' && step.error.status === status);
    }
  });

  it('C6 C7 an unknown session is gone, but one created moments ago is tried three times more', () => {
    const [gone] = walk([[refused(404, 'session-not-found'), IDLE]]).steps;
    assert.ok(gone?.kind === 'fail' && gone.error.code === 'session-gone');
    const young: AttemptFacts = { ...IDLE, isJustCreated: true };
    const { steps } = walk(
      Array.from({ length: 4 }, () => [refused(404, 'session-not-found'), young] as const),
    );
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['wait', 'wait', 'wait', 'fail'],
    );
    const [deleted] = walk([[refused(404, 'session-deleted'), young]]).steps;
    assert.equal(deleted?.kind, 'fail', 'a deleted session will not appear');
  });

  it('C8 a refused token is replaced once, then the person has to act', () => {
    const facts: AttemptFacts = { ...IDLE, canRefreshToken: true };
    const { steps } = walk([
      [refused(401), facts],
      [refused(401), facts],
    ]);
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['refreshToken', 'fail'],
    );
    const last = steps.at(-1);
    assert.ok(last?.kind === 'fail' && last.error.code === 'auth-required');
    const [first] = walk([[refused(401), IDLE]]).steps;
    assert.equal(first?.kind, 'fail', 'without a provider there is nothing to refresh');
  });

  it('C8 after progress a refused token is replaced again', () => {
    const facts: AttemptFacts = { ...IDLE, canRefreshToken: true };
    const { steps } = walk([
      [refused(401), facts],
      [LOST, { ...facts, hasProgressed: true }],
      [refused(401), facts],
    ]);
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['refreshToken', 'wait', 'refreshToken'],
    );
  });

  it('C9 an answer of something else is tried again; where no server has ever answered, the fifth in a row is final', () => {
    const portal: AttemptOutcome = { kind: 'foreign', error: new GraphRunError('foreign-answer', 'html') };
    const { steps } = walk(Array.from({ length: 5 }, () => [portal, IDLE] as const));
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['wait', 'wait', 'wait', 'wait', 'fail'],
    );
    const mixed = walk([
      ...Array.from({ length: 4 }, () => [portal, IDLE] as const),
      [LOST, IDLE],
      [portal, IDLE],
    ]);
    assert.equal(mixed.steps.at(-1)?.kind, 'wait');
    const last = steps.at(-1);
    assert.ok(last?.kind === 'fail' && last.error.code === 'no-server');
  });

  it('C9 something else that answers in place of a known server never ends the connection', () => {
    const portal: AttemptOutcome = { kind: 'foreign', error: new GraphRunError('foreign-answer', 'html') };
    const known: AttemptFacts = { ...IDLE, isServerKnown: true };
    const { steps } = walk(Array.from({ length: 200 }, () => [portal, known] as const));
    assert.ok(steps.every(({ kind }) => kind === 'wait'));
  });

  it('C10 a third violation of the protocol without progress is final', () => {
    const fault: AttemptOutcome = { kind: 'fault', error: new GraphRunError('protocol-error', 'gap') };
    const kinds = walk(Array.from({ length: 3 }, () => [fault, IDLE] as const)).steps.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['wait', 'wait', 'fail']);
  });

  it('C22 S11 a cursor that the server cannot serve is reset once', () => {
    const reset = refused(409, 'log-reset');
    const { steps } = walk([
      [reset, IDLE],
      [reset, IDLE],
    ]);
    assert.deepEqual(steps[0], { kind: 'reset', after: -1 });
    assert.equal(steps[1]?.kind, 'fail');
    const [expired] = walk([[refused(410, 'cursor-expired', { members: { firstIndex: 7 } }), IDLE]]).steps;
    assert.deepEqual(expired, { kind: 'reset', after: 6 });
  });
});
