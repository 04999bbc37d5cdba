/** The work of one node. */
export interface ScheduledTask {
  readonly sessionId: string;
  readonly nodeId: string;
  readonly nodeType: string;
  /** Does the work. Never rejects: what goes wrong is an event of the session. */
  run(): Promise<void>;
}

/**
 * Decides where and when the work of nodes is done: at once, some at a time, by priority. Every task
 * must be run once; order is free.
 */
export interface TaskScheduler {
  schedule(task: ScheduledTask): void;
}

/** Runs every task at once, in this process. */
export const inProcessScheduler: TaskScheduler = {
  schedule: (task) => queueMicrotask(() => void task.run()),
};
