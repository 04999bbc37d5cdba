/**
 * Resolves when a function that it adds to `waiters` is called, or when `signal` aborts. Then it removes that function
 * and its listener again.
 */
export function untilWoken(waiters: Set<() => void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      waiters.delete(end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    waiters.add(end);
    signal.addEventListener('abort', end);
  });
}
