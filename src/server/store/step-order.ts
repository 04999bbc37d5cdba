import type { SessionWrite, Unwritten, WriteOutcome } from './session-store.js';

/**
 * The order of the steps of one commit: when a step is not written, the later ones of its session are not written
 * either, because they build on it.
 */
export class StepOrder {
  readonly #unwritten = new Set<string>();

  /** The outcome of a step that must not be tried; undefined when it may be. */
  skipped(write: SessionWrite): Unwritten | undefined {
    return this.#unwritten.has(sessionIdOf(write)) ? { kind: 'moved' } : undefined;
  }

  /** Notes the outcome of a step. */
  note(write: SessionWrite, { kind }: WriteOutcome): void {
    if (kind !== 'written') this.#unwritten.add(sessionIdOf(write));
  }
}

/** The session that a step writes. */
export function sessionIdOf(write: SessionWrite): string {
  if (write.kind === 'seen') return write.ownership.sessionId;
  return write.kind === 'claim' || write.kind === 'erase' ? write.sessionId : write.record.sessionId;
}
