/**
 * `npm run screenshots`: takes the pictures of the README from the running demo, with sessions that were
 * really run.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { HttpGraphRunService } from '../src/index.js';
import { haikuGraph } from '../src/runner/examples/example-graphs.js';
import { DemoPage } from '../test/support/demo-page.js';
import { DemoServer } from '../test/support/demo-server.js';
import { browserArguments, findOrInstallBrowser } from './find-browser.mjs';
import { playSession } from './play-session.mjs';
import { root } from './tools.mjs';

/** @typedef {import('../src/index.js').Graph} Graph */

/** Options that stop animations in the pictures. */
const STILL = { reducedMotion: /** @type {const} */ ('reduce') };
const DESKTOP = { ...STILL, viewport: { width: 1280, height: 820 }, deviceScaleFactor: 1.5 };
const PHONE = { ...STILL, viewport: { width: 390, height: 780 }, deviceScaleFactor: 2 };

/** The haiku graph with a failing node. */
const failingGraph = {
  ...haikuGraph,
  nodes: haikuGraph.nodes.map((node) =>
    node.id === 'picture'
      ? { ...node, type: 'fail', configuration: { message: 'The paint shop answered 503' } }
      : node,
  ),
};

const server = await DemoServer.start();
const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
const folder = join(root, 'docs');
mkdirSync(folder, { recursive: true });
try {
  const service = new HttpGraphRunService({ baseUrl: new URL('v1beta1/graphSessions', server.url).href });
  await playSession(service, 'haiku', haikuGraph, ['Autumn leaves', 'Three', 'Melancholy']);
  await playSession(service, 'haiku', failingGraph, ['First snow', 'One', 'Calm']);
  await service.cancelSession(await playSession(service, 'haiku', haikuGraph, ['Monday mornings']));
  await playSession(service, 'haiku', haikuGraph, ['Night trains', 'Two', 'Calm']);
  await playSession(service, 'haiku', haikuGraph, ['The sea', 'Two']);

  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const page = await browser.newPage({ ...DESKTOP, colorScheme });
    await page.goto(server.url);
    const demo = new DemoPage(page);
    await demo.run();
    await demo.answerText('Topic', colorScheme === 'light' ? 'Green beans' : 'Fireflies');
    await demo.answerText('Stanzas', 'Three');
    await demo.question('Mood').getByText('Playful').click();
    await demo
      .row(/Needs input.*Which mood/)
      .first()
      .waitFor();
    await page.screenshot({ path: join(folder, colorScheme === 'light' ? 'session.png' : 'dark.png') });
    if (colorScheme === 'light') {
      await demo.row(/Completed.*Night trains/).click();
      await demo.node('Result', 'Completed');
      await page.mouse.move(0, 0);
      await demo.panel
        .getByRole('heading', { name: /^Picture/ })
        .evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
      // It loads once it is visible.
      await demo.panel.getByRole('img', { name: 'Picture' }).first().waitFor();
      await page.screenshot({ path: join(folder, 'output.png') });
    }
    await page.close();
  }

  const page = await browser.newPage({ ...PHONE, colorScheme: 'light' });
  await page.goto(server.url);
  const demo = new DemoPage(page);
  await demo.rows.first().waitFor();
  await page.screenshot({ path: join(folder, 'list.png') });
  await demo.row(/Needs input.*The sea/).click();
  await demo.question('Mood').waitFor();
  await page.screenshot({ path: join(folder, 'narrow.png') });
} finally {
  await browser.close();
  await server.stop();
}
