import { expect } from '@open-wc/testing';
import { createSessions, HttpGraphRunService, type SessionPlace } from '../../../src/index.js';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import '../../../src/define.js';
import { copiedTexts } from '../../support/elements/copied-texts.js';
import {
  accessibilityProblems,
  all,
  box,
  button,
  chooseFrom,
  emptyPage,
  forgetful,
  one,
  rows,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';

const ENDPOINT = '/v1beta1/graphSessions';

function service(): HttpGraphRunService {
  return new HttpGraphRunService({ baseUrl: new URL(ENDPOINT, location.href).href });
}

/** Starts a session of two nodes: one asks for a word, the other waits for it. Returns its id. */
async function start(graphId: string, title: string): Promise<string> {
  const { sessionId } = await service().createSession({
    graphId,
    graph: {
      title,
      nodes: [
        { id: 'ask', type: 'ask-text', configuration: { prompt: `${title}?` }, metadata: { title: 'Ask' } },
        { id: 'result', type: 'output', metadata: { title: 'Result' } },
      ],
      edges: [{ from: 'ask', to: 'result' }],
    },
  });
  return sessionId;
}

/** Adds a panel with these attributes. */
async function mount(attributes: string): Promise<SessionsPanel> {
  const place = box();
  place.innerHTML = `<sessions-panel endpoint="${ENDPOINT}" ${attributes}></sessions-panel>`;
  const panel = one<SessionsPanel>(place, 'sessions-panel');
  panel.memory = forgetful();
  await settled(panel);
  return panel;
}

const viewText = (panel: SessionsPanel): string => textOf(one(panel, '[part=view]'));
const opened = (panel: SessionsPanel): string | undefined => panel.sessions?.run.sessionId;

/** The places that a panel reports from now on. */
function placesOf(panel: SessionsPanel): (SessionPlace | undefined)[] {
  const places: (SessionPlace | undefined)[] = [];
  panel.addEventListener('place-change', ({ place }) => places.push(place));
  return places;
}

describe('a panel that its host steers', () => {
  afterEach(emptyPage);

  it('opens the session of its attribute, another one when it changes, and closes it for an empty one', async () => {
    const [apples, pears] = [await start('steer-a', 'Apples'), await start('steer-a', 'Pears')];
    const panel = await mount(`graph-id="steer-a" session-id="${apples}"`);
    const places = placesOf(panel);
    await until(() => viewText(panel).includes('Apples?'));
    panel.setAttribute('session-id', pears);
    await until(() => viewText(panel).includes('Pears?'));
    // Twice, and while another one loads.
    panel.sessionId = apples;
    panel.sessionId = pears;
    panel.sessionId = apples;
    await until(() => viewText(panel).includes('Apples?'));
    expect(panel.getAttribute('session-id')).to.equal(apples);
    panel.sessionId = '';
    await until(() => viewText(panel).includes('Pick a session to follow it'));
    expect(panel.sessionId).to.equal(undefined);
    expect(panel.hasAttribute('session-id')).to.equal(false);
    panel.sessionId = pears;
    await until(() => viewText(panel).includes('Pears?'));
    panel.removeAttribute('session-id');
    await until(() => viewText(panel).includes('Pick a session to follow it'));
    expect(places).to.deep.equal([]);
  });

  it('names what a person opens, and reports it once', async () => {
    const apples = await start('steer-b', 'Apples');
    const pears = await start('steer-b', 'Pears');
    const panel = await mount('graph-id="steer-b"');
    const places = placesOf(panel);
    await until(() => rows(panel).length === 2);
    one(rows(panel)[1]!, '.main').click();
    await until(() => viewText(panel).includes('Apples?'));
    expect([panel.sessionId, panel.getAttribute('session-id')]).to.deep.equal([apples, apples]);
    one(panel, '#tab-events').click();
    await settled(panel);
    expect([panel.view, panel.getAttribute('view')]).to.deep.equal(['events', 'events']);
    one(rows(panel)[0]!, '.main').click();
    await until(() => panel.sessionId === pears);
    button(panel, 'Close').click();
    await until(() => panel.sessionId === undefined);
    await settled(panel);
    expect(panel.hasAttribute('session-id')).to.equal(false);
    expect(places).to.deep.equal([
      { sessionId: apples },
      { sessionId: apples, view: 'events' },
      { sessionId: pears, view: 'events' },
      undefined,
    ]);
  });

  it('does not loop with a host that writes each place back, and keeps the session when the host has no opinion', async () => {
    const apples = await start('steer-c', 'Apples');
    const panel = await mount('graph-id="steer-c"');
    const places = placesOf(panel);
    const write = (place: SessionPlace | undefined) => {
      panel.sessionId = place?.sessionId;
      panel.view = place?.view;
      panel.nodeId = place?.nodeId;
      panel.eventIndex = place?.eventIndex;
    };
    panel.addEventListener('place-change', ({ place }) => write(place));
    await until(() => rows(panel).length === 1);
    one(rows(panel)[0]!, '.main').click();
    await until(() => viewText(panel).includes('Apples?'));
    one(panel, '#tab-timeline').click();
    await settled(panel);
    // React sets a property that it was given once at each render, also to undefined.
    panel.sessionId = undefined;
    await settled(panel);
    expect(opened(panel)).to.equal(apples);
    expect(panel.sessionId).to.equal(apples);
    expect(places).to.deep.equal([{ sessionId: apples }, { sessionId: apples, view: 'timeline' }]);
  });

  it('opens the session that was set before the element was upgraded, with the state of the host', async () => {
    const apples = await start('steer-d', 'Apples');
    const sessions = createSessions(service());
    const place = box();
    // As the browser creates it in a page whose script comes later.
    const inert = document.implementation.createHTMLDocument('').createElement('sessions-panel');
    Object.assign(inert, { ...sessions, sessionId: apples, view: 'events', memory: forgetful() });
    place.append(inert);
    await settled(place);
    await until(() => viewText(one(place, 'sessions-panel')).includes('graphStart'));
    // The list of the host comes later, and does not close the session.
    sessions.actions.monitor('steer-d');
    await until(() => rows(place).length === 1);
    expect(sessions.run.sessionId).to.equal(apples);
    expect(sessions.history.activeSessionId).to.equal(apples);
    sessions.actions.disconnect();
    await until(() => one(place, 'sessions-panel').getAttribute('session-id') === null);
    sessions.actions.dispose();
  });

  it('opens its session again with other connections, and closes it with another graph', async () => {
    const apples = await start('steer-e', 'Apples');
    const panel = await mount(`graph-id="steer-e" session-id="${apples}"`);
    await until(() => viewText(panel).includes('Apples?'));
    const before = panel.sessions;
    panel.getToken = () => 'a-token';
    await until(() => panel.sessions !== before && viewText(panel).includes('Apples?'));
    const { parentElement } = panel;
    panel.remove();
    await settled(document.body);
    parentElement?.append(panel);
    await until(() => viewText(panel).includes('Apples?'));
    panel.graphId = 'steer-other';
    await until(() => panel.sessionId === undefined);
    expect(panel.hasAttribute('session-id')).to.equal(false);
  });

  it('says that there is no such session, and that a session is of another graph', async () => {
    const other = await start('steer-g', 'Pears');
    const panel = await mount('graph-id="steer-f" session-id="nowhere"');
    await until(() => viewText(panel).includes('Session no longer exists'));
    panel.sessionId = other;
    await until(() => viewText(panel).includes('Pears?'));
    expect(viewText(panel)).to.contain('This session belongs to another graph (“steer-g”)');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('scrolls to the node and to the event that it is given, and says when they are not there', async () => {
    const apples = await start('steer-h', 'Apples');
    const panel = await mount(`graph-id="steer-h" session-id="${apples}" view="timeline" node-id="ask"`);
    await until(() => all(panel, 'button.row[data-node=ask]').length === 1);
    expect(panel.view).to.equal('timeline');
    panel.eventIndex = 1;
    await until(() => all(panel, '[part=event-detail]').length === 1);
    expect(panel.view).to.equal('events');
    expect(one(panel, '.event[aria-selected=true]').dataset['position']).to.equal('1');
    panel.eventIndex = undefined;
    panel.nodeId = '';
    panel.nodeId = 'ask';
    await until(() => all(panel, 'sessions-panel-node[data-target]').length === 1);
    expect(panel.view).to.equal('activity');
    panel.nodeId = 'result';
    await until(() => textOf(panel).includes('“Result” has not started yet.'));
    panel.nodeId = 'elsewhere';
    await until(() => textOf(panel).includes('This session has no node “elsewhere”.'));
    panel.eventIndex = 70;
    await until(() => textOf(panel).includes('This session has no event 70.'));
  });

  it('offers the links of its host in the menus, at nodes and at events; without them, no “Copy link”', async () => {
    const apples = await start('steer-i', 'Apples');
    const panel = await mount(`graph-id="steer-i" session-id="${apples}" event-index="1"`);
    await until(() => all(panel, '[part=event-detail]').length === 1);
    const copied = copiedTexts();
    expect(all(panel, '[aria-label="Copy link"]')).to.have.length(0);
    panel.linkTo = ({ sessionId, nodeId, eventIndex }) =>
      nodeId === 'result' ? undefined : `#${[sessionId, nodeId, eventIndex].filter(String).join('/')}`;
    await settled(panel);
    button(panel, 'Copy link').click();
    await settled(panel);
    await chooseFrom(panel, 'Session actions', 'Copy link');
    expect(textOf(panel)).to.contain('Link copied');
    await chooseFrom(panel, 'More actions for “Apples”', 'Copy link');
    panel.view = 'activity';
    await until(() => all(panel, 'sessions-panel-node').length === 1);
    await settled(panel);
    button(one(panel, 'sessions-panel-node'), 'Copy link').click();
    await settled(panel);
    copied.restore();
    expect(copied.texts).to.deep.equal([`#${apples}//1`, `#${apples}//`, `#${apples}//`, `#${apples}/ask/`]);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });
});

describe('a panel with can-start', () => {
  afterEach(emptyPage);

  const graph = (title: string) => ({
    title,
    nodes: [{ id: 'ask', type: 'ask-text', configuration: { prompt: `${title}?` } }],
  });

  it('starts what the host makes of the request, from the toolbar and from the empty list', async () => {
    const panel = await mount('graph-id="start-a" can-start');
    await until(() => textOf(panel).includes('No sessions yet'));
    expect(all(panel, '.start')).to.have.length(2);
    panel.addEventListener('session-start', (event) => {
      expect(event.request).to.deep.equal({ graphId: 'start-a' });
      expect(event.formData).to.equal(undefined);
      event.request = { ...event.request, graph: graph('Apples') };
    });
    one(panel, 'sessions-panel-list .start').click();
    await until(() => viewText(panel).includes('Apples?'));
    one(panel, '.toolbar .start').click();
    await until(() => rows(panel).length === 2);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('asks with the form of the host first; Enter submits it, and a refusal stays in the dialog', async () => {
    const panel = await mount('graph-id="start-b" can-start');
    panel.innerHTML = `<form slot="start">
      <label>Title <input name="title" required /></label> <label>Note <input name="note" /></label>
    </form>`;
    let isWrong = true;
    panel.addEventListener('session-start', (event) => {
      const title = String(event.formData?.get('title'));
      event.request = isWrong
        ? { graphId: 'start-b', graph: { title, nodes: [] } }
        : { graphId: 'start-b', graph: graph(title) };
    });
    await until(() => textOf(panel).includes('No sessions yet'));
    one(panel, '.toolbar .start').click();
    await settled(panel);
    const dialog = one(panel, 'dialog');
    expect(textOf(dialog)).to.contain('Start a session').and.to.contain('Note');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    const [title] = [...panel.querySelectorAll('input')];
    title!.value = 'Plums';
    const enter = () =>
      title!.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true }),
      );
    enter();
    await until(() => textOf(dialog).includes('Could not start'));
    isWrong = false;
    enter();
    await until(() => viewText(panel).includes('Plums?'));
    expect(all(panel, 'dialog')).to.have.length(0);
    expect(title!.value).to.equal('');
  });

  it('leaves the start to a host that prevents the default, and offers none without the attribute', async () => {
    const panel = await mount('graph-id="start-c" can-start');
    await until(() => textOf(panel).includes('No sessions yet'));
    panel.addEventListener('session-start', (event) => event.preventDefault());
    one(panel, '.toolbar .start').click();
    await settled(panel);
    expect(rows(panel)).to.have.length(0);
    panel.canStart = false;
    await settled(panel);
    expect(all(panel, '.start')).to.have.length(0);
  });
});
