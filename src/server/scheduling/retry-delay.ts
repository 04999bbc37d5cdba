/** The shortest and the longest delay before another attempt, in milliseconds. */
export interface RetryDelays {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * The delay before another attempt after `failures` (from 1) failed ones, in milliseconds: doubled with each,
 * and spread over its upper half, so that those who failed together do not try again together.
 */
export function retryDelayMs(failures: number, { minMs, maxMs }: RetryDelays): number {
  const delayMs = Math.min(maxMs, minMs * 2 ** (failures - 1));
  return delayMs * (0.5 + Math.random() / 2);
}
