import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';
import { readList, type ListReading } from '../../src/conformance/watching.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';

const COUNT = 40;
const LIMIT_MS = 5000;
const WAYS: Readonly<Record<string, (page: Page, url: string) => Promise<unknown>>> = {
  'the tab is closed': (page) => page.close(),
  'the page is loaded again': (page) => page.reload(),
  'another address is opened': (page, url) => page.goto(`${url}html-frame.html`),
};

describe('a page that is left within the time to undo', () => {
  let browser: DemoBrowser;
  before(async () => {
    browser = await DemoBrowser.start();
  });
  after(() => browser.stop());

  /** Ends sessions of the graph that the demo shows first. */
  async function finish(service: HttpGraphRunService, count: number): Promise<void> {
    const graph = { nodes: [{ id: 'ask', type: 'ask-text', configuration: { prompt: 'What?' } }] };
    for (let done = 0; done < count; done += 1) {
      const { sessionId } = await service.createSession({ graphId: 'haiku', graph });
      await service.cancelSession(sessionId);
    }
  }

  for (const [way, leave] of Object.entries(WAYS)) {
    for (const server of ['the server', 'an older server without deletion of many'] as const) {
      it(`deletes all that was confirmed on ${server}: ${way}`, () =>
        browser.withTabs(async ({ context }) => {
          const service = new HttpGraphRunService({
            baseUrl: new URL('/v1beta1/graphSessions', browser.server.url).href,
          });
          await finish(service, COUNT);
          if (server !== 'the server') {
            // Nothing announces the feature to the page.
            await context.addInitScript(() => {
              const { parse } = JSON;
              JSON.parse = (...args) => {
                const value: unknown = parse(...args);
                if (typeof value === 'object' && value !== null) Reflect.deleteProperty(value, 'features');
                return value;
              };
            });
          }
          const page = await context.newPage();
          await page.goto(browser.server.url);
          const { panel, rows } = new DemoPage(page);
          await rows.first().waitFor();
          await panel.getByRole('button', { name: 'More', exact: true }).click();
          await panel.getByRole('menuitem', { name: /^Delete finished/ }).click();
          await panel.getByRole('alertdialog').getByRole('button', { name: 'Delete sessions' }).click();
          await panel.getByText(/Undo/).first().waitFor();
          await leave(page, browser.server.url);
          const isEmpty = ({ isComplete, rows: left }: ListReading) => isComplete && left.size === 0;
          const { rows: left } = await readList(service, 'haiku', isEmpty, AbortSignal.timeout(LIMIT_MS));
          assert.equal(left.size, 0);
        }));
    }
  }
});
