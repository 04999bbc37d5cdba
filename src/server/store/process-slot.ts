/** The name of the row in `counters` that has the newest commit of a process; without it, the process writes nothing. */
export function processSlot(processId: number): string {
  return `process ${processId}`;
}
