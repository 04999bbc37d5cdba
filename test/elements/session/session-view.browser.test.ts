import { expect } from '@open-wc/testing';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import type { SessionView } from '../../../src/elements/session/session-view.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import {
  accessibilityProblems,
  all,
  atRest,
  button,
  buttons,
  chooseFrom,
  countUpdates,
  emptyPage,
  focused,
  menuItems,
  mountPanel,
  one,
  press,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { holdTime } from '../../support/fake-time.js';
import { fakeSessions, haikuEvents, live, load, open, push, row } from '../../support/elements/sample.js';

const MOOD_ANSWERED: GraphRunEventBody = {
  type: 'inputResolved',
  nodeId: 'poet',
  interactionId: 'i-mood',
  by: 'response',
  response: { selected: { ids: ['playful'] } },
};

const STREAMED: GraphRunEventBody = {
  type: 'agentEvent',
  nodeId: 'poet',
  event: { content: { content: { role: 'model', parts: [{ text: 'Green beans in a row' }] } } },
};

/** A panel with the haiku session opened. */
async function mountHaiku(
  options: { width?: number; height?: number; events?: readonly GraphRunEventBody[] } = {},
) {
  const sessions = fakeSessions();
  const { panel } = await mountPanel({ ...options, sessions });
  load(sessions.history, [
    row('h', { status: 'suspended', input: 'green beans', createdAt: Date.now() / 1000 - 60 }),
  ]);
  open(sessions, 'h', options.events ?? haikuEvents('h'));
  await settled(panel);
  const view = one(panel, 'sessions-panel-view');
  const node = (title: string) => {
    const found = all(view, 'sessions-panel-node').find((element) => textOf(element).startsWith(title));
    if (found === undefined) throw new Error(`no node “${title}”`);
    return found;
  };
  return { ...sessions, panel, view, node };
}

describe('the opened session', () => {
  afterEach(emptyPage);

  it('has a header', async () => {
    const { view } = await mountHaiku();
    const header = textOf(one(view, 'header'));
    expect(header).to.contain('Haiku · green beans');
    expect(header).to.contain('Needs input');
    expect(header).to.contain('Started');
    expect(header).to.contain('2 of 5 nodes');
    expect(header).to.match(/1\sm/);
  });

  it('shows the last thought, the number of steps and the output of each node', async () => {
    const { node, panel } = await mountHaiku();
    const text = textOf(node('Research'));
    expect(one(node('Research'), 'h4').getAttribute('aria-label')).to.equal('Research: Completed');
    expect(text).to.contain('Looking for seasonal words');
    expect(text).to.contain('3 thoughts, 1 call');
    expect(text).to.contain('Beans climb poles in June');
    expect(text).not.to.contain('Which season');
    all<HTMLDetailsElement>(node('Research'), 'details')[0]!.open = true;
    await settled(panel);
    expect(textOf(node('Research')))
      .to.contain('Which season')
      .and.to.contain('Search “kigo green beans”');
  });

  it('shows each answer once', async () => {
    const { node } = await mountHaiku();
    const text = textOf(node('Topic'));
    expect(text).to.contain('What shall it be about?').and.to.contain('Answered: green beans');
    expect(text.match(/green beans/g)).to.have.length(1);
  });

  it('shows the members of a form one by one, and a skipped form as skipped', async () => {
    const { run, node, panel } = await mountHaiku();
    const form = { type: 'object', properties: { name: {}, address: { type: 'object' } } };
    const answer = (interactionId: string, response: JsonObject): readonly GraphRunEventBody[] => [
      { type: 'inputRequired', nodeId: 'poet', interactionId, suspendEvent: { inputNode: { schema: form } } },
      { type: 'inputResolved', nodeId: 'poet', interactionId, by: 'response', response },
    ];
    live(run, [
      MOOD_ANSWERED,
      ...answer('i-form', { name: 'Ann', address: { city: 'Ulm' }, news: false }),
      ...answer('i-skip', {}),
    ]);
    await settled(panel);
    expect(textOf(node('Poet'))).to.contain('name Ann address › city Ulm news No');
    expect(textOf(node('Poet'))).to.contain('Answered: Skipped');
  });

  it('shows the files of an answer with their names and sizes, once', async () => {
    const { run, node, panel } = await mountHaiku();
    const request = {
      role: 'user',
      parts: [
        { text: 'See these' },
        { inlineData: { mimeType: 'text/plain', data: btoa('from a file'), title: 'notes.txt' } },
        { inlineData: { mimeType: 'text/plain', data: '', title: 'empty.txt' } },
      ],
    };
    live(run, [
      MOOD_ANSWERED,
      {
        type: 'inputRequired',
        nodeId: 'poet',
        interactionId: 'i-files',
        suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'Which?' }] }, inputType: 'asterisk' } },
      },
      {
        type: 'inputResolved',
        nodeId: 'poet',
        interactionId: 'i-files',
        by: 'response',
        response: { request },
      },
      { type: 'nodeEnd', nodeId: 'poet', outputs: { context: request } },
    ]);
    await settled(panel);
    expect(textOf(node('Poet'))).to.match(
      /Answered: [^a-z]+ See these notes\.txt · 11 bytes from a file empty\.txt · 0 bytes/,
    );
    expect(textOf(node('Poet')).match(/from a file/g)).to.have.length(1);
  });

  it('cuts a very long title of a node to two lines, with the whole title as its tooltip', async () => {
    for (const title of [
      'A whole instruction '.repeat(30).trim(),
      'Withoutanyplacetobreakit'.repeat(20),
      'Short',
    ]) {
      const { view } = await mountHaiku({
        events: [
          {
            type: 'graphStart',
            sessionId: 'h',
            graph: { nodes: [{ id: 'n', type: 'x', title }], edges: [] },
          },
          { type: 'nodeStart', nodeId: 'n' },
        ],
      });
      const heading = one(view, 'h4');
      expect(heading.title).to.equal(title);
      expect(heading.clientHeight, title).to.be.within(14, 45);
      expect(heading.scrollWidth, title).to.equal(heading.clientWidth);
      expect(one(one(view, 'sessions-panel-node'), '.time').getBoundingClientRect().right).to.be.at.most(
        one(view, '[part=activity]').getBoundingClientRect().right,
      );
      emptyPage();
    }
  });

  it('has no block for nodes that have not started, only the names of the next ones', async () => {
    const { view } = await mountHaiku();
    expect(all(view, 'sessions-panel-node')).to.have.length(3);
    expect(textOf(view)).to.contain('Next: Illustration · then 1 more');
  });

  it('pins open questions, and passes answers on', async () => {
    const { view, actions } = await mountHaiku();
    const question = one(view, 'sessions-panel-question');
    expect(textOf(question)).to.contain('Which mood should it have?');
    (question as unknown as { onAnswer: (answer: object) => void }).onAnswer({
      kind: 'choice',
      selectedIds: ['calm'],
    });
    expect(actions.calls).to.deep.equal([['answer', 'i-mood', { kind: 'choice', selectedIds: ['calm'] }]]);
  });

  it('goes from a waiting node to the card of its question', async () => {
    const { view, node } = await mountHaiku();
    button(node('Poet'), 'Answer Poet').click();
    await until(
      () => view.shadowRoot?.activeElement?.localName === 'sessions-panel-question',
      'a card has the focus',
    );
    expect([...buttons(node('Research')).keys()].some((name) => name.startsWith('Answer'))).to.equal(false);
  });

  it('shows streamed content while a node runs, and only its output afterwards', async () => {
    const { view, run, node, panel } = await mountHaiku();
    live(run, [
      MOOD_ANSWERED,
      STREAMED,
      {
        type: 'agentEvent',
        nodeId: 'poet',
        event: { functionCall: { callId: 'c9', name: 'count', title: 'Count syllables', args: {} } },
      },
      {
        type: 'agentEvent',
        nodeId: 'poet',
        event: { functionCallUpdate: { callId: 'c9', status: 'line 2 of 3' } },
      },
    ]);
    await settled(panel);
    expect(all(view, 'sessions-panel-question')).to.have.length(0);
    expect(textOf(node('Poet'))).to.contain('Answered: Playful');
    expect(textOf(node('Poet'))).to.contain('Green beans in a row');
    expect(textOf(node('Poet'))).to.contain('Count syllables line 2 of 3');
    live(run, [
      { type: 'nodeEnd', nodeId: 'poet', outputs: { context: { parts: [{ text: 'The poem.' }] } } },
    ]);
    await settled(panel);
    expect(textOf(node('Poet')))
      .to.contain('The poem.')
      .and.not.to.contain('Green beans in a row');
  });

  it('shows errors, retries and why nodes were skipped', async () => {
    const { run, node, panel } = await mountHaiku();
    live(run, [
      MOOD_ANSWERED,
      { type: 'nodeRetry', nodeId: 'poet', attempt: 2 },
      { type: 'nodeError', nodeId: 'poet', error: 'The model answered 503.' },
      { type: 'nodeSkipped', nodeId: 'image', causedBy: 'poet' },
      { type: 'graphError', sessionId: 'h', error: 'Poet: The model answered 503.' },
    ]);
    await settled(panel);
    expect(textOf(node('Poet')))
      .to.contain('Attempt 2')
      .and.to.contain('The model answered 503.');
    expect(textOf(node('Illustration'))).to.contain('Skipped: “Poet” failed');
    expect(textOf(one(panel, 'header'))).to.contain('Failed');
  });

  it('renders only the node that streams', async () => {
    const { run, node, panel } = await mountHaiku();
    live(run, [MOOD_ANSWERED]);
    await settled(panel);
    const poet = countUpdates(node('Poet'));
    const research = countUpdates(node('Research'));
    for (let turn = 0; turn < 20; turn += 1) live(run, [STREAMED]);
    await settled(panel);
    expect(research()).to.equal(0);
    expect(poet()).to.be.within(1, 2);
  });

  it('offers its commands', async () => {
    const { view, run, panel, history, actions } = await mountHaiku();
    expect([...buttons(one(view, 'header')).keys()]).to.deep.equal([
      'Haiku · green beans',
      'Cancel run',
      'Look back',
      'Session actions',
      'Close',
      'Copy session ID',
    ]);
    expect(await menuOf(view)).to.deep.equal([
      'Rename… F2',
      'Pin',
      'Copy session ID',
      'Copy as Markdown',
      'Download…',
      'Cancel run…',
      'Delete…',
    ]);
    await chooseFrom(view, 'Session actions', 'Pin');
    expect(actions.calls).to.deep.equal([['setPinned', 'h', true]]);
    live(run, [{ type: 'graphCancelled', sessionId: 'h' }]);
    push(history, row('h', { status: 'cancelled' }));
    await settled(panel);
    expect(buttons(view).has('Cancel run')).to.equal(false);
    button(view, 'Run again').click();
    expect(actions.calls.at(-1)).to.deep.equal(['rerun', 'h']);
    expect(await menuOf(view)).to.deep.equal([
      'Run again',
      'Rename… F2',
      'Pin',
      'Copy session ID',
      'Copy as Markdown',
      'Download…',
      'Delete',
    ]);
    actions.capabilities = { ...actions.capabilities, rename: false, pin: false, rerun: false };
    panel.requestUpdate();
    await settled(panel);
    expect([...buttons(one(view, 'header')).keys()]).to.deep.equal([
      'Look back',
      'Session actions',
      'Close',
      'Copy session ID',
    ]);
    expect(await menuOf(view)).to.deep.equal(['Copy session ID', 'Copy as Markdown', 'Download…', 'Delete']);
  });

  it('is closed with the last button, which leaves the run running', async () => {
    const { view, run, panel, actions } = await mountHaiku();
    const [, , , menu, close] = buttons(one(view, 'header')).values();
    expect(close?.title).to.equal('Close. The run continues.');
    expect(close?.getBoundingClientRect().left).to.be.greaterThan(menu?.getBoundingClientRect().right ?? 0);
    close?.click();
    expect(actions.calls).to.deep.equal([['disconnect']]);
    live(run, [{ type: 'graphCancelled', sessionId: 'h' }]);
    await settled(panel);
    expect(button(view, 'Close').title, 'of an ended run').to.equal('Close');
  });

  it('can be closed while it is being cancelled', async () => {
    const { view, history, panel, actions } = await mountHaiku();
    history.setOperation('h', { kind: 'cancel' });
    await settled(panel);
    expect(textOf(one(view, 'header'))).to.contain('Cancelling…');
    expect(buttons(view).has('Cancel run')).to.equal(false);
    expect(await menuOf(view)).to.deep.equal([
      'Rename… F2',
      'Pin',
      'Copy session ID',
      'Copy as Markdown',
      'Download…',
    ]);
    button(view, 'Close').click();
    expect(actions.calls).to.deep.equal([['disconnect']]);
  });

  it('is renamed with a click on its title, or F2 in its header, and has the focus there again', async () => {
    const { view, panel } = await mountHaiku();
    const title = button(view, 'Haiku · green beans');
    const heading = one(view, 'h3');
    expect(title.parentElement === heading, 'still a heading').to.equal(true);
    for (const ask of [() => title.click(), () => press('F2')]) {
      title.focus();
      ask();
      await settled(panel);
      const dialog = one<HTMLDialogElement>(panel, 'dialog');
      expect(textOf(dialog)).to.contain('Rename session');
      button(dialog, 'Keep title').click();
      await settled(panel);
      expect(focused()?.textContent.trim()).to.equal('Haiku · green beans');
    }
    // No other key of a row: a letter may have been typed for a question that has just left.
    heading.focus();
    for (const key of ['c', 'p', 'r', 'Delete', 'Backspace']) press(key);
    await settled(panel);
    expect(all(panel, 'dialog')).to.have.length(0);
  });

  it('names id and start in the tooltip of its status, for a panel too short for them', async () => {
    const { view } = await mountHaiku();
    expect(one(view, '.badge').title).to.match(/^Paused until someone answers\.\nStarted .+\nSession ID h$/);
  });

  it('has a menu that takes the focus back', async () => {
    const { view, panel } = await mountHaiku();
    const more = button(view, 'Session actions');
    more.focus();
    press('ArrowDown');
    await settled(panel);
    expect(textOf(focused()!)).to.equal('Rename… F2');
    expect(more.getAttribute('aria-expanded')).to.equal('true');
    await atRest(panel);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    press('Escape');
    await settled(panel);
    expect(focused() === more).to.equal(true);
  });
});

/** Opens the menu of the session, and returns its entries. */
async function menuOf(view: Element): Promise<readonly string[]> {
  button(view, 'Session actions').click();
  await settled(view);
  const texts = menuItems(view).map(textOf);
  button(view, 'Session actions').click();
  await settled(view);
  return texts;
}

describe('a failed operation of the opened session', () => {
  afterEach(emptyPage);

  for (const [kind, text] of [
    ['cancel', 'Could not cancel: no'],
    ['delete', 'Could not delete: no'],
    ['rename', 'Could not rename: no'],
    ['pin', 'Could not pin: no'],
  ] as const) {
    it(`is named, and can be tried again: ${kind}`, async () => {
      const { view, history, panel, actions } = await mountHaiku();
      history.setOperation('h', { kind, error: new GraphRunError('refused', 'no') });
      await settled(panel);
      const note = one(view, '[role=alert]');
      expect(textOf(note)).to.equal(`${text} Try again`);
      button(note, 'Try again').click();
      await settled(panel);
      if (kind === 'rename') expect(textOf(one(panel, 'dialog'))).to.contain('Rename session');
      else expect(actions.calls.at(-1)?.[0]).to.equal(kind === 'pin' ? 'setPinned' : kind);
    });
  }
});

describe('connection of the opened session', () => {
  afterEach(emptyPage);

  it('shows the progress of a replay', async () => {
    const { view, run, panel } = await mountHaiku();
    run.open('h');
    run.apply([
      { kind: 'connection', connection: { phase: 'replaying', attempt: 0 } },
      { kind: 'start', replayTotal: 10_000 },
    ]);
    live(run, haikuEvents('h'));
    await settled(panel);
    expect(textOf(view)).to.contain('Replaying 15 of 10,000 events');
    expect(one<HTMLProgressElement>(view, 'progress').value).to.equal(15);
    run.apply([{ kind: 'replayComplete' }]);
    await settled(panel);
    expect(all(view, 'progress')).to.have.length(0);
  });

  it('takes title and status from the list during a replay', async () => {
    const { view, history, run, panel } = await mountHaiku();
    load(history, [row('done', { status: 'completed', input: 'trains', nodesEnded: 5, nodesTotal: 5 })]);
    run.open('done');
    run.apply([{ kind: 'start', replayTotal: 100 }]);
    live(run, haikuEvents('done').slice(0, 3));
    await settled(panel);
    expect(textOf(one(view, 'header')))
      .to.contain('Haiku · trains Completed')
      .and.to.contain('5 of 5 nodes');
  });

  it('shows when it reconnects, and keeps its content', async () => {
    const { view, run, panel, actions } = await mountHaiku();
    run.setConnection({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 2900 });
    await settled(panel);
    expect(textOf(view)).to.match(
      /Lost connection to the server\. The run doesn’t depend on this page\. Showing what arrived until \d+:\d\d:\d\d .*\. Reconnecting in 3 s/,
    );
    expect(textOf(view)).to.contain('Beans climb poles');
    button(view, 'Retry now').click();
    expect(actions.calls).to.deep.equal([['retryNow']]);
  });

  it('says since when a run gives no sign, and offers to delete it, until it gives one', async () => {
    const { view, run, panel, actions } = await mountHaiku();
    const silentSinceMs = new Date().setHours(0, 0, 7, 0);
    run.setConnection({ phase: 'live', attempt: 0, silentSinceMs });
    await settled(panel);
    const note = one(view, '.strip');
    expect(textOf(note)).to.match(
      /No sign of this run since (12|0?0):00:07.*\. It may still be busy, or have ended with its server\./,
    );
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    panel.strings = germanStrings;
    await settled(panel);
    expect(textOf(note)).to.contain('Kein Lebenszeichen dieses Laufs seit');
    button(note, 'Sitzung löschen').click();
    await settled(panel);
    button(one(panel, 'dialog'), 'Sitzung löschen').click();
    await settled(panel);
    expect(actions.calls).to.deep.equal([['delete', run.sessionId]]);
    run.setConnection({ phase: 'live', attempt: 0 });
    await settled(panel);
    expect(textOf(view)).not.to.contain('Lebenszeichen');
  });

  it('leaves the countdown to the list, which waits for the same server, and shows the earlier time', async () => {
    const { history, run, view, panel, actions } = await mountHaiku();
    history.setMonitor({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 6900 });
    run.setConnection({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 2900 });
    await settled(panel);
    expect(textOf(panel).match(/Reconnecting in \d+ s/g)).to.deep.equal(['Reconnecting in 3 s']);
    expect(textOf(one(panel, '.toolbar'))).to.contain('Reconnecting in 3 s');
    expect(textOf(view))
      .to.contain('Lost connection to the server.')
      .and.to.contain('Showing what arrived until');
    expect(all(panel, 'button').filter((element) => textOf(element) === 'Retry now')).to.have.length(1);
    button(panel, 'Retry now').click();
    expect(actions.calls).to.deep.equal([['retryNow']]);
    await atRest(panel);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  for (const [how, parts, events] of [
    [
      'nothing',
      ['.tabs', '.middle', 'sessions-panel-node'],
      haikuEvents('h').filter(({ type }) => type !== 'inputRequired'),
    ],
    // Where the tab is too low, the notice would lie over the question.
    ['neither its tabs nor its question', ['.tabs', '.questions'], haikuEvents('h')],
  ] as const) {
    it(`moves ${how} when the connection is lost, and when it is back`, async () => {
      for (const width of [360, 700, 1400]) {
        const { view, run, panel } = await mountHaiku({ width, events });
        const places = () =>
          parts.map((selector) => Math.round(all(view, selector)[0]?.getBoundingClientRect().top ?? -1));
        // Nodes get their real heights when they come into view.
        await settled(panel);
        await settled(panel);
        const before = places();
        expect(before).not.to.contain(-1);
        run.setConnection({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 2900 });
        await settled(panel);
        expect(textOf(view)).to.contain('Lost connection');
        expect(places(), `${width}`).to.deep.equal(before);
        run.setConnection({ phase: 'live', attempt: 0 });
        await settled(panel);
        expect(places(), `${width}`).to.deep.equal(before);
        emptyPage();
      }
    });
  }

  it('counts no waiting time on that it cannot know, and greys it', async () => {
    const held = holdTime();
    const { run, node, panel } = await mountHaiku();
    const time = () => one(node('Poet'), '.time');
    const colour = () => getComputedStyle(time()).color;
    const known = colour();
    run.setConnection({ phase: 'backoff', attempt: 1 });
    await settled(panel);
    const [text, stale] = [textOf(time()), colour()];
    expect(text).to.match(/^waiting /);
    expect(stale).not.to.equal(known);
    held.advance(60_000);
    await settled(panel);
    expect(textOf(time())).to.equal(text);
    run.setConnection({ phase: 'live', attempt: 0 });
    await settled(panel);
    expect(textOf(time())).not.to.equal(text);
    expect(colour()).to.equal(known);
  });

  it('names the event that does not get through, and its size', async () => {
    const { view, run, panel } = await mountHaiku();
    const error = (members: JsonObject) => new GraphRunError('event-stuck', 'Stuck.', { members });
    run.setConnection({ phase: 'backoff', attempt: 4, error: error({ index: 12, bytes: 3_000_000 }) });
    await settled(panel);
    expect(textOf(view)).to.match(/Event 12 \([\d.]+ MB\) is too large/);
    run.setConnection({ phase: 'backoff', attempt: 5, error: error({ index: 12 }) });
    await settled(panel);
    expect(textOf(view)).to.contain('Event 12 is too large');
  });

  it('does not claim that an ended run continues', async () => {
    const { view, run, panel } = await mountHaiku();
    live(run, [{ type: 'graphCancelled', sessionId: 'h' }]);
    run.setConnection({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 2900 });
    await settled(panel);
    expect(textOf(view)).to.match(
      /Lost connection to the server\. Showing what arrived until .*\. Reconnecting in 3 s/,
    );
    run.setConnection({ phase: 'offline', attempt: 1 });
    await settled(panel);
    expect(textOf(view)).to.contain('Newer activity appears when you’re back.').and.not.to.contain('depend');
  });

  it('invents nothing about a session of which nothing has arrived', async () => {
    const { view, run, panel } = await mountHaiku();
    run.open('unheard-of');
    await settled(panel);
    expect(textOf(one(view, 'header'))).not.to.match(/Running|nodes/);
    expect(textOf(view)).to.contain('Connecting to the session…');
    run.setConnection({ phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 2900 });
    await settled(panel);
    expect(textOf(view)).not.to.contain('Nothing has happened');
    run.setConnection({
      phase: 'failed',
      attempt: 0,
      error: new GraphRunError('session-not-found', 'Gone.'),
    });
    await settled(panel);
    expect(textOf(view)).to.contain('Session no longer exists').and.not.to.contain('Timeline');
  });

  it('shows that it is paused, takes the status from the list, and offers to resume', async () => {
    const { view, run, history, panel, actions } = await mountHaiku();
    const sessionId = run.sessionId ?? '';
    run.setConnection({ phase: 'paused', attempt: 0 });
    load(history, [row(sessionId, { status: 'failed' })]);
    await settled(panel);
    expect(textOf(view)).to.contain('Paused here while you work in another tab.');
    expect(textOf(one(view, 'header'))).to.contain('Failed');
    button(view, 'Resume').click();
    expect(actions.calls).to.deep.equal([['retryNow']]);
  });

  it('shows that it gave up, and offers to try again', async () => {
    const { view, run, panel } = await mountHaiku();
    run.setConnection({ phase: 'failed', attempt: 9, error: new GraphRunError('network', 'No answer.') });
    await settled(panel);
    expect(textOf(view)).to.contain('Couldn’t open this session. Can’t reach the server.');
    expect(buttons(view).has('Try again')).to.equal(true);
  });

  it('shows that the session no longer exists, and offers to close it', async () => {
    const { view, run, panel, actions } = await mountHaiku();
    run.setConnection({ phase: 'failed', attempt: 0, error: new GraphRunError('session-deleted', 'Gone.') });
    await settled(panel);
    expect(textOf(view)).to.contain('Session no longer exists');
    expect(buttons(view).has('Cancel run')).to.equal(false);
    button(view, 'Close').click();
    expect(actions.calls).to.deep.equal([['disconnect']]);
  });

  it('asks to select a session if none is open', async () => {
    const { panel, history } = await mountPanel();
    load(history, [row('a')]);
    await settled(panel);
    expect(textOf(one(panel, 'sessions-panel-view'))).to.contain('No session selected');
  });
});

describe('scrolling of the activity', () => {
  afterEach(emptyPage);

  const longText: GraphRunEventBody = {
    type: 'agentEvent',
    nodeId: 'poet',
    event: { content: { content: { role: 'model', parts: [{ text: 'line\n'.repeat(40) }] } } },
  };

  it('follows the end of a running session', async () => {
    const { view, run, panel } = await mountHaiku({ height: 480 });
    live(run, [MOOD_ANSWERED, longText]);
    await settled(panel);
    const scroller = one(view, '.scroller');
    const fromEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    expect(scroller.scrollTop).to.be.greaterThan(100);
    expect(fromEnd()).to.be.lessThan(2);
    live(run, [longText]);
    await settled(panel);
    expect(fromEnd()).to.be.lessThan(2);
  });

  it('keeps following when one question replaces another', async () => {
    const { view, run, panel } = await mountHaiku({ height: 480 });
    const scroller = one(view, '.scroller');
    live(run, [longText]);
    await settled(panel);
    const ask = (interactionId: string): GraphRunEventBody => ({
      type: 'inputRequired',
      nodeId: 'poet',
      interactionId,
      suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'Another?' }] } } },
    });
    const answer = (interactionId: string): GraphRunEventBody => ({
      type: 'inputResolved',
      nodeId: 'poet',
      interactionId,
      by: 'response',
    });
    live(run, [answer('i-mood'), ask('first')]);
    await settled(panel);
    run.rememberSent('first', {});
    live(run, [answer('first')]);
    await (view as SessionView).updateComplete;
    // Like any code of the host that forces layout before the next card is drawn.
    expect(scroller.clientHeight).to.be.greaterThan(200);
    live(run, [ask('next')]);
    await settled(panel);
    expect(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight).to.be.lessThan(2);
    expect(buttons(view).has('Jump to latest')).to.equal(false);
  });

  it('stays where a person has scrolled, and offers the way back', async () => {
    const { view, run, panel } = await mountHaiku({ height: 480 });
    live(run, [MOOD_ANSWERED, longText]);
    await settled(panel);
    const scroller = one(view, '.scroller');
    scroller.scrollTop = 40;
    await settled(panel);
    live(run, [longText]);
    await settled(panel);
    expect(scroller.scrollTop).to.equal(40);
    button(view, 'Jump to latest').click();
    await settled(panel);
    expect(scroller.scrollTop).to.be.greaterThan(100);
    expect(buttons(view).has('Jump to latest')).to.equal(false);
  });

  it('starts at the top if the session has ended', async () => {
    const { view } = await mountHaiku({
      height: 300,
      events: [...haikuEvents('h'), { type: 'graphCancelled', sessionId: 'h' }],
    });
    expect(one(view, '.scroller').scrollTop).to.equal(0);
    expect(buttons(view).has('Jump to latest')).to.equal(false);
  });
});
