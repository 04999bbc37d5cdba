import { expect } from '@open-wc/testing';
import {
  accessibilityProblems,
  box,
  emptyPage,
  mountPanel,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { fakeSessions } from '../../support/elements/sample.js';

const TEXT = 'This page loads graph-sessions twice.';

/** State as another copy of the package creates it: the same members, of another class. */
function ofOtherCopy<State extends object>(state: State): State {
  const members = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(state));
  return Object.setPrototypeOf(state, Object.create(Object.prototype, members));
}

describe('state of another copy of the package', () => {
  afterEach(emptyPage);

  it('is refused with a reason, in the panel and in elements that stand alone', async () => {
    const sessions = fakeSessions();
    const history = ofOtherCopy(sessions.history);
    const run = ofOtherCopy(sessions.run);
    const { panel } = await mountPanel({ sessions: { ...sessions, history, run } });
    expect(textOf(panel).split(TEXT)).to.have.length(2);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    const list = document.createElement('sessions-panel-list');
    const view = document.createElement('sessions-panel-view');
    Object.assign(list, { history });
    Object.assign(view, { run });
    box().append(list, view);
    await settled(list);
    await settled(view);
    expect(textOf(list)).to.contain(TEXT);
    expect(textOf(view)).to.contain(TEXT);
  });
});
