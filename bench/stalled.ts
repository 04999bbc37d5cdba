import { BenchServer, figure, MIB, quantile, sleep, times } from './support.js';

/** L1: readers that never read, and one that reads. */
export async function stalled(readers = 1000, seconds = 60): Promise<void> {
  const server = await BenchServer.start({ streamsPerSession: 1e6 });
  try {
    const id = await server.create('flood', { events: 1000 * (seconds + 30), bytes: 1000, perSecond: 1000 });
    const latencies: number[] = [];
    const live = await server.connect(`/${id}?protocol=1`);
    live.on('data', (data: Buffer) => {
      const now = Date.now();
      for (const [, ts] of data.toString('latin1').matchAll(/"ts":(\d+)\}/g))
        latencies.push(now - Number(ts));
    });
    await sleep(5000);
    const alone = quantile(latencies, 0.99);
    latencies.length = 0;
    const before = await server.stats('gc');
    let destroyed = 0;
    await times(readers, async () => {
      const socket = await server.connect(`/${id}?protocol=1`);
      socket.pause();
      socket.once('close', () => (destroyed += 1));
    });
    let peak = 0;
    for (let second = 0; second < seconds; second += 1) {
      await sleep(1000);
      peak = Math.max(peak, (await server.stats()).rss);
    }
    figure('stalled readers', readers);
    figure('peak RSS, growth per stalled reader', (peak - before.rss) / readers / MIB, 'MiB');
    figure('p99 latency of the live reader, alone', alone, 'ms');
    figure('p99 latency of the live reader, beside them', quantile(latencies, 0.99), 'ms');
    figure('sockets that the server has destroyed', destroyed);
  } finally {
    await server.stop();
  }
}
