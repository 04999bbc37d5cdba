import { PanelPage } from './panel-browser.js';
import type { Reading } from './panel-page.js';
import { figure, quantile } from './support.js';

const GRAPH = 'bench';

/** L8: the processor time of a replay in the page, compared with the least that reading the same bytes takes. */
export async function floor(events = 100_000, rounds = 5): Promise<void> {
  const bench = await PanelPage.open();
  const { page, endpoint } = bench;
  try {
    const sessionId = await bench.create(GRAPH, 'Bench', 'script', { name: 'mixed', events });
    const read = (reading: Reading) => () =>
      page.evaluate(([name, url, id]) => globalThis.panelBench.read(name, url, id), [
        reading,
        endpoint,
        sessionId,
      ] as const);
    const open = () => bench.monitor(GRAPH, 1);
    const start = async () => {
      await open();
      await page.evaluate(() => globalThis.panelBench.drawn());
    };
    const withPanel = async () => {
      await open();
      await page.evaluate((id) => globalThis.panelBench.replay(id), sessionId);
    };
    const untilDrawn = async () => {
      await withPanel();
      await page.evaluate(() => globalThis.panelBench.drawn());
    };
    // All rounds read the whole log.
    await bench.ended(sessionId);
    // The server, too, is slower the first time.
    await withPanel();
    const ways = {
      floor: read('floor'),
      client: read('client'),
      state: read('state'),
      start,
      panel: withPanel,
      drawn: untilDrawn,
    };
    const times: Record<keyof typeof ways, number[]> = {
      floor: [],
      client: [],
      state: [],
      start: [],
      panel: [],
      drawn: [],
    };
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, way] of entriesOf(ways)) times[name].push(await bench.processorMs(way));
    }
    const floorMs = quantile(times.floor, 0.5);
    for (const [name, ms] of entriesOf(times)) {
      figure(`${name}: processor time, median`, quantile(ms, 0.5), 'ms');
      figure(`${name}: of the floor`, quantile(ms, 0.5) / floorMs);
    }
  } finally {
    await bench.close();
  }
}

function entriesOf<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  return (Object.keys(record) as Key[]).map((key) => [key, record[key]]);
}
