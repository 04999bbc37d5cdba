import { expect } from '@open-wc/testing';
import { GraphRunError } from '../../../src/protocol/problems.js';
import {
  accessibilityProblems,
  all,
  button,
  chooseFrom,
  emptyPage,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { haikuEvents, live, load, open, row } from '../../support/elements/sample.js';

/** A failed session that is open, with a service that runs it again as the test says. */
async function mountFailed(rerun: () => Promise<string>) {
  const mounted = await mountPanel({ width: 1000 });
  const { panel, actions, history } = mounted;
  actions.capabilities = { ...actions.capabilities, rerunFrom: true };
  actions.rerun = rerun;
  load(history, [row('h', { status: 'failed' })]);
  open(mounted, 'h', haikuEvents('h'));
  live(mounted.run, [
    { type: 'nodeError', nodeId: 'poet', error: 'No luck.' },
    { type: 'graphError', sessionId: 'h', error: 'No luck.' },
  ]);
  await settled(panel);
  return { ...mounted, header: one(one(panel, 'sessions-panel-view'), 'header') };
}

describe('a session that is run again', () => {
  afterEach(emptyPage);

  it('says why the service refuses it, in the words of the service', async () => {
    for (const [code, sentence] of [
      ['unknown-node', 'There is no node “poet”.'],
      ['node-not-started', 'The node “poet” has not started.'],
      ['session-deleted', 'The session no longer exists.'],
      ['reuse-too-large', 'What would be reused is too large.'],
    ] as const) {
      const { panel, header } = await mountFailed(() => Promise.reject(new GraphRunError(code, sentence)));
      await chooseFrom(header, 'Run again', 'Run again from the failed node');
      await settled(panel);
      const said = textOf(one(panel, '.toast'));
      expect(said).to.contain('Could not run again: ');
      if (code !== 'session-deleted') expect(said).to.contain(sentence);
      expect(await accessibilityProblems(panel)).to.deep.equal([]);
      emptyPage();
    }
  });

  it('is started once, however often it is asked for before the answer, and again after it', async () => {
    let calls = 0;
    let answer = (_id: string): void => undefined;
    const { panel, header } = await mountFailed(() => {
      calls += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    await chooseFrom(header, 'Run again', 'Run all again');
    await chooseFrom(header, 'Run again', 'Run again from the failed node');
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    press('r');
    expect(calls).to.equal(1);
    answer('again');
    await settled(panel);
    await chooseFrom(header, 'Run again', 'Run all again');
    expect(calls).to.equal(2);
  });

  it('names an origin that was deleted as an earlier run, which cannot be opened', async () => {
    const mounted = await mountPanel({ width: 1000 });
    const { panel, history } = mounted;
    load(history, [row('again', { rerunOf: { sessionId: 'gone' } })]);
    open(mounted, 'again', [
      { type: 'graphStart', sessionId: 'again', rerunOf: { sessionId: 'gone' } },
      { type: 'graphComplete', sessionId: 'again' },
    ]);
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain('Again of “an earlier run”');
    expect(textOf(one(panel, '[part=session-meta] .linked'))).to.equal('Again of “an earlier run”');
    expect(all(panel, '[part=session-meta] button.linked')).to.have.length(0);
    load(history, [row('again', { rerunOf: { sessionId: 'gone' } }), row('gone', { title: 'Back' })]);
    await settled(panel);
    expect(textOf(one(panel, '[part=session-meta] button.linked'))).to.equal('Again of “Back”');
    expect(button(panel, 'Again of “Back”').title).to.equal('Open “Back”');
  });
});
