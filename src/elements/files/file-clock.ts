import type { SessionFile } from '../../protocol/session-file/session-file.js';
import { Clock } from '../base/clock.js';

/** The clock of a session file. It stands still: nothing in a file counts up. */
export class FileClock extends Clock {
  readonly #nowMs: number;

  constructor(file: SessionFile) {
    super();
    this.#nowMs = lastKnownMs(file);
  }

  /** The time up to which the file knows the run, in milliseconds since 1970. */
  override now(): number {
    return this.#nowMs;
  }

  override read(): void {
    // Nothing changes, so no one needs an update.
  }
}

/** When a whole file was written, or the last event of one that was cut. */
function lastKnownMs({ header, events, problem }: SessionFile): number {
  const lastMs = events.at(-1)?.ts ?? header.session.updatedAt * 1000;
  return problem === undefined ? Math.max(lastMs, header.exportedAt) : lastMs;
}
