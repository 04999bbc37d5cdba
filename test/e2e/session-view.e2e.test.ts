import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type * as sourcesModule from '../../src/index.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';
import { HOSTILE_TEXTS } from '../support/hostile-content.js';

type Sources = Pick<typeof sourcesModule, 'createSessions' | 'HttpGraphRunService'>;

const SOURCES = fileURLToPath(new URL('../../src/index.ts', import.meta.url));

describe('the opened session in a real page', () => {
  let browser: DemoBrowser;

  before(async () => {
    browser = await DemoBrowser.start();
  });

  after(() => browser.stop());

  const tab = (page: Page, name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) });

  it('shows a run as activity, timeline and events, and the same view after a reload', () =>
    browser.withPage(async ({ page }) => {
      const demo = new DemoPage(page);
      await demo.selectExample('A failing branch');
      await demo.run();
      await demo.status('Failed');
      await tab(page, 'Timeline').click();
      await demo.panel.getByRole('button', { name: /^Sources: .*Failed/ }).waitFor();
      await tab(page, 'Events').click();
      await demo.panel.getByRole('button', { name: /^Failed \d+$/ }).click();
      const listbox = demo.panel.getByRole('listbox', { name: 'Events, oldest first' });
      await listbox.getByRole('option', { name: /nodeError Sources/ }).click();
      await demo.panel
        .getByRole('region', { name: /as JSON$/ })
        .getByText('503 Service Unavailable')
        .waitFor();
      await page.reload();
      await demo.row(/Failed.*A failing branch/).waitFor();
      await demo.row(/Failed.*A failing branch/).click();
      await page.getByRole('tab', { name: /^Events/, selected: true }).waitFor();
    }));

  it('works under a strict content security policy, and asks nobody but its own server', () =>
    browser.withPage(async ({ page }) => {
      const violations = await watchViolations(page);
      const foreign = await watchForeignRequests(page);
      const response = await page.reload();
      const policy = (await response?.headerValue('content-security-policy')) ?? '';
      assert.match(policy, /default-src 'self'/);
      assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
      const demo = new DemoPage(page);
      await demo.run();
      await demo.answerText('Topic', '**Green** [beans](javascript:alert(1))');
      await demo.answerText('Stanzas', 'Two');
      await demo.answerChoice('Mood', 'Calm');
      await demo.node('Result', 'Completed');
      for (const name of ['Timeline', 'Events', 'Activity']) await tab(page, name).click();
      await demo.panel.locator('iframe').first().waitFor();
      assert.deepEqual(await violations(), []);
      assert.deepEqual(foreign, []);
    }));

  it('lets no page that a run made run script, move the host or ask anybody', () =>
    browser.withPage(async ({ page, allowConsole }) => {
      // The browser tells of what it has refused in the frames.
      allowConsole(
        /Content Security Policy|sandboxed|Refused|Blocked|Not allowed|Failed to load|URL scheme/i,
      );
      const foreign = await watchForeignRequests(page);
      const url = page.url();
      await page.evaluate(showPages, { sources: `/@fs${SOURCES}`, pages: [...HOSTILE_TEXTS] });
      await page.locator('sessions-panel iframe').first().waitFor();
      const frames = page.locator('sessions-panel iframe');
      assert.equal(await frames.count(), HOSTILE_TEXTS.length);
      for (let index = 0; index < HOSTILE_TEXTS.length; index += 1) {
        await frames.nth(index).scrollIntoViewIfNeeded();
      }
      await page.waitForTimeout(500);
      assert.equal(await page.evaluate('window.hacked'), undefined);
      assert.equal(page.url(), url);
      assert.deepEqual(foreign, []);
    }));
});

/** The page with one session, whose output is these pages. Runs in the browser. */
async function showPages({ sources, pages }: { sources: string; pages: readonly string[] }): Promise<void> {
  const { createSessions, HttpGraphRunService } = (await import(sources)) as Sources;
  const { history, run, actions } = createSessions(new HttpGraphRunService({ baseUrl: '/none' }));
  const panel = document.createElement('sessions-panel');
  Object.assign(panel, { history, run, actions });
  document.body.replaceChildren(panel);
  const parts = pages.map((text) => ({
    inlineData: {
      mimeType: 'text/html',
      data: btoa(String.fromCodePoint(...new TextEncoder().encode(text))),
    },
  }));
  run.open('s');
  run.apply(
    [
      { type: 'graphStart', sessionId: 's' } as const,
      { type: 'nodeStart', nodeId: 'a' } as const,
      { type: 'nodeEnd', nodeId: 'a', outputs: { pages: { parts } } } as const,
    ].map((event, index) => ({ kind: 'event', event: { ...event, index, ts: Date.now() } }) as const),
  );
}

/** Collects what the policy of the page refuses, also after a reload. */
async function watchViolations(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.addInitScript(() => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      violations.push(`${violatedDirective} ${blockedURI} ${sample}`);
    });
    Object.assign(globalThis, { violations });
  });
  return () => page.evaluate('window.violations');
}

/** Collects requests to any other server that the browser would have sent; they are not let through. */
async function watchForeignRequests(page: Page): Promise<readonly string[]> {
  const foreign: string[] = [];
  const own = new URL(page.url()).origin;
  await page.context().route(
    (url) => url.origin !== own && /^https?:$/.test(url.protocol),
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  return foreign;
}
