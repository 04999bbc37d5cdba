import { expect } from '@open-wc/testing';
import { HttpGraphRunService, watch } from '../../../src/index.js';
import type { SessionConnectEvent } from '../../../src/elements/panel/host-events.js';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import '../../../src/define.js';
import { takeConsoleProblems } from '../../support/fail-on-console.js';
import { box, button, emptyPage, one, rows, settled, textOf, until } from '../../support/elements/page.js';

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

  it('fill 480 pixels where the page gives them no height', async () => {
    const place = box();
    place.style.height = 'auto';
    place.innerHTML = '<sessions-panel></sessions-panel>';
    const panel = place.querySelector('sessions-panel')!;
    await settled(panel);
    expect(panel.offsetHeight).to.equal(480);
    expect(one(panel, '.panel').offsetHeight, 'what a person sees of it').to.equal(480);
  });

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
    expect(textOf(one(second!, '[part=view]'))).to.contain('Pick a session to follow it');
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
    expect(textOf(one(panel, '[part=view]'))).to.contain('Pick a session to follow it');
    expect(button(panel, 'More')).not.to.equal(undefined);
  });

  it('let the page start a run, send its token and use its own fetch', async () => {
    const place = box();
    place.innerHTML = `<sessions-panel endpoint="${ENDPOINT}" graph-id="plain-d"></sessions-panel>`;
    const panel = one<SessionsPanel>(place, 'sessions-panel');
    const authorizations = new Set<string | null>();
    panel.getToken = () => 'a-token';
    panel.fetch = (input, init) => {
      authorizations.add(new Headers(init?.headers).get('Authorization'));
      return fetch(input, init);
    };
    const { sessions } = panel;
    const graph = {
      title: 'Quinces',
      nodes: [{ id: 'ask', type: 'ask-text', configuration: { prompt: 'Ripe?' } }],
    };
    await sessions?.actions.start({ graphId: 'plain-d', graph });
    await untilRows(panel, 1);
    expect(textOf(rows(panel)[0]!)).to.contain('Quinces');
    expect(panel.sessions === sessions).to.equal(true);
    expect([...authorizations]).to.deep.equal(['Bearer a-token']);
    expect(sessions?.run.sessionId).to.equal(sessions?.history.sessionIds[0]);
  });

  it('say that graph-id was forgotten, until it is set', async () => {
    const place = box();
    place.innerHTML = `<sessions-panel endpoint="${ENDPOINT}"></sessions-panel>`;
    const panel = one<SessionsPanel>(place, 'sessions-panel');
    await settled(panel);
    expect(textOf(panel)).to.contain('Set graph-id to the id of that graph.');
    panel.graphId = 'plain-e';
    await settled(panel);
    expect(textOf(panel)).not.to.contain('Set graph-id');
  });

  it('say in the console which origin the server has to allow, when it refuses that of the page', async () => {
    const address = 'https://sessions.example/v1beta1/graphSessions';
    const panel = document.createElement('sessions-panel');
    panel.setAttribute('endpoint', address);
    panel.graphId = 'plain-g';
    // All that a browser tells the page when the server does not allow its origin.
    panel.fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    box().append(panel);
    await until(() => textOf(panel).includes('Reconnecting'));
    const problems = takeConsoleProblems();
    expect(problems).to.have.length(1);
    expect(problems[0])
      .to.contain(`no connection to ${address}`)
      .and.to.contain(`allows pages of ${location.origin} (--allow-origin, allowedOrigins)`);
  });

  it('name a wrong address and what it answered, and say in the console what to look at', async () => {
    const place = box();
    place.innerHTML =
      '<sessions-panel endpoint="/nowhere/graphSessions" graph-id="plain-f"></sessions-panel>';
    const panel = one<SessionsPanel>(place, 'sessions-panel');
    const address = `${location.origin}/nowhere/graphSessions`;
    // Without waiting for the delays between the attempts.
    const stop = watch(
      () => panel.sessions?.history.monitor.phase,
      (phase) => phase === 'backoff' && panel.sessions?.actions.retryNow(),
    );
    await new Promise<void>((resolve) => {
      const look = () => {
        if (textOf(panel).includes('Could not load the list')) resolve();
        else requestAnimationFrame(look);
      };
      look();
    });
    stop();
    expect(textOf(panel)).to.contain(`There is no session server at ${address}: it answered 404.`);
    const problems = takeConsoleProblems();
    expect(problems).to.have.length(1);
    expect(problems[0])
      .to.contain(`no connection to ${address}`)
      .and.to.contain(location.origin)
      .and.to.contain('--allow-origin');
  });
});
