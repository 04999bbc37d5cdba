import { expect } from '@open-wc/testing';
import type { GraphRunEventBody } from '../../../../src/protocol/events.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';
import { all, emptyPage, mountPanel, one, settled, textOf } from '../../../support/elements/page.js';
import { fakeSessions, live, load, open, row } from '../../../support/elements/sample.js';

const content = (text: string): JsonObject => ({ role: 'model', parts: [{ text }] });
const at = (event: JsonObject): GraphRunEventBody => ({ type: 'agentEvent', nodeId: 'poet', event });

describe('the call of a subagent', () => {
  afterEach(emptyPage);

  it('shows the content that the subagent adds to it, with its titles, where the call is and nowhere else', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions });
    load(sessions.history, [row('h')]);
    open(sessions, 'h', [
      { type: 'graphStart', sessionId: 'h', graph: { nodes: [{ id: 'poet', type: 'any' }], edges: [] } },
      { type: 'nodeStart', nodeId: 'poet' },
      at({ functionCall: { callId: 'c', name: 'write', title: 'Ask the editor', args: {} } }),
      at({ subagentAddContent: { callId: 'c', title: 'Draft', content: content('Green **beans**') } }),
    ]);
    await settled(panel);
    const view = one(panel, 'sessions-panel-view');
    const node = all(view, 'sessions-panel-node').find((each) => textOf(each).startsWith('poet'))!;
    const call = () => one(node, 'details.call');
    one(call(), 'summary').click();
    await settled(panel);
    expect(textOf(call())).to.contain('Draft').and.to.contain('Green beans');
    live(sessions.run, [
      at({ subagentAddContent: { callId: 'c', content: content('in a row') } }),
      at({ functionResult: { callId: 'c', content: { reply: 'sent home' } } }),
    ]);
    await settled(panel);
    const text = textOf(call());
    expect(text.indexOf('Green beans')).to.be.lessThan(text.indexOf('in a row'));
    expect(text.indexOf('in a row')).to.be.lessThan(text.indexOf('sent home'));
    expect(textOf(node).split('in a row')).to.have.length(2);
  });
});
