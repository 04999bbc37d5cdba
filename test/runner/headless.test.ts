import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textContent, type LLMContent } from '../../src/protocol/content.js';
import type { JsonObject } from '../../src/protocol/values/json.js';
import { createGraphRunner } from '../../src/runner/create-graph-runner.js';
import { exampleHandlers } from '../../src/runner/examples/example-handlers.js';
import type { NodeContext } from '../../src/runner/node-handler.js';
import { MemoryRunnerSession } from '../support/memory-runner-session.js';

async function runNode(
  type: string,
  configuration: JsonObject,
  input?: LLMContent,
): Promise<MemoryRunnerSession> {
  const session = new MemoryRunnerSession(
    { nodes: [{ id: 'a', type, configuration }] },
    { mode: 'headless', inputs: input === undefined ? {} : { a: input } },
  );
  await createGraphRunner({ handlers: exampleHandlers }).start(session);
  return session;
}

function responseOf(session: MemoryRunnerSession): JsonObject | undefined {
  const resolved = session.log.find((event) => event.type === 'inputResolved');
  return resolved?.response;
}

const COLOURS = { choices: [{ id: 'r', label: 'Red' }, 'Green'], noneOfTheAboveLabel: 'Neither' };
const FORM = {
  schema: {
    type: 'object',
    required: ['count'],
    properties: { count: { type: 'integer' }, name: { type: 'string' } },
  },
};
const BEANS = { role: 'user', parts: [{ text: 'beans' }] };

const ANSWERS: readonly (readonly [string, JsonObject, LLMContent, JsonObject])[] = [
  ['input', { description: 'Topic?' }, textContent('beans'), { request: BEANS }],
  ['input', FORM, textContent('3'), { count: 3 }],
  ['input', FORM, { parts: [{ json: { count: 2, name: 'Ada' } }] }, { count: 2, name: 'Ada' }],
  ['ask-text', { prompt: 'What?' }, textContent('beans'), { input: BEANS }],
  ['ask-choice', COLOURS, textContent(' red '), { selected: { ids: ['r'] } }],
  ['ask-choice', COLOURS, textContent('Green'), { selected: { ids: ['Green'] } }],
  ['ask-choice', COLOURS, textContent('neither'), { selected: { ids: ['__none_of_the_above__'] } }],
  [
    'ask-choice',
    { ...COLOURS, selectionMode: 'multiple' },
    textContent('Red, Green'),
    { selected: { ids: ['r', 'Green'] } },
  ],
  ['ask-consent', {}, textContent('granted'), { consent: true }],
  ['ask-consent', {}, textContent('Yes'), { consent: true }],
  ['ask-consent', {}, textContent('no'), { consent: false }],
];

for (const [type, configuration, input, response] of ANSWERS) {
  test(`headless: ${type} takes ${JSON.stringify(input.parts[0])} as its answer`, async () => {
    const session = await runNode(type, configuration, input);
    assert.equal(session.state.error, undefined);
    assert.deepEqual(responseOf(session), response);
    const resolved = session.log.find((event) => event.type === 'inputResolved');
    assert.equal(resolved?.by, 'headless');
    assert.equal(session.log[(resolved?.index ?? 0) - 1]?.type, 'inputRequired');
    assert.equal(session.state.status, 'completed');
  });
}

test('headless: an optional input without an answer yields nothing', async () => {
  const session = await runNode('input', { description: 'Topic?' });
  assert.deepEqual(session.state.outputs, { a: { context: [] } });
});

test('headless: any other question without an answer fails its node with a sentence', async () => {
  for (const [type, configuration] of [
    ['input', { required: true }],
    ['ask-text', { prompt: 'What?', skipLabel: 'Skip' }],
    ['ask-choice', COLOURS],
    ['ask-consent', {}],
  ] as const) {
    const session = await runNode(type, configuration);
    assert.match(session.state.error ?? '', /needs an input for node “a”/, type);
  }
});

test('headless: an input that does not answer the question fails its node with a sentence', async () => {
  const choice = await runNode('ask-choice', COLOURS, textContent('blue'));
  assert.match(choice.state.error ?? '', /“blue” is not one of the choices/);
  const form = await runNode('input', FORM, textContent('many'));
  assert.match(form.state.error ?? '', /“many” is not a number/);
});

test('in an interactive run, an input answers the first question of its node, and a person what it does not fit', async () => {
  const twice = {
    async run({ ask }: NodeContext) {
      const question = {
        waitForChoice: {
          prompt: { parts: [{ text: 'Which?' }] },
          choices: [{ id: 'r', content: { parts: [{ text: 'Red' }] } }],
        },
      };
      await ask(question);
      await ask(question);
      return {};
    },
  };
  const runner = createGraphRunner({ handlers: { twice } });
  const run = async (text: string): Promise<MemoryRunnerSession> => {
    const session = new MemoryRunnerSession(
      { nodes: [{ id: 'a', type: 'twice' }] },
      { mode: 'interactive', inputs: { a: textContent(text) } },
    );
    await runner.start(session);
    return session;
  };
  const typesOf = ({ log }: MemoryRunnerSession) => log.map(({ type }) => type);
  assert.deepEqual(typesOf(await run('red')), [
    'graphStart',
    'nodeStart',
    'inputRequired',
    'inputResolved',
    'inputRequired',
  ]);
  assert.deepEqual(typesOf(await run('blue')), ['graphStart', 'nodeStart', 'inputRequired']);
});
