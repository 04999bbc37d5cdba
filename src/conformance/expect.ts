/** Thrown by a conformance case when an implementation does not conform. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/**
 * Asserts a fact about the implementation under test.
 *
 * @throws ConformanceError with `what` when it is false.
 */
export function expect(isTrue: boolean, what: string): asserts isTrue {
  if (!isTrue) throw new ConformanceError(what);
}

/**
 * Asserts that two JSON values are equal.
 *
 * @throws ConformanceError that shows both.
 */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  expect(a === b, `${what}: expected ${b}, got ${a}.`);
}

/**
 * Asserts that a call fails with one of the given codes.
 *
 * @throws ConformanceError when it succeeds or fails with another code.
 */
export async function expectCode(
  call: Promise<unknown>,
  codes: readonly string[],
  what: string,
): Promise<void> {
  let outcome: string;
  try {
    await call;
    outcome = 'it succeeded';
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (codes.includes(code)) return;
    outcome = `it failed with ${code === '' ? String(error) : `“${code}”`}`;
  }
  throw new ConformanceError(`${what}: expected “${codes.join('” or “')}”, but ${outcome}.`);
}
