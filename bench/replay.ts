import { BenchServer, figure, MIB, quantile, sleep, untilText } from './support.js';

/** L2: the replay of a huge log to several viewers at once. */
export async function replay(events = 190_000, viewers = 16): Promise<void> {
  let server = await BenchServer.start();
  try {
    const id = await server.create('flood', { events, bytes: 1250 });
    const status = async (): Promise<{ status: string; lastIndex: number }> =>
      (await (await fetch(`${server.base}/${id}/status`)).json()) as { status: string; lastIndex: number };
    const writing = performance.now();
    while ((await status()).status === 'running') await sleep(500);
    figure('events in the log', (await status()).lastIndex + 1);
    figure('written in', (performance.now() - writing) / 1000, 's');
    // A fresh process, so that the memory for writing does not hide that for reading.
    server = await server.restart();
    const before = await server.stats('gc');
    let peak = before.rss;
    let bytes = 0;
    const latencies: number[] = [];
    const start = performance.now();
    const reading = Promise.all(
      Array.from({ length: viewers }, async () => {
        const socket = await server.connect(`/${id}?protocol=1`);
        await untilText(socket, '"replayComplete"', (text) => (bytes += text.length));
        latencies.push(performance.now() - start);
        socket.destroy();
      }),
    );
    const progress = { isOver: false };
    const over = (): void => {
      progress.isOver = true;
    };
    reading.then(over, over);
    while (!progress.isOver) {
      await sleep(200);
      peak = Math.max(peak, (await server.stats()).rss);
    }
    await reading;
    figure('viewers', viewers);
    figure('sent to all of them', bytes / MIB, 'MiB');
    figure('rate of all together', bytes / MIB / ((performance.now() - start) / 1000), 'MiB/s');
    figure('marker after, median', quantile(latencies, 0.5) / 1000, 's');
    figure('marker after, last', Math.max(...latencies) / 1000, 's');
    figure('RSS before', before.rss / MIB, 'MiB');
    figure('peak RSS, growth', (peak - before.rss) / MIB, 'MiB');
  } finally {
    await server.stop();
  }
}
