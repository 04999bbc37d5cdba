/**
 * What a promise brings, or the signal's reason as soon as it aborts: for work that takes no signal
 * itself. That work goes on, and what becomes of it is not looked at any more.
 */
export function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    const end = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).then(end, end);
    if (signal.aborted) onAbort();
  });
}
