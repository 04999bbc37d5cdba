import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import { DemoServer } from '../support/demo-server.js';
import { runFinished, says, startAgent } from '../support/scripted-agent.js';

describe('npm start -- --ag-ui', () => {
  it('offers the agent in the editor, and runs it next to the examples', async (t) => {
    const agent = await startAgent(({ input, send, end }) => {
      send(...says('Beans on a wire'), runFinished(input));
      end();
    });
    t.after(() => agent.close());
    const demo = await DemoServer.start({}, ['--ag-ui', agent.url]);
    t.after(() => demo.stop());
    const page = await (await fetch(demo.url)).text();
    assert.match(page, /<html data-has-agent/);
    const service = new HttpGraphRunService({ baseUrl: new URL('v1beta1/graphSessions', demo.url).href });
    const end = async (type: string, configuration: Record<string, string>) => {
      const nodes = [{ id: 'agent', type, configuration }];
      const { sessionId } = await service.createSession({ graphId: 'g', graph: { nodes } });
      for await (const { messages } of service.connectSession(sessionId))
        for (const message of messages)
          if (message.kind === 'event' && message.event.type.startsWith('graph') && message.event.index > 0)
            return message.event.type;
      return undefined;
    };
    assert.equal(await end('ag-ui', { agent: 'agent', input: 'A line' }), 'graphComplete');
    assert.equal(await end('output', {}), 'graphComplete');
    assert.equal(agent.inputs.length, 1);
  });
});
