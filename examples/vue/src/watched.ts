import { watch } from 'graph-sessions';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** What `read` reads from the sessions, as long as the component lives. */
export function watched<Value>(read: () => Value): Readonly<ShallowRef<Value>> {
  const value = shallowRef(read());
  onScopeDispose(
    watch(read, (next) => {
      value.value = next;
    }),
  );
  return value;
}
