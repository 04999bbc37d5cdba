import { NO_LABELS, type SessionLabels } from '../../protocol/session-labels.js';
import type { SessionState } from '../../protocol/session-state.js';
import {
  isTerminalStatus,
  type KnownSessionStatus,
  type SessionSummary,
} from '../../protocol/session-summary.js';
import type { RunnerSession } from '../../runner/graph-runner.js';
import type { ClaimedSession, Ownership } from '../store/ownership.js';
import type { SessionRecord } from '../store/session-store.js';
import { digestOf, type SessionDigest } from './session-digest.js';
import type { Wakeup } from '../scheduling/wakeup.js';

/** The fold of a log, with the other values that an append builds on. */
export interface FoldedLog {
  readonly state: SessionState;
  /** Without labels. */
  readonly row: SessionSummary;
  readonly logBytes: number;
}

/** Size of a log, in bytes, beyond which its fold is not kept while nothing runs. */
const MAX_KEPT_BYTES = 1024 * 1024;

/** True for a fold that is small enough to stay in memory while nothing runs. */
export function isKept({ logBytes }: FoldedLog): boolean {
  return logBytes <= MAX_KEPT_BYTES;
}

/**
 * A session in memory. For one that this process does not run, only the columns of the store are held; its log
 * is folded when the state is requested.
 */
export class Session {
  readonly record: SessionRecord;
  /** Its interface to the runner; only while it has not ended. */
  runner: RunnerSession | undefined;
  /** Proof that this process runs it; only once it was created or claimed here. */
  ownership: Ownership | ClaimedSession | undefined;
  /** The caller's credential; only while it has not ended. Never stored. */
  accessToken: string | undefined;
  /** True once its deletion is durable. */
  isDeleted = false;
  /** True from the turn of a deletion in the write queue, unless that is not written. */
  isDeletedInDraft = false;
  /** True when it has not ended and cannot be continued: it can only be deleted. */
  isUnrecovered = false;
  /** The fold including writes in progress; the next append builds on it. */
  draft: FoldedLog | undefined;
  /** The durable labels. */
  labels: SessionLabels = NO_LABELS;
  /** The labels including writes in progress. */
  draftLabels: SessionLabels = NO_LABELS;
  /** The fold of the log that is being read. */
  loading: Promise<FoldedLog> | undefined;
  #durable: FoldedLog | undefined;
  #row: SessionSummary | undefined;
  #digest: SessionDigest | undefined;
  #ended = new AbortController();
  readonly #readers = new Set<Wakeup>();
  #status: KnownSessionStatus;
  #lastIndex: number;
  #onIdle: (() => void) | undefined;

  constructor(
    record: SessionRecord,
    status: KnownSessionStatus,
    lastIndex: number,
    labels: SessionLabels = NO_LABELS,
  ) {
    this.record = record;
    this.labels = labels;
    this.draftLabels = labels;
    this.#status = status;
    this.#lastIndex = lastIndex;
  }

  get sessionId(): string {
    return this.record.sessionId;
  }

  /** The status after the newest durable event. */
  get status(): KnownSessionStatus {
    return this.#status;
  }

  /** Index of the newest durable event. */
  get lastIndex(): number {
    return this.#lastIndex;
  }

  get hasEnded(): boolean {
    return isTerminalStatus(this.#status);
  }

  get hasReaders(): boolean {
    return this.#readers.size > 0;
  }

  /** Aborted at the terminal event, and when this process releases the session. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** The fold of the durable log; undefined when it has not been read yet. */
  get durable(): FoldedLog | undefined {
    return this.#durable;
  }

  /** Its row without labels; undefined when its log has not been read yet. */
  get row(): SessionSummary | undefined {
    return this.#durable?.row ?? this.#row;
  }

  /** What its status shows; undefined when its log has not been read yet. */
  get digest(): SessionDigest | undefined {
    return this.#durable === undefined ? this.#digest : digestOf(this.#durable.state);
  }

  /** Sets the fold of the durable log. */
  load(fold: FoldedLog): void {
    this.#durable = fold;
    this.draft = fold;
    this.#status = fold.state.status;
    this.#lastIndex = fold.state.lastIndex;
  }

  /** Keeps the small part of the fold of the durable log. */
  summarize({ row, state }: FoldedLog): void {
    this.#row = row;
    this.#digest = digestOf(state);
  }

  /** Drops the fold of a session that nothing runs; it can be read again. */
  unload(): void {
    if (this.#durable !== undefined) this.summarize(this.#durable);
    this.#durable = undefined;
    this.draft = undefined;
  }

  /** Makes durable events visible, and wakes the readers. */
  advance(fold: FoldedLog): void {
    this.#durable = fold;
    this.#status = fold.state.status;
    this.#lastIndex = fold.state.lastIndex;
    if (this.hasEnded) this.release();
    else for (const reader of this.#readers) reader.wake();
  }

  /** Stops running the session in this process, and drops the credential. */
  release(): void {
    this.accessToken = undefined;
    this.runner = undefined;
    this.#ended.abort();
    for (const reader of this.#readers) reader.wake();
  }

  /** Makes events visible that another process has written. Called only while no write is in progress here. */
  follow(fold: FoldedLog): void {
    this.draft = fold;
    this.advance(fold);
  }

  /** Shows what the store has, of a session whose log was not read here. */
  observe(status: KnownSessionStatus, lastIndex: number): void {
    this.#status = status;
    this.#lastIndex = lastIndex;
    this.#row = undefined;
    this.#digest = undefined;
    if (this.hasEnded) this.release();
    else for (const reader of this.#readers) reader.wake();
  }

  /** Takes labels from the store, unless others are being written. */
  relabel(labels: SessionLabels): void {
    if (this.draftLabels !== this.labels) return;
    this.labels = labels;
    this.draftLabels = labels;
  }

  /** Stops running the session in this process, which follows it from now on, and may run it again. */
  letGo(): void {
    this.accessToken = undefined;
    this.runner = undefined;
    this.ownership = undefined;
    this.#ended.abort();
    this.#ended = new AbortController();
  }

  /** Adds a reader, which is woken whenever the log has grown. */
  watch(wakeup: Wakeup): void {
    this.#readers.add(wakeup);
  }

  unwatch(wakeup: Wakeup): void {
    this.#readers.delete(wakeup);
    if (this.#readers.size === 0) this.#onIdle?.();
  }

  /** Calls back once, when the last reader leaves. */
  onceIdle(callback: () => void): void {
    this.#onIdle = callback;
  }
}
