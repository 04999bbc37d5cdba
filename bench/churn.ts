import { BenchServer, figure, times, untilText } from './support.js';

/** L4: sessions that come and go. */
export async function churn(sessions = 5000): Promise<void> {
  const server = await BenchServer.start({ tombstoneMs: 0, receiptMs: 0, sweepMs: 200 });
  const once = async (): Promise<void> => {
    const id = await server.create('ask-text', { prompt: 'Well?' });
    const socket = await server.connect(`/${id}?protocol=1`);
    await untilText(socket, '"replayComplete"');
    const done = untilText(socket, 'event: done');
    await (await fetch(`${server.base}/${id}`, { method: 'DELETE' })).text();
    await done;
    socket.destroy();
  };
  try {
    await times(1000, once);
    const before = await server.stats('gc');
    const start = performance.now();
    await times(sessions, once);
    const minutes = (performance.now() - start) / 60_000;
    const after = await server.stats('gc');
    figure('sessions created, watched, deleted', sessions);
    figure('per minute', sessions / minutes);
    figure('heap before', before.heapUsed / 1024, 'KiB');
    figure('heap grown per session', (after.heapUsed - before.heapUsed) / sessions, 'bytes');
  } finally {
    await server.stop();
  }
}
