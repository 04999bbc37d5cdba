import { Signal } from 'signal-polyfill';

/**
 * Follows a value that is read from signals, in any framework or in none: calls `onValue` with the value at once, and
 * again, in a microtask, whenever a signal that `read` has read changed the value. Several changes within one task make
 * one call; a value that is the same as before (`Object.is`) makes none.
 *
 * What `read` throws at first is thrown here; what it or `onValue` throws later is an error of the page, and the
 * watch continues.
 *
 * @param read reads the state, such as `() => run.status`
 * @returns a function that ends the watch; to be called when the reader goes away
 */
export function watch<Value>(read: () => Value, onValue: (value: Value) => void): () => void {
  const value = new Signal.Computed(read);
  const current = (): Value => Signal.subtle.untrack(() => value.get());
  let isStopped = false;
  const watcher = new Signal.subtle.Watcher(() => queueMicrotask(look));
  let last = current();
  watcher.watch(value);
  Signal.subtle.untrack(() => onValue(last));
  return () => {
    isStopped = true;
    watcher.unwatch(value);
  };

  function look(): void {
    if (isStopped) return;
    // A watcher reports once; this lets it report the next change, even if reading fails now.
    watcher.watch();
    const next = current();
    if (Object.is(next, last)) return;
    last = next;
    onValue(next);
  }
}
