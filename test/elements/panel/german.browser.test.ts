import { expect } from '@open-wc/testing';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { sentence } from '../../../src/protocol/sentences.js';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import {
  all,
  button,
  emptyPage,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { fakeSessions, haikuEvents, load, open, row } from '../../support/elements/sample.js';

const NOW = Date.now() / 1000;
const DAY = 24 * 60 * 60;

/** Words that occur in nearly every English text, and are not German words. */
const ENGLISH =
  /\b(the|it|is|of|or|and|to|your|this|no|not|all|now|ago|today|yesterday|started|last|sessions?|runs?|running|needs|input|completed|failed|cancel|cancelled|search|clear|delete|deleted|undo|rename|pin|pinned|keep|keyboard|more|close|open|questions?|answer|send|copy|events?|activity|timeline|nodes?|list|finished)\b/i;

const SAMPLES = [
  row('w', { status: 'suspended', title: 'Reise', createdAt: NOW - 5, pendingInputs: 1, question: 'Wohin?' }),
  row('l', { status: 'running', title: 'Lange', createdAt: NOW - 400, nodesTotal: 9, nodesEnded: 2 }),
  row('e', { status: 'completed', title: 'Gedicht', createdAt: NOW - 8000, pinned: true }),
  row('f', { status: 'failed', createdAt: NOW - DAY }),
  row('c', { status: 'cancelled', title: 'Vorbei', createdAt: NOW - 3 * DAY }),
];

/** Returns all text that is read out or shown, also on hover. */
function words(panel: SessionsPanel): string {
  const attributes = all(panel, '*').flatMap((element) =>
    ['aria-label', 'aria-description', 'title', 'placeholder'].map(
      (name) => element.getAttribute(name) ?? '',
    ),
  );
  return [textOf(panel), ...attributes].join('\n');
}

async function germanPanel(sessions = fakeSessions()) {
  const mounted = await mountPanel({ graphId: 'g', sessions });
  mounted.panel.strings = germanStrings;
  await settled(mounted.panel);
  return mounted;
}

describe('the panel in German', () => {
  afterEach(emptyPage);

  it('has a German text for an empty list', async () => {
    const { panel, history } = await germanPanel();
    load(history, [], 'g');
    await settled(panel);
    expect(textOf(panel)).to.contain('Noch keine Sitzungen');
    expect(words(panel)).not.to.match(ENGLISH);
  });

  it('has no English in the list, its chips, menu and dialogs', async () => {
    const { panel, history } = await germanPanel();
    load(history, SAMPLES, 'g');
    await settled(panel);
    expect(all(panel, '.day').map(textOf).slice(0, 3)).to.deep.equal(['Angeheftet', 'Heute', 'Gestern']);
    expect(all(panel, '.chip').map(textOf).slice(0, 2)).to.deep.equal(['Alle 5', 'Braucht Eingabe 1']);
    expect(textOf(panel)).to.contain('„Wohin?“').and.to.contain('2 von 9');
    expect(words(panel)).not.to.match(ENGLISH);

    button(panel, 'Mehr').click();
    await settled(panel);
    expect(words(panel)).not.to.match(ENGLISH);
    button(panel, 'Beendete Sitzungen löschen …').click();
    await settled(panel);
    expect(textOf(one(panel, 'dialog h2'))).to.equal('2 beendete Sitzungen löschen?');
    expect(words(panel)).not.to.match(ENGLISH);
    button(panel, 'Sitzungen behalten').click();
    await settled(panel);

    one(rows(panel)[0]!, '.main').focus();
    press('F2');
    await settled(panel);
    expect(words(panel)).not.to.match(ENGLISH);
    button(panel, 'Titel behalten').click();
    await settled(panel);
    one(rows(panel)[0]!, '.main').focus();
    press('?');
    await settled(panel);
    expect(textOf(one(panel, 'dialog h2'))).to.equal('Tastenkürzel');
    expect(words(panel)).not.to.match(ENGLISH);
  });

  it('words what the adapters of other engines say, in the row, above the session and at its node', async () => {
    const sessions = fakeSessions();
    const { panel } = await germanPanel(sessions);
    const error = sentence('agent-unreachable', { agent: 'Dichter' });
    const german = 'Der Agent „Dichter“ ist nicht erreichbar.';
    load(sessions.history, [row('a', { status: 'failed', title: 'Vers', error, createdAt: NOW })]);
    open(sessions, 'a', [
      { type: 'graphStart', sessionId: 'a', graph: { nodes: [{ id: 'poet', type: 'any' }], edges: [] } },
      { type: 'nodeStart', nodeId: 'poet' },
      { type: 'nodeError', nodeId: 'poet', error },
      { type: 'graphError', sessionId: 'a', error },
    ]);
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain(german);
    const view = one(panel, 'sessions-panel-view');
    expect(textOf(one(view, '.outcome'))).to.contain(german);
    expect(textOf(one(view, 'sessions-panel-node'))).to.contain(german);
    expect(words(panel)).not.to.contain('cannot be reached');
  });

  it('has no English around a session', async () => {
    const sessions = fakeSessions();
    const { panel, history } = await germanPanel(sessions);
    load(history, SAMPLES, 'g');
    await settled(panel);
    expect(textOf(one(panel, '[part=view]'))).to.contain('Keine Sitzung ausgewählt');
    open(sessions, 'e', haikuEvents('e'));
    await settled(panel);
    expect(all(panel, '[role=tab]').map((tab) => textOf(tab).replace(/ .*/, ''))).to.deep.equal([
      'Ablauf',
      'Zeitachse',
      'Ereignisse',
    ]);
    expect(textOf(one(panel, '[part=session-buttons]'))).not.to.match(ENGLISH);
  });
});
