import { expect } from '@open-wc/testing';
import { HttpGraphRunService } from '../../../src/index.js';
import type { SessionConnectEvent } from '../../../src/elements/panel/host-events.js';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import '../../../src/define.js';
import { box, button, emptyPage, one, rows, settled, textOf } from '../../support/elements/page.js';

const ENDPOINT = '/v1beta1/graphSessions';

/** Resolves when the panel, given only attributes, shows that many sessions. */
async function untilRows(panel: SessionsPanel, count: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => {
      if (rows(panel).length === count) resolve();
      else requestAnimationFrame(look);
    };
    look();
  });
  await settled(panel);
}

/** Starts a session of a graph that asks for a word. */
async function start(graphId: string, title: string): Promise<void> {
  const service = new HttpGraphRunService({ baseUrl: new URL(ENDPOINT, location.href).href });
  await service.createSession({
    graphId,
    graph: {
      title,
      nodes: [{ id: 'ask', type: 'ask-text', configuration: { prompt: `${title}?` } }],
      edges: [],
    },
  });
}

describe('panels in plain HTML, given only attributes', () => {
  afterEach(emptyPage);

  it('show the sessions of two graphs on one page; opening a session in one does not affect the other', async () => {
    await Promise.all([start('plain-a', 'Apples'), start('plain-b', 'Pears')]);
    const place = box();
    place.innerHTML = ['plain-a', 'plain-b']
      .map((id) => `<sessions-panel endpoint="${ENDPOINT}" graph-id="${id}"></sessions-panel>`)
      .join('');
    const [first, second] = [...place.querySelectorAll('sessions-panel')];
    await Promise.all([untilRows(first!, 1), untilRows(second!, 1)]);
    expect(textOf(rows(first!)[0]!))
      .to.contain('Apples')
      .and.not.to.contain('Pears');
    expect(textOf(rows(second!)[0]!))
      .to.contain('Pears')
      .and.not.to.contain('Apples');
    const opened: string[] = [];
    place.addEventListener('session-connect', (event) =>
      opened.push((event as SessionConnectEvent).sessionId),
    );
    one(rows(first!)[0]!, '.main').click();
    await settled(first!);
    expect(opened).to.have.length(1);
    expect(textOf(one(second!, '[part=view]'))).to.contain('No session selected');
  });

  it('do nothing on an event that the host cancels', async () => {
    await start('plain-c', 'Plums');
    const place = box();
    place.innerHTML = `<sessions-panel endpoint="${ENDPOINT}" graph-id="plain-c"></sessions-panel>`;
    const panel = one<SessionsPanel>(place, 'sessions-panel');
    await untilRows(panel, 1);
    panel.addEventListener('session-connect', (event) => event.preventDefault());
    one(rows(panel)[0]!, '.main').click();
    await settled(panel);
    expect(textOf(one(panel, '[part=view]'))).to.contain('No session selected');
    expect(button(panel, 'More')).not.to.equal(undefined);
  });
});
