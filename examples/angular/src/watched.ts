import { DestroyRef, inject, signal, type Signal } from '@angular/core';
import { watch } from 'graph-sessions';

/** What `read` reads from the sessions, as long as the component lives. */
export function watched<Value>(read: () => Value): Signal<Value> {
  const value = signal(read());
  inject(DestroyRef).onDestroy(watch(read, (next) => value.set(next)));
  return value.asReadonly();
}
