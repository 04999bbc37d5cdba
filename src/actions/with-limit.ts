/** Calls under way at a time: a long list must not flood the server. */
const CONCURRENCY = 4;

/**
 * Does the work of each item, four at a time, in the order of the list; all that is left at once when `leaving` aborts,
 * because the page is about to be closed. Resolves when all of it is done. `work` must not reject.
 */
export async function withLimit<Item>(
  items: readonly Item[],
  leaving: AbortSignal,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const workers = new Set<Promise<void>>();
  const workOff = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  const start = (count: number): void => {
    for (let started = 0; started < count; started += 1) workers.add(workOff());
  };
  const startAll = (): void => start(left.length);
  leaving.addEventListener('abort', startAll);
  start(leaving.aborted ? left.length : Math.min(CONCURRENCY, left.length));
  // A page that is being closed adds workers meanwhile.
  for (const worker of workers) await worker;
  leaving.removeEventListener('abort', startAll);
}
