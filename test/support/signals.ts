import { Signal } from 'signal-polyfill';

/**
 * Resolves with the value of `read` once `isTrue` holds for it. Waits for the signals that `read`
 * depends on, never for time. Rejects after `timeoutMs`, saying what it saw last.
 */
export function untilSignal<Value>(
  read: () => Value,
  isTrue: (value: Value) => boolean,
  timeoutMs = 5000,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const computed = new Signal.Computed(read);
    const watcher = new Signal.subtle.Watcher(() => queueMicrotask(look));
    const stop = () => {
      watcher.unwatch(computed);
      clearTimeout(guard);
    };
    const guard = setTimeout(() => {
      const seen = JSON.stringify(Signal.subtle.untrack(read));
      stop();
      reject(new Error(`The condition did not become true; last seen: ${seen}`));
    }, timeoutMs);
    function look() {
      const value = computed.get();
      if (isTrue(value)) {
        stop();
        resolve(value);
      } else {
        watcher.watch();
      }
    }
    watcher.watch(computed);
    look();
  });
}
