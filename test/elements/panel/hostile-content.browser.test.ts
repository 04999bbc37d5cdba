import { expect } from '@open-wc/testing';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import { recordsFailedRequests } from '../../support/in-chromium.js';
import { HOSTILE_ORIGIN, HOSTILE_TEXTS } from '../../support/hostile-content.js';
import { all, box, emptyPage, mountPanel, one, settled, textOf, until } from '../../support/elements/page.js';
import { fakeSessions, load, open, row } from '../../support/elements/sample.js';

const probes = globalThis as { hacked?: unknown };

// The modules of a test may fill the buffer, which would then record no further requests.
performance.setResourceTimingBufferSize(100_000);

/** Returns the requests to the hostile server since the page was opened. */
function hostileRequests(): readonly string[] {
  return performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((name) => name.startsWith(HOSTILE_ORIGIN));
}

/** URL of an image that fails to load, as everything from the hostile server does. */
const CONTROL_URL = 'https://control.invalid/pixel.png';

/**
 * Resolves when everything started earlier has happened. Handlers and loads run in their own tasks; so do
 * those of a frame and an image that are started last, whose events this awaits.
 */
async function passed(number: number): Promise<void> {
  const parent = box();
  const frame = document.createElement('iframe');
  frame.srcdoc = 'control';
  await heard(frame, 'load', () => parent.append(frame));
  const image = new Image();
  const url = `${CONTROL_URL}?${number}`;
  await heard(image, 'error', () => {
    image.src = url;
  });
  if (recordsFailedRequests) await until(() => performance.getEntriesByName(url).length > 0);
}

function heard(target: EventTarget, type: string, act: () => void): Promise<void> {
  return new Promise((resolve) => {
    target.addEventListener(type, () => resolve(), { once: true });
    act();
  });
}

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}

/** Returns the events of a session in which every text that can come from a run is the hostile one. */
function hostileEvents(text: string): GraphRunEventBody[] {
  const content = { role: text, parts: [{ text }, { text, thought: true }] };
  const file = (mimeType: string) => ({ inlineData: { mimeType, data: base64(text), title: text } });
  const agent = (event: object): GraphRunEventBody => ({
    type: 'agentEvent',
    nodeId: 'a',
    event: event as never,
  });
  const asks = (interactionId: string, suspendEvent: object): GraphRunEventBody => ({
    type: 'inputRequired',
    nodeId: 'a',
    interactionId,
    suspendEvent: suspendEvent as never,
  });
  const choices = [
    { id: text, label: text },
    { id: 'b', content },
  ];
  return [
    {
      type: 'graphStart',
      sessionId: 'h',
      graph: {
        title: text,
        nodes: ['a', 'b', 'c', text].map((id) => ({ id, type: text, title: text })),
        edges: [{ from: text, to: 'b' }],
      },
    },
    { type: 'nodeStart', nodeId: 'a' },
    { type: 'thoughtEvent', nodeId: 'a', text },
    { type: 'thoughtEvent', nodeId: 'a', text: `second ${text}` },
    agent({ functionCall: { callId: text, name: text, title: text, args: { [text]: text } } }),
    agent({ functionCallUpdate: { callId: text, status: text } }),
    agent({ functionResult: { callId: text, content: { [text]: text } } }),
    agent({ content: { content } }),
    agent({ error: { message: text } }),
    agent({ [text]: { [text]: text } }),
    { type: 'unknown', wireType: text, wire: { type: text, [text]: text } } as unknown as GraphRunEventBody,
    asks('answered', { waitForInput: { prompt: content } }),
    {
      type: 'inputResolved',
      nodeId: 'a',
      interactionId: 'answered',
      by: 'response',
      response: { input: content },
    },
    { type: 'nodeStart', nodeId: 'b' },
    {
      type: 'nodeEnd',
      nodeId: 'b',
      outputs: {
        [text]: content,
        json: { [text]: [text] },
        files: {
          parts: [
            ...['text/html', 'text/markdown', 'text/plain', 'application/json', 'image/svg+xml', text].map(
              file,
            ),
            { storedData: { handle: text, mimeType: 'image/png' } },
            { storedData: { handle: text, mimeType: text } },
            { fileData: { fileUri: text, mimeType: 'application/pdf' } },
            { functionCall: { name: text, args: { [text]: text } } },
            { functionResponse: { name: text, response: text } },
            { executableCode: { language: text, code: text } },
            { codeExecutionResult: { outcome: text, output: text } },
            { [text]: text },
          ],
        },
      },
    } as GraphRunEventBody,
    { type: 'nodeStart', nodeId: 'c' },
    { type: 'nodeError', nodeId: 'c', error: text },
    { type: 'nodeSkipped', nodeId: text, causedBy: text },
    asks('text', { waitForInput: { prompt: content, skipLabel: text } }),
    asks('choice', { waitForChoice: { prompt: content, choices, noneOfTheAboveLabel: text } }),
    asks('consent', { queryConsent: { consentType: text, scope: { [text]: text } } }),
    asks('form', {
      inputNode: {
        schema: {
          type: 'object',
          title: text,
          description: text,
          properties: { [text]: { type: 'string', title: text, description: text, enum: [text, 'b'] } },
        },
      },
    }),
    asks('unknown', { [text]: { prompt: content, [text]: text } }),
  ];
}

describe('hostile content, wherever a run is shown', () => {
  afterEach(() => {
    emptyPage();
    localStorage.clear();
  });

  for (const [number, text] of HOSTILE_TEXTS.entries()) {
    it(`runs no code and sends no request: text ${number}`, async () => {
      delete probes.hacked;
      const violations: string[] = [];
      const onViolation = (event: SecurityPolicyViolationEvent) => violations.push(event.blockedURI);
      document.addEventListener('securitypolicyviolation', onViolation);
      const href = location.href;
      const sessions = fakeSessions();
      const { panel } = await mountPanel({ sessions, width: 1100, height: 900 });
      panel.resolveHandle = (handle) => handle;
      load(sessions.history, [
        row('h', {
          status: 'suspended',
          title: text,
          input: text,
          output: text,
          error: text,
          question: text,
          currentNode: text,
        }),
        row('status', { status: text, title: text, error: text }),
        row('failed', { status: 'failed', title: text, error: text }),
      ]);
      open(sessions, 'h', hostileEvents(text));
      await settled(panel);
      for (const tab of all(panel, '.tab[id^=tab-]')) {
        tab.click();
        await settled(panel);
        for (const details of all<HTMLDetailsElement>(panel, 'details')) details.open = true;
        await settled(panel);
        for (const block of all(panel, 'sessions-panel-output')) {
          block.dispatchEvent(new PointerEvent('pointerenter'));
        }
        await settled(panel);
        for (const toggle of all(panel, '[part=text-source]')) toggle.click();
        all(panel, '[role=option]').at(-1)?.click();
        await settled(panel);
        expectNothingHostile(panel);
      }
      const first = one(panel, '#tab-activity');
      first.click();
      await settled(panel);
      // The texts are shown as plain text.
      const word = /[a-zA-Z]{4,}/.exec(text)?.[0] ?? '';
      expect(textOf(one(panel, 'sessions-panel-view'))).to.contain(word);
      await passed(number);
      document.removeEventListener('securitypolicyviolation', onViolation);
      expect(probes.hacked, 'script ran').to.equal(undefined);
      expect(({} as { hacked?: unknown }).hacked, 'prototype changed').to.equal(undefined);
      expect(location.href).to.equal(href);
      expect(hostileRequests()).to.deep.equal([]);
      expect(violations).to.deep.equal([]);
    });
  }
});

/** Asserts that no text created an active element, and that frames have no permissions. */
function expectNothingHostile(panel: Element): void {
  expect(all(panel, 'script, object, embed, link, base, meta, form[action]')).to.have.length(0);
  for (const element of all(panel, '*')) {
    for (const { name, value } of element.attributes) {
      expect(name, 'a handler').not.to.match(/^on/);
      if (name === 'href' || name === 'src') {
        expect(value).not.to.match(/^\s*(javascript|vbscript|data:text)/i);
      }
    }
  }
  for (const image of all<HTMLImageElement>(panel, 'img')) {
    expect(image.src).to.match(/^(data:image\/|blob:|http:\/\/localhost)/);
  }
  for (const frame of all<HTMLIFrameElement>(panel, 'iframe')) {
    expect(frame.getAttribute('sandbox')).to.equal('');
    expect(frame.srcdoc).to.match(/^<meta http-equiv="Content-Security-Policy"/);
  }
}
