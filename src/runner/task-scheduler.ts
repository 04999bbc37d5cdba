import { nextTurn } from '../protocol/next-turn.js';

/** A task that runs one node. */
export interface ScheduledTask {
  readonly sessionId: string;
  readonly nodeId: string;
  readonly nodeType: string;
  /** Runs the node. Never rejects: errors become events of the session. */
  run(): Promise<void>;
}

/**
 * Decides where and when nodes run: at once, a few at a time, by priority. It must run every task once, in
 * any order.
 */
export interface TaskScheduler {
  schedule(task: ScheduledTask): void;
}

/** The first steps of a handler and what follows from them in the same turn take about 100 µs. */
const TASKS_PER_TURN = 50;

/**
 * Runs every task in this process, in the order of `schedule`, without a limit on how many run at a time. Starts at
 * most 50 in one turn of the event loop, so that a wide graph does not hold up everything else in the process.
 */
export class InProcessScheduler implements TaskScheduler {
  readonly #waiting = new Set<ScheduledTask>();
  #isStarting = false;

  schedule(task: ScheduledTask): void {
    this.#waiting.add(task);
    if (!this.#isStarting) void this.#start();
  }

  async #start(): Promise<void> {
    this.#isStarting = true;
    // The caller of `schedule` finishes its own work first.
    await Promise.resolve();
    let started = 0;
    // Tasks that are scheduled meanwhile are part of the iteration.
    for (const task of this.#waiting) {
      if (started > 0 && started % TASKS_PER_TURN === 0) await nextTurn();
      started += 1;
      this.#waiting.delete(task);
      void task.run();
    }
    this.#isStarting = false;
  }
}
