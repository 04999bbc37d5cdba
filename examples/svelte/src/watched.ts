import { watch } from 'graph-sessions';
import { createSubscriber } from 'svelte/reactivity';

/** What `read` reads from the sessions: `current` updates the markup and effects that use it. */
export function watched<Value>(read: () => Value): { readonly current: Value } {
  const subscribe = createSubscriber((update) => watch(read, update));
  return {
    get current() {
      subscribe();
      return read();
    },
  };
}
