import { watch } from 'graph-sessions';
import { useMemo, useSyncExternalStore, type DependencyList } from 'react';

/** What `read` reads from the sessions; `inputs` are the other values that it uses, as for `useMemo`. */
export function useWatched<Value>(read: () => Value, inputs: DependencyList = []): Value {
  const store = useMemo(() => {
    let value = read();
    return {
      get: () => value,
      subscribe: (onChange: () => void) =>
        watch(read, (next) => {
          value = next;
          onChange();
        }),
    };
  }, inputs);
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}
