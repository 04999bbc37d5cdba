import { BenchServer, figure, quantile, times, untilText } from './support.js';

const BUCKET_MS = 250;

/** L5: the readers that a shutdown sends to the next process. */
export async function drain(viewers = 5000): Promise<void> {
  const server = await BenchServer.start({ streamsPerSession: 1e6, openSessionsPerPrincipal: 1e6 });
  try {
    const id = await server.create('ask-text', { prompt: 'Well?' });
    const retries: number[] = [];
    const told: number[] = [];
    let start = 0;
    const ends: Promise<void>[] = [];
    await times(viewers, async () => {
      const socket = await server.connect(`/${id}?protocol=1`);
      await untilText(socket, '"replayComplete"');
      let text = '';
      ends.push(
        untilText(socket, '"reason":"drain"', (piece) => (text += piece)).then(() => {
          told.push(performance.now() - start);
          retries.push(Number(/retry: (\d+)\nevent: bye/.exec(text)?.[1]));
        }),
      );
    });
    start = performance.now();
    const closed = server.drain();
    await Promise.all(ends);
    await closed;
    const buckets = new Map<number, number>();
    for (const retry of retries) {
      const bucket = Math.floor(retry / BUCKET_MS);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    }
    const even = viewers / (4500 / BUCKET_MS);
    figure('viewers that were told', told.length);
    figure('the last of them after', Math.max(...told), 'ms');
    figure('earliest return', Math.min(...retries), 'ms');
    figure('median return', quantile(retries, 0.5), 'ms');
    figure('latest return', Math.max(...retries), 'ms');
    figure('busiest quarter of a second, of an even share', Math.max(...buckets.values()) / even, '×');
    figure('closed after', performance.now() - start, 'ms');
  } finally {
    await server.stop();
  }
}
