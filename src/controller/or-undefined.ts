/**
 * Returns the result of `task`; undefined if it throws. For storage of the browser, which may be full or blocked at any
 * time, and without which everything else still works.
 */
export function orUndefined<Result>(task: () => Result): Result | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}
