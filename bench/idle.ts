import { BenchServer, figure, MIB, sleep, times, untilText } from './support.js';

/** L3: streams with nothing but heartbeats. */
export async function idle(streams = 10_000, seconds = 30): Promise<void> {
  const server = await BenchServer.start({ streams: streams + 1, streamsPerSession: 100, streamAgeMs: 1e9 });
  try {
    const sessions: string[] = [];
    for (let count = 0; count < 40; count += 1) {
      sessions.push(await server.create('ask-text', { prompt: 'Well?' }));
    }
    const before = await server.stats('gc');
    let heartbeats = 0;
    let ended = 0;
    await times(streams, async (turn) => {
      // Half of them sessions, half of them lists.
      const isSession = turn % 2 === 0 && turn / 2 < sessions.length * 100;
      const path = isSession
        ? `/${sessions[(turn / 2) % sessions.length]}?protocol=1`
        : '?graphId=bench&protocol=1';
      const socket = await server.connect(path);
      await untilText(socket, isSession ? '"replayComplete"' : 'snapshotComplete');
      socket.once('close', () => (ended += 1));
      socket.on('data', (data: Buffer) => {
        if (data.includes(': hb')) heartbeats += 1;
      });
    });
    const opened = await server.stats('gc');
    heartbeats = 0;
    await sleep(seconds * 1000);
    const after = await server.stats();
    figure('streams open', streams - ended);
    figure('memory per stream, heap', (opened.heapUsed - before.heapUsed) / streams / 1024, 'KiB');
    figure('memory per stream, RSS', (opened.rss - before.rss) / streams / 1024, 'KiB');
    figure('RSS', opened.rss / MIB, 'MiB');
    figure('heartbeats per second', heartbeats / seconds);
    figure(
      'processor time of the heartbeats, of one core',
      ((after.cpuMs - opened.cpuMs) / seconds / 1000) * 100,
      '%',
    );
  } finally {
    await server.stop();
  }
}
