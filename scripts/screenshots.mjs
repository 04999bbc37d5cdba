/**
 * `npm run screenshots`: takes the pictures of the README from the running demo, with sessions that were
 * really run.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { HttpGraphRunService } from '../src/index.js';
import { haikuGraph } from '../src/runner/example-graphs.js';
import { DemoPage } from '../test/support/demo-page.js';
import { DemoServer } from '../test/support/demo-server.js';
import { browserArguments, findOrInstallBrowser } from './find-browser.mjs';
import { root } from './tools.mjs';

/** @typedef {import('../src/index.js').Graph} Graph */

/** Nothing is in motion on a picture. */
const STILL = { reducedMotion: /** @type {const} */ ('reduce') };
const DESKTOP = { ...STILL, viewport: { width: 1280, height: 820 }, deviceScaleFactor: 1.5 };
const PHONE = { ...STILL, viewport: { width: 390, height: 780 }, deviceScaleFactor: 2 };

/**
 * Runs the haiku graph and answers its questions, in order, as far as there are answers: the topic, the
 * number of stanzas, the mood.
 *
 * @param {HttpGraphRunService} service
 * @param {readonly string[]} answers
 * @param {Graph} [graph]
 * @returns {Promise<string>} the session, when it has ended or asks what has no answer
 */
async function play(service, answers, graph = haikuGraph) {
  const left = [...answers];
  const { sessionId } = await service.createSession({ graphId: 'haiku', graph });
  for await (const { messages } of service.connectSession(sessionId)) {
    for (const message of messages) {
      if (message.kind !== 'event' || message.event.type !== 'inputRequired') continue;
      const text = left.shift();
      if (text === undefined) return sessionId;
      const { interactionId, suspendEvent } = message.event;
      await service.resumeSession(sessionId, interactionId, responseTo(suspendEvent, text));
    }
  }
  return sessionId;
}

/**
 * @param {import('../src/index.js').JsonObject} suspendEvent
 * @param {string} text
 * @returns {import('../src/index.js').JsonObject}
 */
function responseTo(suspendEvent, text) {
  const content = { role: 'user', parts: [{ text }] };
  if ('inputNode' in suspendEvent) return { request: content };
  if ('waitForInput' in suspendEvent) return { input: content };
  const { choices } = /** @type {{choices: {id: string, content: {parts: {text: string}[]}}[]}} */ (
    /** @type {unknown} */ (suspendEvent['waitForChoice'])
  );
  const ids = choices.filter((choice) => choice.content.parts[0]?.text === text).map(({ id }) => id);
  return { selected: { ids } };
}

/** The haiku graph on a bad day. */
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
  await play(service, ['Autumn leaves', 'Three', 'Melancholy']);
  await play(service, ['First snow', 'One', 'Calm'], failingGraph);
  await service.cancelSession(await play(service, ['Monday mornings']));
  await play(service, ['Night trains', 'Two', 'Calm']);
  await play(service, ['The sea', 'Two']);

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
      await demo.panel.getByRole('img', { name: 'Picture' }).first().waitFor();
      await demo.panel
        .getByRole('heading', { name: /^Picture/ })
        .evaluate((heading) => heading.scrollIntoView({ block: 'start' }));
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
