import { Signal } from 'signal-polyfill';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
import type { GraphRunError } from '../../protocol/problems.js';
import type { Countdown } from '../countdown.js';
import { currentEntry, EMPTY_QUEUE } from './current-entry.js';
import type { InboxQueue } from './inbox-queue.js';
import { KeyedSignals } from '../keyed-signals.js';
import type { RunController } from '../run/run-controller.js';

/** An answer that a person gave and can still undo. */
export interface DelayedAnswer extends Countdown {
  readonly id: number;
  readonly entryKey: number;
  readonly sessionId: string;
  readonly interaction: Interaction;
  readonly answer: Answer;
}

/** An answer that was sent after its time to undo, and was not accepted. */
export interface FailedAnswer {
  readonly sessionId: string;
  readonly interaction: Interaction;
  /** The text of the question (`questionText`). */
  readonly question: string;
  readonly error: GraphRunError;
}

/**
 * The inbox: the queue of sessions that wait for a person, and the sessions that are read for it, the current one and
 * the next. All getters are backed by signals.
 */
export class InboxController {
  readonly #isOpen = new Signal.State(false);
  readonly #queue = new Signal.State<InboxQueue>(EMPTY_QUEUE);
  readonly #runs = new KeyedSignals<string, RunController>();
  readonly #handled = new Signal.State<ReadonlySet<string>>(new Set());
  readonly #delayed = new Signal.State<readonly DelayedAnswer[]>([]);
  readonly #failed = new Signal.State<readonly FailedAnswer[]>([]);
  readonly #unfinishedBefore = new Signal.State<readonly string[]>([]);

  /** True while the inbox is shown. */
  get isOpen(): boolean {
    return this.#isOpen.get();
  }

  /** The sessions to work off; empty while the inbox is closed. */
  get queue(): InboxQueue {
    return this.#queue.get();
  }

  /** Ids of the sessions that had not ended when the inbox was opened. */
  get unfinishedBefore(): readonly string[] {
    return this.#unfinishedBefore.get();
  }

  /** The answers that can still be undone, oldest first. */
  get delayed(): readonly DelayedAnswer[] {
    return this.#delayed.get();
  }

  /** The delayed answers that were not accepted, until they are dismissed or the question is answered again. */
  get failed(): readonly FailedAnswer[] {
    return this.#failed.get();
  }

  /** The session of the current entry, as far as it was read; undefined when there is none. */
  get currentRun(): RunController | undefined {
    const entry = currentEntry(this.queue);
    return entry === undefined ? undefined : this.runOf(entry.sessionId);
  }

  /** A session that is read for the inbox. */
  runOf(sessionId: string): RunController | undefined {
    return this.#runs.get(sessionId);
  }

  /** The open questions of a session that were not answered here, oldest first; undefined if it is not read. */
  questionsOf(sessionId: string): readonly Interaction[] | undefined {
    return this.runOf(sessionId)?.interactions.filter(
      ({ interactionId }) => !this.#handled.get().has(handledKey(sessionId, interactionId)),
    );
  }

  /** Shows or hides the inbox. */
  setOpen(isOpen: boolean, unfinished: readonly string[]): void {
    this.#isOpen.set(isOpen);
    this.#unfinishedBefore.set(unfinished);
  }

  /** Replaces the queue. */
  setQueue(queue: InboxQueue): void {
    this.#queue.set(queue);
  }

  /** Sets a session that is read; undefined removes it. */
  setRun(sessionId: string, run: RunController | undefined): void {
    this.#runs.apply(run === undefined ? [] : [[sessionId, run]], run === undefined ? [sessionId] : []);
  }

  /** Marks a question as answered here, or as open again. */
  setHandled(sessionId: string, interactionId: string, isHandled: boolean): void {
    const handled = new Set(this.#handled.get());
    const key = handledKey(sessionId, interactionId);
    if (isHandled) handled.add(key);
    else handled.delete(key);
    this.#handled.set(handled);
  }

  /** Forgets which questions were answered here. */
  clearHandled(): void {
    this.#handled.set(new Set());
  }

  /** Adds an answer that can be undone; for a known id, replaces the countdown. */
  setDelayed(answer: DelayedAnswer): void {
    const before = this.#delayed.get();
    const isKnown = before.some(({ id }) => id === answer.id);
    this.#delayed.set(
      isKnown ? before.map((known) => (known.id === answer.id ? answer : known)) : [...before, answer],
    );
  }

  /** Removes an answer that was undone or is sent. */
  endDelayed(id: number): void {
    this.#delayed.set(this.#delayed.get().filter((answer) => answer.id !== id));
  }

  /** Adds an answer that was not accepted. */
  addFailed(answer: FailedAnswer): void {
    this.endFailed(answer.sessionId, answer.interaction.interactionId);
    this.#failed.set([...this.#failed.get(), answer]);
  }

  /** Removes the failure of a question's answer. */
  endFailed(sessionId: string, interactionId: string): void {
    const before = this.#failed.get();
    const left = before.filter(
      ({ sessionId: id, interaction }) => id !== sessionId || interaction.interactionId !== interactionId,
    );
    if (left.length < before.length) this.#failed.set(left);
  }
}

function handledKey(sessionId: string, interactionId: string): string {
  return JSON.stringify([sessionId, interactionId]);
}
