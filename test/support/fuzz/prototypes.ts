import assert from 'node:assert/strict';

const PROTOTYPES = { Object, Array, Function, String, Number, Promise, Map };

const before = namesOfAll();

/** Fails when anything has been added to the prototypes that all values share. */
export function assertPrototypesUntouched(): void {
  assert.deepEqual(namesOfAll(), before, 'names on the shared prototypes');
}

function namesOfAll(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(PROTOTYPES).map(([name, { prototype }]) => [name, Object.getOwnPropertyNames(prototype)]),
  );
}
