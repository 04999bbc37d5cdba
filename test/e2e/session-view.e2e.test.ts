import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type * as sourcesModule from '../../src/index.js';
import type { JsonObject } from '../../src/protocol/values/json.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';
import { HOSTILE_ORIGIN, HOSTILE_TEXTS } from '../support/hostile-content.js';

type Sources = Pick<typeof sourcesModule, 'createSessions' | 'HttpGraphRunService'>;

/**
 * A video of some frames, as base64. Recorded once with `MediaRecorder`: a recording made during a test
 * has no frame when the machine is too busy to draw one.
 */
const VIDEO = readFileSync(new URL('../fixtures/short-video.webm', import.meta.url), 'base64');

const SOURCES = fileURLToPath(new URL('../../src/index.ts', import.meta.url));

describe('the opened session in a real page', () => {
  let browser: DemoBrowser;

  before(async () => {
    browser = await DemoBrowser.start({ fromSources: true });
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

  it('works under a strict content security policy, and sends requests only to its own server', () =>
    browser.withPage(async ({ page }) => {
      const violations = await watchViolations(page);
      const foreign = await watchForeignRequests(page);
      const response = await page.reload();
      const policy = (await response?.headerValue('content-security-policy')) ?? '';
      assert.match(policy, /default-src 'self'; style-src 'self';/);
      assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|unsafe-hashes|sha256|nonce|\*/);
      const demo = new DemoPage(page);
      await demo.run();
      await demo.answerText('Topic', '**Green** [beans](javascript:alert(1))');
      await demo.answerText('Stanzas', 'Two');
      await demo.answerChoice('Mood', 'Calm');
      await demo.node('Result', 'Completed');
      for (const name of ['Timeline', 'Events', 'Activity']) await tab(page, name).click();
      // Frames load when they are near: each must be visible before it can be checked for violations.
      const frames = page.locator('sessions-panel iframe');
      // The page that a node wrote, and the same page as the result of the run.
      for (const each of [frames.nth(0), frames.nth(1)]) {
        await each.scrollIntoViewIfNeeded();
        await each.contentFrame().getByRole('heading', { level: 1 }).waitFor();
      }
      assert.equal(await frames.count(), 2);
      const frame = frames.first().contentFrame();
      const heading = frame.getByRole('heading', { level: 1 });
      // The page's own style applies, and its picture is drawn.
      assert.match(await heading.evaluate((element) => getComputedStyle(element).fontFamily), /Georgia/);
      const picture = frame.locator('img').first();
      assert.equal(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth), 480);
      assert.deepEqual(await violations(), []);
      assert.deepEqual(foreign, []);
    }));

  it('shows images, audio and video of a run under that policy, from its data and from blobs', () =>
    browser.withPage(async ({ page }) => {
      const violations = await watchViolations(page);
      await page.reload();
      const media = await page.evaluate(makeMedia, VIDEO);
      const inData = media.map(({ mimeType, data }) => ({ inlineData: { mimeType, data } }));
      const inBlobs = media.map(({ mimeType, url }) => ({ storedData: { mimeType, handle: url } }));
      await page.evaluate(showParts, { sources: `/@fs${SOURCES}`, parts: [...inData, ...inBlobs] });
      for (const place of ['data:', 'blob:']) {
        const image = page.locator(`sessions-panel img[src^="${place}"]`);
        await image.scrollIntoViewIfNeeded();
        await image.evaluate((element: HTMLImageElement) => element.decode());
        for (const kind of ['audio', 'video']) {
          const player = page.locator(`sessions-panel ${kind}[src^="${place}"]`);
          await player.scrollIntoViewIfNeeded();
          const outcome = async (element: HTMLMediaElement) => {
            await new Promise<unknown>((resolve) => {
              element.addEventListener('loadedmetadata', resolve, { once: true });
              element.addEventListener('error', resolve, { once: true });
              // The browser may have loaded or refused it before these listeners were added.
              if (element.readyState > 0 || element.error) resolve(undefined);
            });
            return element.error?.message ?? 'shown';
          };
          assert.equal(await player.evaluate(outcome), 'shown', `${kind} from ${place}`);
        }
      }
      assert.deepEqual(await violations(), []);
    }));

  for (const frameUrl of [undefined, '/html-frame.html']) {
    const name = frameUrl === undefined ? 'a frame of its own' : 'the frame that the host serves';
    it(`lets no page of a run run scripts, navigate the host or send requests, in ${name}`, () =>
      browser.withPage(async ({ page, allowConsole }) => {
        // The browser reports what it has blocked in the frames.
        allowConsole(
          /Content Security Policy|sandboxed|Refused|Blocked|Not allowed|Failed to load|URL scheme/i,
        );
        const foreign = await watchForeignRequests(page);
        const url = page.url();
        // The frames must be safe without a policy of the host.
        await page.route(url, async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, headers: { 'content-type': 'text/html' } });
        });
        assert.equal(await (await page.reload())?.headerValue('content-security-policy'), null);
        const pages = [...HOSTILE_TEXTS, ...HOSTILE_PAGES];
        const parts = pages.map((text) => ({
          inlineData: { mimeType: 'text/html', data: Buffer.from(text).toString('base64') },
        }));
        await page.evaluate(showParts, { sources: `/@fs${SOURCES}`, parts, frameUrl });
        const frames = page.locator('sessions-panel iframe');
        await frames.first().waitFor();
        assert.equal(await frames.count(), pages.length);
        for (let index = 0; index < pages.length; index += 1) {
          const frame = frames.nth(index);
          await frame.scrollIntoViewIfNeeded();
          await frame.contentFrame().locator('html').waitFor({ state: 'attached' });
          if (frameUrl === undefined) continue;
          await frame.click();
          await frame.click({ modifiers: ['Control'] });
          await frame.click({ button: 'middle' });
        }
        await passedInFrames(page);
        assert.deepEqual(foreign.splice(0), [CONTROL_URL]);
        assert.equal(await page.evaluate('window.hacked'), undefined);
        assert.equal(page.url(), url);
        assert.equal(page.context().pages().length, 1);
        assert.equal(await frames.count(), pages.length, 'a frame has left its page');
      }));
  }
});

/** Target of pages that cover their whole frame with one link. */
const AWAY = `href="${HOSTILE_ORIGIN}/away" style="position:fixed;inset:0;display:block"`;

/** Attacks that work in a page but not in a text. */
const HOSTILE_PAGES = [
  `<a ${AWAY}>away</a>`,
  `<a ${AWAY} target="_top" ping="${HOSTILE_ORIGIN}/ping"><b style="position:fixed;inset:0">up</b></a>`,
  `<a ${AWAY} target="_blank">new</a>`,
  `<svg style="position:fixed;inset:0;width:100%;height:100%"><a><rect width="999" height="999"/>
    <set attributeName="href" to="${HOSTILE_ORIGIN}/set"/></a></svg>`,
  `<svg style="position:fixed;inset:0;width:100%;height:100%"><a href="#x"><rect width="999" height="999"/>
    <animate attributeName="href" values="javascript:top.hacked=1"/></a></svg>`,
  `<form action="${HOSTILE_ORIGIN}/form"><input name="attributes"><input name="remove">
    <button style="position:fixed;inset:0">send</button></form>`,
  `<img name="querySelectorAll"><img name="documentElement"><img name="adoptNode"><img name="createTreeWalker">
    <meta http-equiv="refresh" content="0;url=${HOSTILE_ORIGIN}/refresh">
    <base href="${HOSTILE_ORIGIN}/"><img src="relative.png"><img src="data:," onerror="top.hacked=1">`,
  `<frameset onload="top.hacked=1"><frame src="${HOSTILE_ORIGIN}/frame"></frameset>`,
  `<link rel="dns-prefetch" href="${HOSTILE_ORIGIN}"><link rel="prefetch" href="${HOSTILE_ORIGIN}/prefetch">
    <style>body { background: url(${HOSTILE_ORIGIN}/css) } @font-face { font-family: x; src: url(${HOSTILE_ORIGIN}/font) }
    body { font-family: x }</style><body onload="top.hacked=1" background="${HOSTILE_ORIGIN}/background">text`,
  `<p>shadow</p><template shadowrootmode="open"><script>top.hacked=1</script></template>
    <video autoplay poster="${HOSTILE_ORIGIN}/poster"><source src="${HOSTILE_ORIGIN}/video"></video>
    <picture><source srcset="${HOSTILE_ORIGIN}/set.png"><img src="data:,"></picture>
    <noscript><img src="${HOSTILE_ORIGIN}/noscript.png"></noscript>`,
];

/** An image, an audio and a video, each as base64 and as the URL of a blob. Runs in the browser. */
async function makeMedia(video: string): Promise<{ mimeType: string; data: string; url: string }[]> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d')!;
  context.fillRect(0, 0, 30, 30);
  const image = await new Promise<Blob>((resolve) => canvas.toBlob((blob) => resolve(blob!)));
  // A header and one sample: RIFF, PCM, mono, 8000 Hz, 8 bits.
  const header = 'UklGRiUAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQEAAACA';
  const [sound, moving] = [header, video].map((base64) =>
    Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0)!),
  );
  const blobs = [
    image,
    new Blob([sound!], { type: 'audio/wav' }),
    new Blob([moving!], { type: 'video/webm' }),
  ];
  return Promise.all(
    blobs.map(async (blob) => {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return {
        mimeType: blob.type,
        data: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
        url: URL.createObjectURL(blob),
      };
    }),
  );
}

/** Shows one session with the given parts as its output. Runs in the browser. */
async function showParts({
  sources,
  parts,
  frameUrl,
}: {
  sources: string;
  parts: readonly JsonObject[];
  frameUrl?: string | undefined;
}): Promise<void> {
  const { createSessions, HttpGraphRunService } = (await import(sources)) as Sources;
  const { history, run, actions } = createSessions(new HttpGraphRunService({ baseUrl: '/none' }));
  const panel = document.createElement('sessions-panel');
  Object.assign(panel, { history, run, actions, frameUrl });
  panel.resolveHandle = (url) => url;
  document.body.replaceChildren(panel);
  run.open('s');
  run.apply(
    [
      { type: 'graphStart', sessionId: 's' } as const,
      { type: 'nodeStart', nodeId: 'a' } as const,
      { type: 'nodeEnd', nodeId: 'a', outputs: { pages: { parts } } } as const,
    ].map((event, index) => ({ kind: 'event', event: { ...event, index, ts: Date.now() } }) as const),
  );
}

/** Collects the policy violations of the page and its frames, also after a reload. */
async function watchViolations(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.addInitScript(() => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      violations.push(`${violatedDirective} ${blockedURI} ${sample}`);
    });
    Object.assign(globalThis, { violations });
  });
  return async () => {
    const found = page.frames().map((frame) => frame.evaluate<readonly string[]>('window.violations'));
    return (await Promise.all(found)).flat();
  };
}

/** Target of a frame of the test itself. */
const CONTROL_URL = `${HOSTILE_ORIGIN}/control`;

/**
 * Resolves when earlier frames have done their work: a frame that is opened after them, and may navigate, has
 * requested another page.
 */
async function passedInFrames(page: Page): Promise<void> {
  const refused = page.waitForEvent('requestfailed', (request) => request.url() === CONTROL_URL);
  await page.evaluate((url) => {
    const frame = document.createElement('iframe');
    frame.srcdoc = `<meta http-equiv="refresh" content="0;url=${url}">`;
    document.body.append(frame);
  }, CONTROL_URL);
  await refused;
}

/** Collects and blocks all requests to other servers. */
async function watchForeignRequests(page: Page): Promise<string[]> {
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
