/** `npm run test:faults`: everything that takes minutes. `npm test` runs samples of it. */
export const IS_EXHAUSTIVE = process.env['npm_lifecycle_event'] === 'test:faults';

/** Number of random sequences of faults to try; set by the variable `FAULT_RUNS`. */
export const FAULT_RUNS = Number(process.env['FAULT_RUNS'] ?? (IS_EXHAUSTIVE ? 10_000 : 150));
