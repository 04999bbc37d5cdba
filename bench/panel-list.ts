import { PanelPage, tell, type Cost } from './panel-browser.js';
import { figure, times } from './support.js';

const GRAPH = 'bench';

/** L6: a long list whose sessions change all the time, in a real browser. */
export async function list(count = 10_000, perSecond = 1000, seconds = 10): Promise<void> {
  const bench = await PanelPage.open({
    openSessionsPerPrincipal: count,
    sessionsPerGraph: count,
    monitorRows: count,
  });
  const { page } = bench;
  try {
    await times(count, (turn) =>
      bench.create(GRAPH, `${turn % 2 === 0 ? 'Night trains' : 'Green beans'} ${turn}`, 'idle'),
    );
    const loading = await bench.cost(() => bench.monitor(GRAPH, count));
    tell(`first load of ${count} sessions`, loading);

    const changing = async (name: string, prepare: () => Promise<unknown>): Promise<void> => {
      await prepare();
      tellList(name, await bench.cost(() => bench.change(perSecond, seconds)));
    };
    await changing(`${perSecond} changes per second`, async () => {});
    await changing('the same, scrolled to the middle, the pointer on a row', async () => {
      await page.locator('sessions-panel-list .scroller').evaluate((scroller) => {
        scroller.scrollTop = scroller.scrollHeight / 2;
      });
      await page.locator('sessions-panel-list .item').nth(10).hover();
    });
    await page.mouse.move(2, 2);
    await page.locator('sessions-panel-list .scroller').evaluate((scroller) => {
      scroller.scrollTop = 0;
    });
    const search = page.getByRole('searchbox');
    tell('typing into the search', await bench.cost(() => search.pressSequentially('trains')));
    await changing('changes while the search is on (half of the sessions match)', async () => {});
    const chip = page.locator('.chip.asks');
    tell('a status chip is pressed', await bench.cost(() => chip.click()));
    await changing('changes while search and chip are on (each change lets one in or out)', async () => {});
    await changing('the same without the search', () => search.fill(''));
  } finally {
    await bench.close();
  }
}

function tellList(name: string, cost: Cost): void {
  tell(name, cost);
  figure('most rows in the document', cost.mostRows);
  figure('changes that arrived', cost.changes);
  figure('changes per batch', cost.changes / cost.batches);
  figure('updates of the panel per batch', cost.panelUpdates / cost.batches);
  figure('updates of the list per batch', cost.listUpdates / cost.batches);
  figure('updates of the list per batch, at most', cost.mostListUpdates);
  figure('rows rendered per change', cost.rowRenders / cost.changes);
  figure('rows rendered that are off the screen', cost.offScreenRenders);
}
