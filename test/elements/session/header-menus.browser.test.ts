import { expect } from '@open-wc/testing';
import { germanStrings } from '../../../src/elements/strings/german.js';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';
import {
  accessibilityProblems,
  all,
  button,
  chooseFrom,
  emptyPage,
  focused,
  menuItems,
  mountPanel,
  one,
  press,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { load, open, row } from '../../support/elements/sample.js';

/** A run that asked for a topic, and of which these nodes failed. */
function endedEvents(failed: readonly string[]): GraphRunEventBody[] {
  const nodes = ['topic', 'poet', 'painter'].map((id) => ({ id, type: 'any' }));
  return [
    { type: 'graphStart', sessionId: 'h', graph: { title: 'Haiku', nodes, edges: [] } },
    { type: 'nodeStart', nodeId: 'topic' },
    {
      type: 'inputRequired',
      nodeId: 'topic',
      interactionId: 'q',
      suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'What about?' }] } } },
    },
    {
      type: 'inputResolved',
      nodeId: 'topic',
      interactionId: 'q',
      by: 'response',
      response: { input: { parts: [{ text: 'beans' }] } },
    },
    { type: 'nodeEnd', nodeId: 'topic' },
    ...['poet', 'painter'].flatMap((nodeId): GraphRunEventBody[] => [
      { type: 'nodeStart', nodeId },
      failed.includes(nodeId)
        ? { type: 'nodeError', nodeId, error: 'No luck.' }
        : { type: 'nodeEnd', nodeId, outputs: {} },
    ]),
    failed.length > 0
      ? { type: 'graphError', sessionId: 'h', error: 'No luck.' }
      : { type: 'graphComplete', sessionId: 'h' },
  ];
}

async function mountEnded(failed: readonly string[], change: Partial<SessionSummary> = {}) {
  const mounted = await mountPanel({ width: 1000 });
  const { panel, actions, history } = mounted;
  actions.capabilities = { ...actions.capabilities, rerunFrom: true };
  const status = failed.length > 0 ? 'failed' : 'completed';
  load(history, [row('h', { status, ...change })]);
  open(mounted, 'h', endedEvents(failed));
  await settled(panel);
  return { ...mounted, header: one(one(panel, 'sessions-panel-view'), 'header') };
}

const entriesOf = (root: Element): string[] => menuItems(root).map(textOf);

describe('the menus in the header of a session', () => {
  afterEach(emptyPage);

  it('“Run again” offers all, the failed nodes, and the same answers, as far as there are any', async () => {
    for (const [failed, expected] of [
      [[], ['Run all again', 'Run again with the same answers…']],
      [['poet'], ['Run all again', 'Run again from the failed node', 'Run again with the same answers…']],
      [
        ['poet', 'painter'],
        ['Run all again', 'Run again from the 2 failed nodes', 'Run again with the same answers…'],
      ],
    ] as const) {
      const { header } = await mountEnded(failed);
      button(header, 'Run again').click();
      await settled(header);
      expect(entriesOf(header)).to.deep.equal(expected);
      expect(await accessibilityProblems(header)).to.deep.equal([]);
      emptyPage();
    }
  });

  it('“Run again” runs what was chosen', async () => {
    const { header, actions, panel } = await mountEnded(['poet']);
    await chooseFrom(header, 'Run again', 'Run all again');
    expect(actions.calls.at(-1)).to.deep.equal(['rerun', 'h']);
    await chooseFrom(header, 'Run again', 'Run again from the failed node');
    expect(actions.calls.at(-1)).to.deep.equal(['rerun', 'h', { from: 'failed' }]);
    await chooseFrom(header, 'Run again', 'Run again with the same answers…');
    await settled(panel);
    const dialog = one(panel, 'dialog');
    expect(textOf(dialog)).to.contain('Run “Haiku” again');
    expect(one<HTMLTextAreaElement>(dialog, 'textarea, input').value).to.equal('beans');
  });

  it('is worked by keys: the arrow down opens it at its first entry, Escape gives the focus back to its button', async () => {
    const { header, actions } = await mountEnded(['poet']);
    for (const name of ['Run again', 'Session actions']) {
      const opener = button(header, name);
      expect(opener.getAttribute('aria-haspopup')).to.equal('menu');
      opener.focus();
      press('ArrowDown');
      await settled(header);
      expect(opener.getAttribute('aria-expanded')).to.equal('true');
      const menu = all(header, '[role=menu]').find((each) => each.matches(':popover-open'));
      expect(menu?.getAttribute('aria-label')).to.equal(name);
      const items = menuItems(header);
      expect(focused() === items[0]).to.equal(true);
      press('ArrowDown');
      expect(focused() === items[1]).to.equal(true);
      press('End');
      expect(focused() === items.at(-1)).to.equal(true);
      press('ArrowDown');
      expect(focused() === items[0], 'round').to.equal(true);
      press('Escape');
      await settled(header);
      expect(menuItems(header)).to.deep.equal([]);
      expect(focused() === opener).to.equal(true);
      expect(opener.getAttribute('aria-expanded')).to.equal('false');
    }
    expect(actions.calls).to.deep.equal([]);
  });

  it('has no menu of “Run again” for a service that runs whole graphs only, and none at all for a record', async () => {
    const { header, actions, panel } = await mountEnded(['poet']);
    actions.capabilities = { ...actions.capabilities, rerunFrom: false };
    panel.requestUpdate();
    await settled(panel);
    expect(button(header, 'Run again').hasAttribute('aria-haspopup')).to.equal(false);
    button(header, 'Run again').click();
    expect(actions.calls.at(-1)).to.deep.equal(['rerun', 'h']);
    emptyPage();
    const record = await mountEnded(['poet'], { imported: true });
    expect(() => button(record.header, 'Run again')).to.throw('no button “Run again”');
  });

  it('are in the language of the reader', async () => {
    const { header, panel } = await mountEnded(['poet']);
    panel.strings = germanStrings;
    await settled(panel);
    button(header, germanStrings.rerun).click();
    await settled(header);
    expect(entriesOf(header)).to.deep.equal([
      germanStrings.rerunAll,
      germanStrings.rerunFailedNode,
      germanStrings.rerunSameAnswers,
    ]);
  });
});
