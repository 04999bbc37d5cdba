import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Graph } from '../../../src/protocol/graph.js';
import type { GraphRunError } from '../../../src/protocol/problems.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { createAgUiRunner, type AgUiAgent } from '../../../src/runner/index.js';
import { MemoryRunnerSession, type MemoryRunnerSessionOptions } from '../../support/memory-runner-session.js';
import {
  runFinished,
  runStarted,
  says,
  startAgent,
  type AgentScript,
  type ScriptedAgent,
} from '../../support/scripted-agent.js';

function graphOf(configuration: JsonObject = {}): Graph {
  return { nodes: [{ id: 'agent', type: 'ag-ui', configuration: { agent: 'a', ...configuration } }] };
}

interface Setting {
  readonly session: MemoryRunnerSession;
  readonly agent: ScriptedAgent;
  readonly runner: ReturnType<typeof createAgUiRunner>;
  readonly errors: readonly unknown[];
  /** A session of another process with the same log. */
  restart(answered?: ReadonlySet<string>): Setting;
}

async function setUp(
  t: TestContext,
  script: AgentScript,
  options: MemoryRunnerSessionOptions & {
    readonly configuration?: JsonObject;
    readonly agent?: (agent: ScriptedAgent) => Partial<AgUiAgent>;
  } = {},
): Promise<Setting> {
  const agent = await startAgent(script);
  t.after(() => agent.close());
  const open = (more: MemoryRunnerSessionOptions): Setting => {
    const errors: unknown[] = [];
    const session = new MemoryRunnerSession(graphOf(options.configuration), { ...options, ...more });
    const runner = createAgUiRunner({
      agents: { a: { url: agent.url, ...options.agent?.(agent) } },
      onError: (error) => errors.push(error),
    });
    return {
      session,
      agent,
      runner,
      errors,
      restart(answered) {
        const log = [...session.log];
        session.kill();
        return open({ log, ...(answered === undefined ? {} : { answered }) });
      },
    };
  };
  return open({});
}

const question: JsonObject = {
  id: 'q1',
  reason: 'input',
  message: 'Topic?',
  responseSchema: { type: 'object', properties: { topic: { type: 'string' } }, required: ['topic'] },
};

/** Asks for a topic, then says it. */
const asking: AgentScript = ({ input, send, end }) => {
  send(runStarted(input));
  const { resume } = input;
  if (resume === undefined)
    send({ type: 'STATE_SNAPSHOT', snapshot: { asked: 1 } }, runFinished(input, question));
  else send(...says(JSON.stringify(resume)), runFinished(input));
  end();
};

describe('a run of an AG-UI agent', () => {
  it('starts with the input and the state of its node, and ends with its text', async (t) => {
    const configuration = { input: 'A line about beans', state: { n: 1 } };
    const { session, runner, agent } = await setUp(
      t,
      ({ input, send, end }) => {
        send(runStarted(input), ...says('Beans on'));
        send({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm-Beans on', delta: ' a wire' }, runFinished(input));
        end();
      },
      { configuration },
    );
    await runner.start(session);
    const [input] = agent.inputs;
    assert.equal(input?.['threadId'], 'session-1');
    assert.deepEqual(input['messages'], [{ id: 'input', role: 'user', content: 'A line about beans' }]);
    assert.deepEqual(input['state'], { n: 1 });
    assert.equal(input['resume'], undefined);
    assert.equal(session.state.status, 'completed');
    assert.deepEqual(session.state.outputs, {
      agent: { context: [{ role: 'model', parts: [{ text: 'Beans on a wire' }] }] },
    });
  });

  it('asks, waits, and sends the answer with its messages and its newest state', async (t) => {
    const { session, runner, agent } = await setUp(t, asking, { configuration: { input: 'Go' } });
    await runner.start(session);
    assert.equal(session.state.status, 'suspended');
    assert.deepEqual([...session.state.pending.keys()], ['1/q1']);
    await session.answer('1/q1', { topic: 'beans' });
    await runner.resume(session, '1/q1');
    const [, second] = agent.inputs;
    assert.deepEqual(second?.['resume'], [
      { interruptId: 'q1', status: 'resolved', payload: { topic: 'beans' } },
    ]);
    assert.deepEqual(second['state'], { asked: 1 });
    assert.deepEqual(second['messages'], [{ id: 'input', role: 'user', content: 'Go' }]);
    assert.equal(session.state.status, 'completed');
  });

  it('waits until all questions of a run are answered, then sends the answers together', async (t) => {
    const { session, runner, agent } = await setUp(t, ({ input, send, end }) => {
      const second = { id: 'q2', reason: 'approval', responseSchema: { type: 'boolean' } };
      send(input['resume'] === undefined ? runFinished(input, question, second) : runFinished(input));
      end();
    });
    await runner.start(session);
    await session.answer('1/q2', { value: true });
    await runner.resume(session, '1/q2');
    assert.equal(agent.inputs.length, 1);
    await session.answer('1/q1', { topic: 'x' });
    await Promise.all([runner.resume(session, '1/q1'), runner.resume(session, '1/q2')]);
    assert.equal(agent.inputs.length, 2, 'the answers are sent once');
    assert.deepEqual(agent.inputs[1]?.['resume'], [
      { interruptId: 'q1', status: 'resolved', payload: { topic: 'x' } },
      { interruptId: 'q2', status: 'resolved', payload: true },
    ]);
  });

  it('asks again with the same id: another question', async (t) => {
    const { session, runner } = await setUp(t, ({ input, send, end }) => {
      send(runFinished(input, question));
      end();
    });
    await runner.start(session);
    await session.answer('1/q1', { topic: 'x' });
    await runner.resume(session, '1/q1');
    assert.deepEqual([...session.state.pending.keys()], ['2/q1']);
    assert.equal(session.state.status, 'suspended');
  });

  it('closes a question at its time, and tells the agent that it was cancelled', async (t) => {
    const expiresAt = new Date(Date.now() + 50).toISOString();
    const { session, runner, agent } = await setUp(t, ({ input, send, end }) => {
      send(
        input['resume'] === undefined ? runFinished(input, { ...question, expiresAt }) : runFinished(input),
      );
      end();
    });
    await runner.start(session);
    await session.end();
    assert.equal(session.state.resolved.get('1/q1')?.by, 'expired');
    assert.deepEqual(agent.inputs[1]?.['resume'], [{ interruptId: 'q1', status: 'cancelled' }]);
  });

  describe('that asks whether it may call a tool', () => {
    const schema = { type: 'object', properties: { approved: { type: 'boolean' } }, required: ['approved'] };
    const withEdits = { ...schema, properties: { ...schema.properties, editedArgs: { type: 'object' } } };

    /** Proposes a call and asks about it. */
    const proposing =
      (interrupt: JsonObject, args = '{"to":"ann"}'): AgentScript =>
      ({ input, send, end }) => {
        send(runStarted(input));
        if (input['resume'] === undefined)
          send(
            { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'send_mail' },
            { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: args },
            { type: 'TOOL_CALL_END', toolCallId: 'c' },
            runFinished(input, { id: 'q', reason: 'tool_call', toolCallId: 'c', ...interrupt }),
          );
        else send(runFinished(input));
        end();
      };

    const ANSWERS: readonly (readonly [string, JsonObject, JsonObject, JsonObject])[] = [
      ['approved', { responseSchema: schema }, { type: 'approve' }, { approved: true }],
      ['rejected', { responseSchema: schema }, { type: 'reject' }, { approved: false }],
      [
        'rejected with a reason',
        { responseSchema: { ...schema, properties: { ...schema.properties, comment: {} } } },
        { type: 'reject', message: 'No' },
        { approved: false, comment: 'No' },
      ],
      [
        'rejected with a reason that the schema does not take',
        { responseSchema: { ...schema, additionalProperties: false } },
        { type: 'reject', message: 'No' },
        { approved: false },
      ],
      [
        'approved with other arguments',
        { responseSchema: withEdits },
        { type: 'edit', args: { to: 'ben' } },
        { approved: true, editedArgs: { to: 'ben' } },
      ],
      ['asked about without a schema', {}, { type: 'approve' }, { approved: true }],
    ];
    for (const [name, interrupt, decision, payload] of ANSWERS) {
      it(`the call is ${name}: a review, and the answer of the protocol`, async (t) => {
        const { session, runner, agent } = await setUp(t, proposing({ message: 'A mail', ...interrupt }));
        await runner.start(session);
        const asked = session.state.pending.get('1/q');
        assert.ok(asked?.kind === 'review');
        const canEdit = JSON.stringify(interrupt).includes('editedArgs');
        assert.deepEqual(asked.actions, [
          {
            name: 'send_mail',
            args: { to: 'ann' },
            description: 'A mail',
            allowed: ['approve', ...(canEdit ? ['edit'] : []), 'reject'],
          },
        ]);
        await session.answer('1/q', { decisions: [decision] });
        await runner.resume(session, '1/q');
        assert.deepEqual(agent.inputs[1]?.['resume'], [{ interruptId: 'q', status: 'resolved', payload }]);
      });
    }

    it('an answer that decides nothing allows nothing', async (t) => {
      const { session, runner, agent } = await setUp(t, proposing({ responseSchema: schema }));
      await runner.start(session);
      await session.answer('1/q', { decisions: [] });
      await runner.resume(session, '1/q');
      assert.deepEqual(agent.inputs[1]?.['resume'], [{ interruptId: 'q', status: 'cancelled' }]);
    });

    const FORMS: readonly (readonly [string, JsonObject, string?])[] = [
      ['a call that was never made', { toolCallId: 'other', responseSchema: schema }],
      ['more than a decision', { responseSchema: { ...schema, required: ['approved', 'amount'] } }],
      ['something else than a decision', { responseSchema: { type: 'object', properties: { amount: {} } } }],
      ['a call whose arguments are no object', { responseSchema: schema }, '[1]'],
    ];
    for (const [name, interrupt, args] of FORMS) {
      it(`it is a form where it asks for ${name}`, async (t) => {
        const { session, runner } = await setUp(t, proposing(interrupt, args));
        await runner.start(session);
        assert.equal(session.state.pending.get('1/q')?.kind, 'form');
      });
    }

    it('the review is whole in another process, too', async (t) => {
      const first = await setUp(t, proposing({ responseSchema: withEdits }));
      await first.runner.start(first.session);
      const second = first.restart();
      await second.runner.start(second.session);
      await second.session.answer('1/q', { decisions: [{ type: 'edit', args: {} }] });
      await second.runner.resume(second.session, '1/q');
      assert.deepEqual(second.agent.inputs.at(-1)?.['resume'], [
        { interruptId: 'q', status: 'resolved', payload: { approved: true, editedArgs: {} } },
      ]);
    });
  });

  it('that wants a confirmation is answered by yes or no', async (t) => {
    const { session, runner, agent } = await setUp(t, ({ input, send, end }) => {
      const isFirst = input['resume'] === undefined;
      send(runStarted(input));
      send(isFirst ? runFinished(input, { id: 'q', reason: 'confirmation' }) : runFinished(input));
      end();
    });
    await runner.start(session);
    await session.answer('1/q', { value: true });
    await runner.resume(session, '1/q');
    assert.deepEqual(agent.inputs[1]?.['resume'], [{ interruptId: 'q', status: 'resolved', payload: true }]);
  });

  it('of an older adapter gets its answer in both ways', async (t) => {
    const { session, runner, agent } = await setUp(t, ({ input, send, end }) => {
      const value = '{"question":"What is the topic?"}';
      if (input['resume'] === undefined) send({ type: 'CUSTOM', name: 'on_interrupt', value });
      send({ type: 'RUN_FINISHED', threadId: 't', runId: 'r' });
      end();
    });
    await runner.start(session);
    assert.deepEqual([...session.state.pending.keys()], ['1/on_interrupt']);
    await session.answer('1/on_interrupt', { input: { role: 'user', parts: [{ text: 'beans' }] } });
    await runner.resume(session, '1/on_interrupt');
    assert.deepEqual(agent.inputs[1]?.['forwardedProps'], { command: { resume: 'beans' } });
    assert.deepEqual(agent.inputs[1]['resume'], [
      { interruptId: 'on_interrupt', status: 'resolved', payload: 'beans' },
    ]);
    assert.equal(session.state.status, 'completed');
  });

  it('waits inside a subagent that asked, and continues in it', async (t) => {
    const { session, runner } = await setUp(t, ({ input, send, end }) => {
      const isFirst = input['resume'] === undefined;
      send({ type: 'SUBAGENT_STARTED', subagentRunId: 's', name: 'Poet' });
      if (isFirst) send(runFinished(input, { ...question, subagentRunId: 's' }));
      else send({ type: 'SUBAGENT_FINISHED', subagentRunId: 's' }, runFinished(input));
      end();
    });
    await runner.start(session);
    assert.equal(session.state.status, 'suspended');
    assert.equal(session.state.pending.get('1/q1')?.nodeId, 'agent@s');
    await session.answer('1/q1', { topic: 'x' });
    await runner.resume(session, '1/q1');
    assert.deepEqual(session.story.slice(1), [
      'nodeStart agent',
      'nodeStart agent@s',
      'inputRequired agent@s',
      'inputResolved agent@s',
      'nodeEnd agent@s',
      'nodeEnd agent',
      'graphComplete',
    ]);
  });
});

describe('an AG-UI agent that fails', () => {
  const cases: Readonly<Record<string, readonly [AgentScript, RegExp]>> = {
    'says why': [
      ({ input, send, end }) => {
        send(runStarted(input), ...says('Half'), { type: 'RUN_ERROR', message: 'No paint left' });
        end();
      },
      /^No paint left$/,
    ],
    'ends without an outcome': [
      ({ input, send, end }) => {
        send(runStarted(input));
        end();
      },
      /ended without saying how/,
    ],
    'breaks its connection': [
      ({ input, send, destroy }) => {
        send(runStarted(input));
        setImmediate(destroy);
      },
      /“a” broke|ended without saying how/,
    ],
    'answers with an error': [
      ({ response }) => void response.writeHead(500, { 'Content-Type': 'text/html' }).end('<h1>oops'),
      /“a” answered 500 \(text\/html\)/,
    ],
    'is another page': [
      ({ response }) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Sign in'),
      /answered 200 \(text\/html\), and not with a stream of events/,
    ],
    'interrupts for no question': [
      ({ input, send, end }) => {
        send({ ...runFinished(input), outcome: { type: 'interrupt', interrupts: [] } });
        end();
      },
      /asks nothing/,
    ],
    'asks two questions with one id': [
      ({ input, send, end }) => {
        send(runFinished(input, question, question));
        end();
      },
      /two questions with the id “q1”/,
    ],
    'sends more than an event may hold': [
      ({ input, send, end }) => {
        send({ type: 'STATE_SNAPSHOT', snapshot: 'x'.repeat(3000) }, runFinished(input));
        end();
      },
      /event too large/,
    ],
  };
  for (const [name, [script, expected]] of Object.entries(cases))
    it(`${name}: the session fails with a sentence`, async (t) => {
      const { session, runner } = await setUp(t, script, { maxEventBytes: 1000 });
      await runner.start(session);
      assert.equal(session.state.status, 'failed');
      assert.match(session.state.error ?? '', expected);
      assert.equal(session.state.nodes.get('agent')?.status, 'failed');
    });

  it('cannot be reached: the session fails with a sentence', async (t) => {
    const setting = await setUp(t, () => undefined);
    await setting.agent.close();
    await setting.runner.start(setting.session);
    assert.match(setting.session.state.error ?? '', /The agent “a” cannot be reached/);
  });

  it('asks in a headless run: the session fails, and does not wait', async (t) => {
    const { session, runner } = await setUp(t, asking, { mode: 'headless' });
    await runner.start(session);
    assert.match(session.state.error ?? '', /headless/);
  });

  it('leaves a broken store to the caller, and closes its connection', async (t) => {
    let left: Promise<void> | undefined;
    const { session, runner } = await setUp(t, (request) => {
      ({ left } = request);
      session.diskError = new Error('disk full');
      request.send(runStarted(request.input), ...says('Hello'));
    });
    await assert.rejects(runner.start(session), /disk full/);
    await left;
  });
});

describe('a session of an AG-UI agent', () => {
  it('that is cancelled closes the connection, logs nothing more, and stops the runtime', async (t) => {
    let left: Promise<void> | undefined;
    const { session, runner, agent, errors } = await setUp(
      t,
      ({ path, input, send, left: gone, response }) => {
        if (path.startsWith('/stop')) return void response.writeHead(200).end();
        left = gone;
        send(runStarted(input), ...says('Working'));
      },
      { agent: ({ url }) => ({ stopUrl: (threadId) => new URL(`/stop/${threadId}`, url) }) },
    );
    const started = runner.start(session);
    await session.until(({ nodes }) => nodes.get('agent') !== undefined && session.log.length > 2);
    await session.cancel();
    await started;
    await left;
    assert.equal(session.log.at(-1)?.type, 'graphCancelled');
    assert.deepEqual(agent.paths, ['/run', '/stop/session-1']);
    assert.deepEqual(errors, []);
  });

  it('that has ended before it starts runs no agent', async (t) => {
    const { session, runner, agent } = await setUp(t, asking);
    await session.cancel();
    await runner.start(session);
    assert.deepEqual(agent.inputs, []);
  });

  it('continues in another process from its log: open questions, messages, state', async (t) => {
    const first = await setUp(t, asking, { configuration: { input: 'Go' } });
    await first.runner.start(first.session);
    const second = first.restart();
    await second.runner.start(second.session);
    assert.equal(second.session.state.status, 'suspended');
    await second.session.answer('1/q1', { topic: 'beans' });
    await second.runner.resume(second.session, '1/q1');
    assert.deepEqual(first.agent.inputs[1]?.['state'], { asked: 1 });
    assert.equal(second.session.state.status, 'completed');
  });

  it('continues with an answer that was given while no process ran it', async (t) => {
    const first = await setUp(t, asking);
    await first.runner.start(first.session);
    await first.session.answer('1/q1', { topic: 'beans' });
    const second = first.restart(new Set(['agent']));
    await Promise.all([second.runner.start(second.session), second.runner.resume(second.session, '1/q1')]);
    assert.equal(second.session.state.status, 'completed');
    assert.equal(first.agent.inputs.length, 2);
  });

  it('whose process ended while the agent worked has failed', async (t) => {
    const first = await setUp(t, ({ input, send }) => send(runStarted(input), ...says('Working')));
    void first.runner.start(first.session);
    await first.session.until((_, { log }) => log.length > 2);
    const second = first.restart();
    await second.runner.start(second.session);
    assert.equal(second.session.state.error, 'interrupted');
  });

  it('passes the credential of the person on, when the host says so', async (t) => {
    let sent: string | undefined;
    const { session, runner } = await setUp(
      t,
      ({ headers, input, send, end }) => {
        sent = headers.authorization;
        send(runFinished(input));
        end();
      },
      {
        token: 'secret',
        agent: () => ({ headers: async (token) => ({ Authorization: `Bearer ${token}` }) }),
      },
    );
    await runner.start(session);
    assert.equal(sent, 'Bearer secret');
    assert.ok(!JSON.stringify(session.log).includes('secret'));
  });

  it('is refused for a graph that is not one agent', () => {
    const { validate } = createAgUiRunner({ agents: { a: { url: 'http://127.0.0.1/' } } });
    const refusal = (nodes: Graph['nodes']): string => {
      try {
        validate({ nodes });
        return '';
      } catch (error) {
        return (error as GraphRunError).message;
      }
    };
    const node = { id: 'x', type: 'ag-ui', configuration: { agent: 'a' } };
    assert.equal(refusal([node]), '');
    assert.match(refusal([node, { ...node, id: 'y' }]), /one node/);
    assert.match(refusal([{ ...node, type: 'input' }]), /its type is not “ag-ui”/);
    assert.match(refusal([{ ...node, configuration: { agent: 'toString' } }]), /no agent “toString”/);
  });
});
