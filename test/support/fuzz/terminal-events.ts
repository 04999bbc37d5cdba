/** The types of the events that end a log. */
export const TERMINAL_EVENT_TYPES: ReadonlySet<string> = new Set([
  'graphComplete',
  'graphError',
  'graphCancelled',
]);
