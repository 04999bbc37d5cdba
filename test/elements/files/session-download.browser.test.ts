import { expect } from '@open-wc/testing';
import { createSessions } from '../../../src/actions/create-sessions.js';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { openSessionFile } from '../../../src/service/file/open-session-file.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { createGraphRunner } from '../../../src/runner/create-graph-runner.js';
import {
  button,
  chooseFrom,
  emptyPage,
  menuItems,
  mountPanel,
  rows,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { fakeSessions, haikuEvents, load, open, row } from '../../support/elements/sample.js';
import { savedFiles } from '../../support/elements/saved-files.js';
import { untilSignal } from '../../support/signals.js';

const PASSWORD = 'correct horse';
const graph = { title: 'Keys', nodes: [{ id: 'ask', type: 'ask', title: 'Ask' }], edges: [] };

/** A service with one ended session, in which a person gave a password that the node repeated. */
async function endedSession() {
  const schema = { type: 'object', properties: { key: { type: 'string', format: 'password' } } };
  const runner = createGraphRunner({
    handlers: {
      ask: {
        async run({ ask, emit }) {
          const answer = await ask({ inputNode: { schema } });
          await emit({ type: 'thoughtEvent', text: `Got ${JSON.stringify(answer)}` });
          return { context: [{ role: 'model', parts: [{ text: 'Done' }] }] };
        },
      },
    },
  });
  const service = new MemoryGraphRunService({ runner });
  const sessions = createSessions(service);
  sessions.actions.monitor('keys');
  const sessionId = await sessions.actions.start({ graphId: 'keys', graph });
  const [question] = await untilSignal(
    () => sessions.run.interactions,
    (open) => open.length > 0,
  );
  await sessions.actions.answer(question!.interactionId, { kind: 'form', values: { key: PASSWORD } });
  await untilSignal(
    () => sessions.run.status,
    (status) => status === 'completed',
  );
  return { sessions, sessionId };
}

describe('Download…', () => {
  let saved: ReturnType<typeof savedFiles>;
  beforeEach(() => {
    saved = savedFiles();
  });
  afterEach(() => {
    saved.restore();
    emptyPage();
  });

  const eventsOf = async (blob: Blob): Promise<readonly GraphRunEvent[]> =>
    (await openSessionFile(blob)).file.events;

  it('saves the opened session from the log at hand, without its secrets', async () => {
    const { sessions, sessionId } = await endedSession();
    const { panel } = await mountPanel({ sessions: sessions as never, graphId: 'keys' });
    await settled(panel);
    const view = panel.shadowRoot!.querySelector('sessions-panel-view')!;
    await chooseFrom(view, 'Session actions', 'Download…');
    await until(() => saved.files.length > 0, 'the file is saved');
    const { name, blob } = saved.files[0]!;
    expect(name).to.equal(`Keys-${sessionId.replaceAll('-', '').slice(0, 8)}.session.jsonl`);
    const text = await blob.text();
    expect(text).to.contain('•••').and.not.to.contain(PASSWORD);
    const { file } = await openSessionFile(blob);
    expect(file.problem).to.equal(undefined);
    expect(file.header.complete).to.equal(true);
    expect(file.header.graphId).to.equal('keys');
    expect(file.events.length).to.equal(sessions.run.events.length);
  });

  it('fetches a session that is not open, and leaves the opened one as it is', async () => {
    const { sessions, sessionId } = await endedSession();
    const { length } = sessions.run.events;
    sessions.actions.disconnect();
    const { panel } = await mountPanel({ sessions: sessions as never, graphId: 'keys' });
    await settled(panel);
    button(rows(panel)[0]!, 'More actions for “Keys · •••”').click();
    await settled(panel);
    await chooseMenuEntry(panel, 'Download…');
    await until(() => saved.files.length > 0, 'the file is saved');
    expect(sessions.run.sessionId).to.equal(undefined);
    const { file } = await openSessionFile(saved.files[0]!.blob);
    expect(file.header.session.sessionId).to.equal(sessionId);
    expect(file.problem).to.equal(undefined);
    expect(file.events.length).to.equal(length);
  });

  it('saves each of the selected sessions as a file, and says how many could not be read', async () => {
    const { sessions, sessionId } = await endedSession();
    const other = await sessions.actions.start({ graphId: 'keys', graph });
    const gone = { ...sessions.history.getSession(other)!, sessionId: 'gone', createdAt: 1 };
    sessions.history.add(gone);
    const { panel } = await mountPanel({ sessions: sessions as never, graphId: 'keys' });
    await settled(panel);
    for (const item of rows(panel))
      item.querySelector('.main')?.dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }));
    await settled(panel);
    button(panel, 'Download').click();
    await until(() => textOf(panel).includes('Could not download 1 of 3 sessions: '));
    const files = await Promise.all(saved.files.map(async ({ blob }) => (await openSessionFile(blob)).file));
    expect(files.map(({ header }) => header.session.sessionId)).to.have.members([sessionId, other]);
    expect(files.map(({ problem }) => problem)).to.deep.equal([undefined, undefined]);
    expect(sessions.run.sessionId).to.equal(other);
  });

  it('asks the host what to leave out', async () => {
    const { panel, history, run } = await mountPanel();
    load(history, [row('s')]);
    open({ history, run } as never, 's', haikuEvents('s'));
    panel.redact = (event) =>
      event.type === 'thoughtEvent'
        ? undefined
        : event.type === 'nodeEnd'
          ? { ...event, outputs: {} }
          : event;
    await settled(panel);
    const view = panel.shadowRoot!.querySelector('sessions-panel-view')!;
    await chooseFrom(view, 'Session actions', 'Download…');
    await until(() => saved.files.length > 0, 'the file is saved');
    const text = await saved.files[0]!.blob.text();
    expect(text.split('\n', 1)[0]).to.contain('"redacted":true');
    const events = await eventsOf(saved.files[0]!.blob);
    expect(events.length).to.be.greaterThan(3);
    expect(events.some(({ type }) => type === 'thoughtEvent')).to.equal(false);
  });

  it('says why it failed, and does not save half a file', async () => {
    const sessions = fakeSessions();
    Object.assign(sessions.actions, {
      readLog: () => Promise.reject(new GraphRunError('network', 'No connection.')),
    });
    const { panel } = await mountPanel({ sessions });
    load(sessions.history, [row('s')]);
    await settled(panel);
    button(rows(panel)[0]!, 'More actions for “Haiku”').click();
    await settled(panel);
    await chooseMenuEntry(panel, 'Download…');
    await until(() => textOf(panel).includes('Could not download the session:'));
    expect(saved.files.length).to.equal(0);
  });
});

/** Chooses an entry of the menu that is open. */
async function chooseMenuEntry(panel: Element, text: string): Promise<void> {
  const entry = menuItems(panel).find((candidate) => textOf(candidate).startsWith(text));
  if (entry === undefined) throw new Error(`no “${text}”`);
  entry.click();
  await settled(panel);
}
