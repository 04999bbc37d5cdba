import { expect } from '@open-wc/testing';
import { createSessions } from '../../../src/actions/create-sessions.js';
import { SCENARIO_GRAPHS } from '../../../src/conformance/scenarios.js';
import { memoryDraftStore } from '../../../src/controller/draft-store.js';
import { ALL_GRAPHS } from '../../../src/protocol/all-graphs.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { createGraphRunner, exampleHandlers } from '../../../src/runner/index.js';
import type { GraphRunService } from '../../../src/service/graph-run-service.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import type { SessionPlace } from '../../../src/index.js';
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
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { haikuEvents, load, open, row } from '../../support/elements/sample.js';

/** A panel on a service of its own, whose attribute names all graphs. */
async function onService(service: GraphRunService, content = '') {
  const sessions = createSessions(service, { drafts: memoryDraftStore() });
  const place = box();
  place.innerHTML = `<sessions-panel graph-id="*" ${content}</sessions-panel>`;
  const panel = one(place, 'sessions-panel') as HTMLElementTagNameMap['sessions-panel'];
  panel.memory = forgetful();
  Object.assign(panel, sessions);
  await settled(panel);
  return { panel, ...sessions };
}

function memoryService(): MemoryGraphRunService {
  return new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
}

describe('a panel of all graphs', () => {
  afterEach(emptyPage);

  it('names the graph in each row: in its title, or in front of what it does; search finds it', async () => {
    const { panel, history } = await mountPanel({ width: 1000 });
    load(
      history,
      [
        row('titled', { graphId: 'haiku', title: 'Haiku', input: 'Beans' }),
        row('renamed', { graphId: 'haiku', title: 'For Ann', graphTitle: 'Haiku', createdAt: 3 }),
        row('untitled', { graphId: 'essay-7', title: '', createdAt: 2, result: 'Steel lines hum' }),
      ],
      ALL_GRAPHS,
    );
    await settled(panel);
    const shown = (at: number) => rows(panel)[at]!;
    const graphOf = (at: number) => all(shown(at), '.graph').map(textOf);
    expect([graphOf(0), graphOf(1), graphOf(2)]).to.deep.equal([[], ['Haiku'], ['essay-7']]);
    expect(textOf(shown(0))).to.contain('Haiku · Beans');
    expect(textOf(one(shown(2), '.detail'))).to.equal('essay-7 Steel lines hum');
    const hints = rows(panel).map((each) => one(each, '.title').title);
    expect(hints[1]).to.equal('For Ann\nGraph: haiku');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);

    history.setFilter({ status: 'all', text: 'essay-7' });
    await settled(panel);
    expect(history.matchingIds).to.deep.equal(['untitled']);
    expect(textOf(one(panel, '.detail mark'))).to.equal('essay-7');
    history.setFilter({ status: 'all', text: 'HAIKU ann' });
    await settled(panel);
    expect(history.matchingIds).to.deep.equal(['renamed']);
    history.setFilter({ status: 'all', text: '' });
    panel.strings = germanStrings;
    await settled(panel);
    expect(one(rows(panel)[1]!, '.title').title).to.equal('For Ann\nGraph „haiku“');
  });

  it('names the graph of the opened session, also of one that is not in the list, and takes none for another graph', async () => {
    const mounted = await mountPanel({ width: 1000 });
    const { panel, history, run } = mounted;
    load(history, [row('h', { graphId: 'haiku', status: 'suspended' })], ALL_GRAPHS);
    open(mounted, 'h', haikuEvents('h'));
    await settled(panel);
    const graph = () => one(panel, '[part=session-meta] .graph');
    expect(textOf(graph())).to.equal('Graph: Haiku');
    expect(graph().title).to.equal('haiku');
    open(mounted, 'elsewhere', haikuEvents('elsewhere'));
    run.apply([{ kind: 'start', replayTotal: 0, graphId: 'essay' }]);
    await settled(panel);
    expect(graph().title).to.equal('essay');
    expect(textOf(panel)).not.to.contain('another graph');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('fits the name of a graph into a narrow row, also a long one', async () => {
    for (const width of [300, 360]) {
      const { panel, history } = await mountPanel({ width });
      const graphTitle = 'A graph with a name that is much longer than any row';
      load(history, [row('a', { graphId: 'g', title: 'For Ann', graphTitle, result: 'Beans' })], ALL_GRAPHS);
      await settled(panel);
      const [shown] = rows(panel);
      const [label, text] = [one(shown!, '.graph'), one(shown!, '.detail .text')];
      expect(label.getBoundingClientRect().width).to.be.within(60, width / 2);
      expect(text.getBoundingClientRect().width).to.be.above(30);
      expect(shown!.scrollWidth).to.equal(shown!.clientWidth);
      emptyPage();
    }
  });

  it('lists, opens and answers the sessions of every graph of the service', async () => {
    const service = memoryService();
    const { panel, run, actions } = await onService(service, '>');
    await service.createSession({ graphId: 'haiku', graph: { ...SCENARIO_GRAPHS.question, title: 'Haiku' } });
    await service.createSession({ graphId: 'essay', graph: { ...SCENARIO_GRAPHS.question, title: 'Essay' } });
    await until(() => rows(panel).length === 2);
    await until(() => textOf(panel).includes('Needs input'));
    one(rows(panel)[1]!, '.main').click();
    await until(() => run.interactions.length === 1);
    await until(() => all(panel, '[part=session-meta] .graph').length === 1);
    expect(one(panel, '[part=session-meta] .graph').title).to.equal('haiku');
    // Everything that waits, of both graphs, in one inbox.
    panel.openInbox();
    await until(() => all(panel, 'sessions-panel-inbox').length === 1 && textOf(panel).includes('1 of 2'));
    expect(all(panel, '.queue .row-title').map(({ title }) => title.split('\n')[1])).to.deep.equal([
      'Graph: haiku',
      'Graph: essay',
    ]);
    actions.dispose();
  });

  it('gives the host the graph of a session in its links and places, and only in a list of all graphs', async () => {
    const copied = copiedTexts();
    const mounted = await mountPanel({ width: 1000 });
    const { panel, history, run } = mounted;
    panel.linkTo = ({ graphId = 'none', sessionId }) => `https://example.test/${graphId}/${sessionId}`;
    const places: (SessionPlace | undefined)[] = [];
    panel.addEventListener('place-change', ({ place }) => places.push(place));
    load(history, [row('h', { graphId: 'haiku' })], ALL_GRAPHS);
    open(mounted, 'h', haikuEvents('h'));
    await settled(panel);
    await chooseFrom(one(panel, 'sessions-panel-view'), 'Session actions', 'Copy link');
    await until(() => copied.texts.length === 1);
    expect(copied.texts).to.deep.equal(['https://example.test/haiku/h']);
    expect(places.at(-1)).to.deep.equal({ sessionId: 'h', graphId: 'haiku' });
    load(history, [row('h')], 'haiku');
    open(mounted, 'h', haikuEvents('h'));
    run.apply([{ kind: 'start', replayTotal: 0, graphId: 'haiku' }]);
    await settled(panel);
    await chooseFrom(one(panel, 'sessions-panel-view'), 'Session actions', 'Copy link');
    await until(() => copied.texts.length === 2);
    expect(copied.texts[1]).to.equal('https://example.test/none/h');
    copied.restore();
  });

  it('says in a sentence that the service lists one graph at a time', async () => {
    const service = memoryService();
    const single: GraphRunService = {
      capabilities: { inlineGraph: true },
      createSession: (...args) => service.createSession(...args),
      connectSession: (...args) => service.connectSession(...args),
      monitorSessions: () => {
        throw new Error('It was asked for the list of a graph “*”.');
      },
      resumeSession: (...args) => service.resumeSession(...args),
      cancelSession: (...args) => service.cancelSession(...args),
      deleteSession: (...args) => service.deleteSession(...args),
    };
    const { panel, actions } = await onService(single, '>');
    expect(textOf(panel)).to.contain(
      'Could not load the list. This server lists the sessions of one graph at a time. Set graph-id to the id of a graph.',
    );
    button(panel, 'Try again').click();
    await settled(panel);
    expect(textOf(panel)).to.contain('one graph at a time');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    panel.strings = germanStrings;
    await settled(panel);
    expect(textOf(panel)).to.contain('nur eines Graphen auf einmal');
    actions.dispose();
  });

  it('has a Run button only with a form that says which graph', async () => {
    const { panel, history, actions } = await onService(memoryService(), 'can-start>');
    await until(() => textOf(panel).includes('No sessions yet'));
    expect(all(panel, '.start')).to.have.length(0);
    panel.innerHTML = `<form slot="start">
      <label>Graph <select name="graphId"><option>haiku</option><option>essay</option></select></label>
    </form>`;
    panel.requestUpdate();
    panel.addEventListener('session-start', (event) => {
      event.request = { ...event.request, graph: SCENARIO_GRAPHS.question };
    });
    await settled(panel);
    one(panel, '.toolbar .start').click();
    await settled(panel);
    const select = panel.querySelector('select');
    select!.value = 'essay';
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    button(one(panel, 'dialog'), 'Run').click();
    await until(() => rows(panel).length === 1);
    expect(history.getSession(history.sessionIds[0]!)?.graphId).to.equal('essay');
    press('Escape');
    actions.dispose();
  });
});
