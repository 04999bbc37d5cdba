import { expect } from '@open-wc/testing';
import { all, emptyPage, mountPanel, settled, textOf } from '../../support/elements/page.js';
import { fakeSessions, load, open, row } from '../../support/elements/sample.js';

const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]/;

describe('names from a run', () => {
  afterEach(emptyPage);

  it('keep their order wherever they are shown', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions, width: 1200, height: 900 });
    const name = 'invoice\u202efdp.exe';
    load(sessions.history, [
      row('h', { title: name, status: 'suspended', question: name }),
      row('b', { title: name, graphTitle: name, status: 'failed', error: name }),
      row('c', { title: name, status: 'running', currentNode: name }),
      row('d', { title: '\u3164', input: name, output: name }),
    ]);
    const graph = {
      title: name,
      nodes: [
        { id: 'a', type: 'x', title: name },
        { id: `b${name}`, type: 'x' },
      ],
      edges: [],
    };
    const data = btoa('x');
    const asks = (interactionId: string, suspendEvent: object) =>
      ({ type: 'inputRequired', nodeId: 'a', interactionId, suspendEvent }) as const;
    open(sessions, 'h', [
      { type: 'graphStart', sessionId: 'h', graph },
      { type: 'nodeStart', nodeId: 'a' },
      {
        type: 'agentEvent',
        nodeId: 'a',
        event: { functionCall: { callId: '1', name, title: name, args: {} } },
      },
      {
        type: 'nodeEnd',
        nodeId: 'a',
        outputs: {
          [name]: {
            parts: [
              ...[
                'application/x-foo',
                'text/plain',
                'image/png',
                'audio/wav',
                'text/html',
                'image/svg+xml',
              ].map((mimeType) => ({ inlineData: { mimeType, data, title: name } })),
              { storedData: { handle: name, mimeType: 'text/plain' } },
              { fileData: { fileUri: `https://a.example/${name}`, mimeType: 'text/plain' } },
              { functionCall: { name, args: {} } },
              { executableCode: { language: name, code: 'x' } },
            ],
          },
          other: { parts: [{ text: 'x' }] },
        },
      },
      { type: 'nodeStart', nodeId: `b${name}` },
      { type: 'agentEvent', nodeId: 'a', event: { [name]: { x: 1 } } },
      asks('q', { queryConsent: { consentType: name, scope: {} } }),
      asks('f', {
        inputNode: {
          schema: {
            type: 'object',
            properties: {
              a: { type: 'string', title: name },
              [name]: { type: 'string', enum: [name, 'b'] },
              c: { type: 'object', title: name, properties: { [name]: { type: 'boolean' } } },
            },
          },
        },
      }),
      asks('c', {
        waitForChoice: {
          prompt: { parts: [{ text: '?' }] },
          choices: [
            { id: 'x', content: { parts: [{ inlineData: { mimeType: 'image/png', data, title: name } }] } },
          ],
        },
      }),
    ] as never);
    await settled(panel);
    for (const tab of all(panel, '[role=tab]')) {
      tab.click();
      await settled(panel);
      expect(textOf(panel)).to.contain('invoicefdp.exe');
      for (const element of all(panel, '*')) {
        for (const attribute of ['title', 'aria-label', 'alt', 'download']) {
          expect(element.getAttribute(attribute) ?? '', attribute).not.to.match(DIRECTION);
        }
        if (element.childElementCount === 0)
          expect(element.textContent, element.outerHTML).not.to.match(DIRECTION);
      }
    }
  });

  it('are replaced when there is nothing to see in them', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions });
    load(
      sessions.history,
      ['\u200b\u200b', '\u2800', '\u00ad', '\u3164'].map((title, number) => row(String(number), { title })),
    );
    await settled(panel);
    const titles = all(panel, '[part~=row-title]').map(textOf);
    expect(titles).to.have.length(4);
    for (const title of titles) expect(title).to.match(/^Session from /);
  });
});
