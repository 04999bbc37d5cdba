import { PanelPage, tell } from './panel-browser.js';
import { figure, sleep } from './support.js';

const GRAPH = 'bench';

/** A log that is replayed: the script that writes it, and its number of events. */
interface Log {
  readonly name: string;
  readonly type: string;
  readonly configuration: object;
  readonly events: number;
}

/** L7: sessions with many events, replayed and browsed in a real browser. */
export async function sessionView(events = 100_000): Promise<void> {
  const script = (name: string, wanted: string, count: number): Log => ({
    name,
    type: 'script',
    configuration: { name: wanted, events: count },
    events: count,
  });
  const bench = await PanelPage.open();
  try {
    await look(bench, script('thoughts, text and calls of 20 nodes', 'mixed', events));
    // Start and end of the node and of the graph.
    const configuration = { events: events - 4, bytes: 200 };
    await look(bench, { name: 'one node that streams text', type: 'flood', configuration, events });
    await look(bench, script('5000 nodes', 'nodes', events));
    await look(bench, script('questions and their answers', 'answered', Math.ceil(events / 5)));
    await look(bench, script('open questions', 'open', Math.ceil(events / 50)));
  } finally {
    await bench.close();
  }
}

async function look(bench: PanelPage, { name, type, configuration, events: count }: Log): Promise<void> {
  const { page } = bench;
  const tab = (title: string) => page.getByRole('tab', { name: title });
  const doing = async (title: string, work: () => Promise<unknown>): Promise<void> => {
    const cost = await bench.cost(async () => {
      await work();
      // The rendering after it counts, too.
      await sleep(500);
    });
    tell(`${name}: ${title}`, cost);
  };
  const replay = async (title: string): Promise<void> => {
    let ms = Number.NaN;
    await doing(`replay, ${title} in front`, async () => {
      ms = await page.evaluate((id) => globalThis.panelBench.replay(id), sessionId);
    });
    figure('complete after', ms / 1000, 's');
  };
  const sessionId = await bench.create(GRAPH, 'Large', type, configuration);
  await written(bench, sessionId, count);
  await page.reload();
  await bench.monitor(GRAPH, 1);
  await replay('Activity');
  await doing('Timeline is opened', () => tab('Timeline').click());
  await replay('Timeline');
  await doing('Events is opened', () => tab('Events').click());
  await replay('Events');
  await doing('the events are scrolled to their end', () =>
    page.evaluate(() => globalThis.panelBench.scrollEvents(10)),
  );
  const events = page.locator('sessions-panel-events');
  await doing('the events are searched', async () => {
    await events.getByRole('searchbox').pressSequentially('77');
    await events.getByText('searching…').waitFor({ state: 'hidden' });
  });
  await doing('Activity is opened', () => tab('Activity').click());
}

/** Waits until the run has written everything. */
async function written({ endpoint }: PanelPage, sessionId: string, count: number): Promise<void> {
  for (;;) {
    const response = await fetch(`${endpoint}/${sessionId}/status`);
    const { status, lastIndex } = (await response.json()) as { status: string; lastIndex: number };
    if (status !== 'running' && lastIndex + 2 >= count) return;
    await sleep(200);
  }
}
