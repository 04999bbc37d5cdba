/**
 * Resolves when one of the callers of `waiters` calls, or when `signal` aborts. Whatever happens, it
 * leaves nothing behind in either.
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
