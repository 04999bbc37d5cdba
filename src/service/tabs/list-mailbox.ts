import type { MonitorMessage } from '../../protocol/stream/messages.js';
import type { ListCopy } from './list-copy.js';
import { untilWoken } from '../until-woken.js';

/** When more messages than this wait, they are replaced by the state that they add up to. */
const LIMIT = 2000;

/** Holds the messages that a reader of a list has not read yet. However slow the reader, it stays as small as the list. */
export class ListMailbox {
  readonly #copy: ListCopy;
  readonly #signal: AbortSignal;
  readonly #waiters = new Set<() => void>();
  #messages: MonitorMessage[] = [];
  #limit = LIMIT;
  #end: { readonly error?: unknown } | undefined;

  /** @param copy has every message that is put into this mailbox applied. */
  constructor(copy: ListCopy, signal: AbortSignal) {
    this.#copy = copy;
    this.#signal = signal;
  }

  /** Adds messages for the reader. */
  put(messages: readonly MonitorMessage[]): void {
    this.#messages = this.#messages.concat(messages);
    if (this.#messages.length > this.#limit) this.#shrink();
    this.#wake();
  }

  /** Ends the mailbox: the reader gets the waiting messages, then the end or its error. */
  end(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wake();
  }

  /**
   * Resolves with the messages since the last call, as soon as there are any; undefined at the end or when the signal
   * aborts. Rejects with the error of the end.
   */
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
    // Avoids building a long list again for every message.
    this.#limit = Math.max(LIMIT, 2 * state.length);
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }
}
