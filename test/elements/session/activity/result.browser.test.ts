import { expect } from '@open-wc/testing';
import type { GraphRunEventBody } from '../../../../src/protocol/events.js';
import { copiedTexts } from '../../../support/elements/copied-texts.js';
import {
  accessibilityProblems,
  all,
  button,
  buttons,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  settled,
  textOf,
  until,
} from '../../../support/elements/page.js';
import { fakeSessions, live, load, open, row } from '../../../support/elements/sample.js';

const IDS = ['a', 'b', 'c', 'd'];
const graph = {
  nodes: IDS.map((id) => ({ id, type: 't', title: `Step ${id}` })),
  edges: IDS.slice(1).map((to, at) => ({ from: IDS[at] ?? '', to })),
};
const TEXT = 'A line of words.\n\n'.repeat(12);
const work = (id: string): readonly GraphRunEventBody[] => [
  { type: 'nodeStart', nodeId: id },
  { type: 'thoughtEvent', nodeId: id, text: `Thought of ${id}` },
  { type: 'nodeEnd', nodeId: id, outputs: { context: { parts: [{ text: `Text of ${id}. ${TEXT}` }] } } },
];
const begun: readonly GraphRunEventBody[] = [{ type: 'graphStart', sessionId: 's', graph }];
const done: readonly GraphRunEventBody[] = [
  ...begun,
  ...IDS.flatMap(work),
  { type: 'graphComplete', sessionId: 's' },
];

async function mount(events: readonly GraphRunEventBody[]) {
  const sessions = fakeSessions();
  const { panel } = await mountPanel({ sessions, height: 480 });
  load(sessions.history, [row('s', { status: 'running' })]);
  open(sessions, 's', events);
  await settled(panel);
  const view = one(panel, 'sessions-panel-view');
  return { ...sessions, panel, view, scroller: one(view, '.scroller') };
}

describe('the result of a completed run', () => {
  afterEach(emptyPage);

  it('is on top of the steps when the session is opened, and not shown twice', async () => {
    const { view, scroller, panel } = await mount(done);
    expect(scroller.scrollTop).to.equal(0);
    expect(textOf(scroller)).to.match(/^Result Text of d\. /);
    expect(textOf(scroller).match(/Text of d\./g)).to.have.length(1);
    const last = all(view, 'sessions-panel-node').at(-1);
    expect(last === undefined ? '' : textOf(last)).to.contain('Output shown under Result');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('is offered to a person who watched the run, whom nothing moves', async () => {
    const { view, run, scroller, panel } = await mount([...begun, ...IDS.slice(0, 3).flatMap(work)]);
    live(run, [...work('d'), { type: 'graphComplete', sessionId: 's' }]);
    await settled(panel);
    expect(textOf(scroller)).not.to.match(/^Result/);
    expect(scroller.scrollTop, 'at the end of the steps').to.be.greaterThan(100);
    const name = [...buttons(view).keys()].find((text) => text.includes('Show result')) ?? '';
    expect(name).to.match(/^Finished in .* · Show result$/);
    button(view, name).click();
    await until(() => textOf(scroller).startsWith('Result'), 'the result is drawn');
    await settled(panel);
    expect(scroller.scrollTop).to.equal(0);
    expect(buttons(view).has(name)).to.equal(false);
    const copied = copiedTexts();
    expect(focused()?.getAttribute('aria-label')).to.equal('Output of Step d');
    press('y');
    copied.restore();
    expect(copied.texts).to.deep.equal([`Text of d. ${TEXT}`]);
  });

  it('is what a person finds who comes back to the tab', async () => {
    const { view, run, panel } = await mount([...begun, ...IDS.slice(0, 3).flatMap(work)]);
    live(run, [...work('d'), { type: 'graphComplete', sessionId: 's' }]);
    await settled(panel);
    one(view, '#tab-events').click();
    await settled(panel);
    one(view, '#tab-activity').click();
    await settled(panel);
    expect(textOf(one(view, '.scroller'))).to.match(/^Result Text of d\. /);
    expect([...buttons(view).keys()].some((name) => name.includes('Show result'))).to.equal(false);
  });

  it('is not there for a cancelled run', async () => {
    const { scroller } = await mount([...begun, ...work('a'), { type: 'graphCancelled', sessionId: 's' }]);
    expect(textOf(scroller)).to.match(/^Step a/);
  });
});

describe('what is still to come', () => {
  afterEach(emptyPage);

  it('is one line at the end, until every node has begun', async () => {
    const { run, scroller, panel } = await mount([...begun, ...work('a')]);
    expect(textOf(scroller)).to.match(/Next: Step b · then 2 more$/);
    live(run, IDS.slice(1).flatMap(work));
    await settled(panel);
    expect(textOf(scroller)).not.to.contain('Next:');
  });
});
