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

/** Runs every task at once, in this process. */
export const inProcessScheduler: TaskScheduler = {
  schedule: (task) => queueMicrotask(() => void task.run()),
};
