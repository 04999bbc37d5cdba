import type { MonitorMessage } from '../../protocol/messages.js';
import type { ListCopy } from './list-copy.js';
import { untilWoken } from '../until-woken.js';

/** More messages than this are replaced by the state that they add up to. */
const LIMIT = 2000;

/** What a reader of a list has not read yet. However slow it is, this stays as small as the list. */
export class ListMailbox {
  readonly #copy: ListCopy;
  readonly #signal: AbortSignal;
  readonly #waiters = new Set<() => void>();
  #messages: MonitorMessage[] = [];
  #limit = LIMIT;
  #end: { readonly error?: unknown } | undefined;

  /** @param copy has every message that is put here. */
  constructor(copy: ListCopy, signal: AbortSignal) {
    this.#copy = copy;
    this.#signal = signal;
  }

  put(messages: readonly MonitorMessage[]): void {
    this.#messages = this.#messages.concat(messages);
    if (this.#messages.length > this.#limit) this.#shrink();
    this.#wake();
  }

  /** After what is there, there will be no more. */
  end(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wake();
  }

  /** What came since the last call, as soon as there is something; undefined at the end. Throws its error. */
  async next(): Promise<readonly MonitorMessage[] | undefined> {
    while (!this.#signal.aborted) {
      if (this.#messages.length > 0) {
        const messages = this.#messages;
        this.#messages = [];
        return messages;
      }
      if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error;
        return undefined;
      }
      await untilWoken(this.#waiters, this.#signal);
    }
    return undefined;
  }

  #shrink(): void {
    const state = this.#copy.messages();
    if (state.length < this.#messages.length) this.#messages = [...state];
    // A long list is not built again for every message.
    this.#limit = Math.max(LIMIT, 2 * state.length);
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }
}
