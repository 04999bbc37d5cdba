/** The requests and inputs of `npm run test:fuzz`, and of the small part of them in `npm test`. */
const ALL_RUNS = 200_000;
const FEW_RUNS = 8000;

const isWhole = process.env['npm_lifecycle_event'] === 'test:fuzz';

/** How many requests and inputs all fuzz tests try together. `FUZZ_RUNS` overrides the default. */
export const FUZZ_RUNS = countFrom('FUZZ_RUNS', isWhole ? ALL_RUNS : FEW_RUNS);

/**
 * The seed of everything random in a fuzz test; the same seed gives the same requests and inputs. `FUZZ_SEED`
 * overrides it. `npm test` always takes the same one: it must not fail by chance on a change that has nothing
 * to do with it. `npm run test:fuzz` draws a new one.
 */
export const FUZZ_SEED = countFrom('FUZZ_SEED', isWhole ? Math.ceil(Math.random() * 1_000_000) : 1);

/** The command that repeats a run. */
export const REPLAY = `FUZZ_SEED=${FUZZ_SEED} FUZZ_RUNS=${FUZZ_RUNS} npm run test:fuzz`;

/** The number of runs of a test that has this share (0 to 1) of all runs; at least 1. */
export function runsOf(share: number): number {
  return Math.max(1, Math.round(FUZZ_RUNS * share));
}

function countFrom(variable: string, fallback: number): number {
  const text = process.env[variable] ?? String(fallback);
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${variable} must be a number above 0, not “${text}”.`);
  return Number(text);
}
