/**
 * `npm run screenshots:parts`: takes the picture of the reference, `docs/parts.png`: the running panel with a box around
 * each part that it shows, and the name of the part on the box.
 */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { HttpGraphRunService } from '../src/index.js';
import { haikuGraph } from '../src/runner/examples/example-graphs.js';
import { DemoPage } from '../test/support/demo-page.js';
import { DemoServer } from '../test/support/demo-server.js';
import { browserArguments, findOrInstallBrowser } from './find-browser.mjs';
import { playSession } from './play-session.mjs';
import { root } from './tools.mjs';

/** The parts that have no room in the picture, or stand exactly on another one. */
const LEFT_OUT = [
  'content',
  'text',
  'view',
  'list',
  'row-actions',
  'row-action',
  'search-input',
  'filter',
  'day',
];

const server = await DemoServer.start();
const browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
try {
  const service = new HttpGraphRunService({ baseUrl: new URL('v1beta1/graphSessions', server.url).href });
  await playSession(service, 'haiku', haikuGraph, ['Autumn leaves', 'Three', 'Melancholy']);
  await service.cancelSession(await playSession(service, 'haiku', haikuGraph, ['Monday mornings']));
  const page = await browser.newPage({
    reducedMotion: 'reduce',
    viewport: { width: 1180, height: 680 },
    deviceScaleFactor: 1.5,
  });
  await page.goto(server.url);
  const demo = new DemoPage(page);
  await demo.run();
  await demo.answerText('Topic', 'Green beans');
  await demo.answerText('Stanzas', 'Three');
  await demo.question('Mood').getByText('Playful').click();
  await page.evaluate(drawParts, LEFT_OUT);
  await page.screenshot({ path: join(root, 'docs/parts.png') });
  console.log('docs/parts.png');
} finally {
  await browser.close();
  await server.stop();
}

/**
 * Runs in the page: leaves only the panel in it, and draws boxes and names over it.
 *
 * @param {readonly string[]} leftOut
 */
async function drawParts(leftOut) {
  const panel = document.querySelector('graph-editor')?.shadowRoot?.querySelector('sessions-panel');
  if (!(panel instanceof HTMLElement)) throw new Error('There is no panel.');
  document.body.replaceChildren(panel);
  panel.style.cssText = 'position:fixed;inset:14px;inline-size:auto;block-size:auto;border:1px solid #ccd';
  for (let frame = 0; frame < 30; frame += 1) await new Promise(requestAnimationFrame);

  /** @type {Map<string, Element>} */
  const elements = new Map();
  const visit = (/** @type {Element | ShadowRoot} */ parent) => {
    for (const child of parent.children) {
      for (const name of child.part) {
        const { width, height } = child.getBoundingClientRect();
        const isLate = /^row-(?!active)/.test(name);
        const isDrawn = width > 0 && height > 0 && child.checkVisibility({ visibilityProperty: true });
        if (isDrawn && !leftOut.includes(name) && (isLate || !elements.has(name))) elements.set(name, child);
      }
      if (child.shadowRoot !== null) visit(child.shadowRoot);
      visit(child);
    }
  };
  if (panel.shadowRoot !== null) visit(panel.shadowRoot);

  /** @type {DOMRect[]} */
  const taken = [];
  const hits = (/** @type {DOMRect} */ one) =>
    taken.some(
      (other) =>
        one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom,
    );
  for (const [at, [name, element]] of [...elements].entries()) {
    const hue = (at * 47) % 360;
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    if (bottom > innerHeight || right > innerWidth + 1) continue;
    const box = document.createElement('div');
    box.style.cssText = `position:fixed;left:${left}px;top:${top}px;width:${width}px;height:${height}px;outline:1.5px solid hsl(${hue} 75% 40%);outline-offset:-1px;border-radius:3px`;
    const label = document.createElement('div');
    label.textContent = name;
    label.style.cssText = `position:fixed;font:600 10px/13px ui-monospace,monospace;padding:0 3px;border-radius:3px;background:hsl(${hue} 75% 32%);color:#fff`;
    document.body.append(box, label);
    const size = label.getBoundingClientRect();
    const places = [];
    for (const y of [top - 13, bottom, top - 7, bottom - 6]) {
      for (const x of [right - size.width, left, left + width / 2 - size.width / 2]) places.push([x, y]);
    }
    for (let step = 1; step < 40; step += 1)
      places.push([left, bottom - 6 + step * 7], [right - size.width, top - 7 - step * 7]);
    const place = places.find(([x = 0, y = 0]) => {
      const inside = x >= 0 && y >= 0 && x + size.width <= innerWidth && y + size.height <= innerHeight;
      return inside && !hits(new DOMRect(x, y, size.width, size.height));
    });
    const [x = left, y = top] = place ?? [];
    label.style.left = `${x}px`;
    label.style.top = `${y}px`;
    taken.push(new DOMRect(x, y, size.width, size.height));
  }
}
