import { expect } from '@open-wc/testing';
import {
  accessibilityProblems,
  all,
  buttons,
  emptyPage,
  forgetful,
  focused,
  mountPanel,
  one,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { haikuEvents, live, load, open, row } from '../../support/elements/sample.js';

describe('usage and origin of a session', () => {
  afterEach(emptyPage);

  it('stands in the row where there is room, and in header and node with its parts by model', async () => {
    const memory = forgetful();
    memory.write('list-width', '520');
    const { panel, history, run } = await mountPanel({ width: 1100, memory });
    const usage = { inputTokens: 11_200, outputTokens: 1200, costUsd: 0.08 };
    load(history, [row('h', { usage })]);
    open({ history, run } as never, 'h', haikuEvents('h'));
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain('12.4k tokens · $0.08');
    live(run, [
      {
        type: 'agentEvent',
        nodeId: 'poet',
        event: { usage: { model: 'large', inputTokens: 900, costUsd: 0.001 } },
      },
      { type: 'agentEvent', nodeId: 'poet', event: { usage: { model: 'small', outputTokens: 50 } } },
    ]);
    await settled(panel);
    const header = one(panel, '[part=session-header]');
    expect(textOf(header)).to.contain('950 tokens · <$0.01');
    const name = [...buttons(header).keys()].find((each) => each.includes('tokens'));
    expect(name).to.match(/^950 tokens · <\$0\.01 ?\. large: 900 in, <\$0\.01\. small: 50 out$/);
    expect(textOf(one(panel, 'sessions-panel-activity'))).to.contain('950 tokens');
    const [button] = all<HTMLElement>(panel, 'button.usage');
    button!.focus();
    await settled(panel);
    expect(focused()?.className).to.equal('usage');
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('leaves a narrow row alone', async () => {
    const { panel, history } = await mountPanel({ width: 700 });
    load(history, [row('h', { usage: { inputTokens: 500 } })]);
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).not.to.contain('tokens');
  });

  it('an imported session is marked and not run again', async () => {
    const { panel, history, run } = await mountPanel();
    load(history, [row('h', { imported: true })]);
    open({ history, run } as never, 'h', [...haikuEvents('h'), { type: 'graphCancelled', sessionId: 'h' }]);
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain('imported');
    expect([...buttons(panel).keys()].filter((name) => /^Run .*again/.test(name))).to.deep.equal([]);
  });
});
