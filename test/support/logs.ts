import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/protocol/values/json.js';

/** Asserts that the events of a log have the indexes 0, 1, 2, … */
export function assertContiguous(log: readonly JsonObject[]): void {
  assert.deepEqual(
    log.map(({ index }) => index),
    log.map((_, position) => position),
  );
}
