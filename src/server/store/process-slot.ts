/** The name of the row in `counters` that has the newest commit of a process; without it, the process writes nothing. */
export function processSlot(processId: number): string {
  return `process ${processId}`;
}

/** A pattern for `like` that fits the names of all these rows. */
export const ALL_SLOTS = 'process %';
