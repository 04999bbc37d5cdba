/** `npm run test:faults`: everything that takes minutes. `npm test` takes samples of it. */
export const IS_EXHAUSTIVE = process.env['npm_lifecycle_event'] === 'test:faults';

/** How many random sequences of faults to try; the variable `FAULT_RUNS` says otherwise. */
export const FAULT_RUNS = Number(process.env['FAULT_RUNS'] ?? (IS_EXHAUSTIVE ? 10_000 : 300));
