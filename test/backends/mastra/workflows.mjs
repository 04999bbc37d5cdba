/* Workflows of plain functions for Mastra’s server: no model, nothing outside the process. */
import { createStep, createWorkflow } from '@mastra/core/workflows';
import { z } from 'zod';

const Topic = z.object({ topic: z.string() });
const Answer = z.object({ answer: z.string() });
const Question = z.object({ question: z.string() });

const sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

const workflow = (id, outputSchema = z.any()) =>
  createWorkflow({ id, description: `Workflow ${id}`, inputSchema: Topic, outputSchema });

/** A step that asks one question and passes the answer on. */
const ask = (id, question, outputOf = ({ answer }) => ({ topic: answer }), inputSchema = z.any()) =>
  createStep({
    id,
    inputSchema,
    outputSchema: z.any(),
    suspendSchema: Question,
    resumeSchema: Answer,
    execute: async ({ inputData, resumeData, suspend }) =>
      resumeData === undefined
        ? suspend({ question: typeof question === 'string' ? question : question(inputData) })
        : outputOf(resumeData, inputData),
  });

const step = (id, execute, schemas = {}) =>
  createStep({ id, inputSchema: z.any(), outputSchema: z.any(), ...schemas, execute });

const out = step('out', async ({ inputData }) => ({ text: String(inputData.topic) }));

export const plain = workflow('plain')
  .then(
    step(
      'write',
      async ({ inputData, writer }) => {
        for (const piece of ['Beans', ' on', ' a wire']) {
          await writer?.write({ piece });
          await sleep(5);
        }
        return { topic: `Beans on a wire (${inputData.topic})` };
      },
      { description: 'Write a line', inputSchema: Topic, outputSchema: Topic },
    ),
  )
  .then(out)
  .commit();

export const question = workflow('question').then(ask('ask', 'What is the topic?')).then(out).commit();

export const twoQuestions = workflow('twoQuestions')
  .parallel([
    ask('left', 'Left?', ({ answer }) => ({ v: answer })),
    ask('right', 'Right?', ({ answer }) => ({ v: answer })),
  ])
  .then(step('join', async ({ inputData: { left, right } }) => ({ text: `${left.v} and ${right.v}` })))
  .commit();

export const failing = workflow('failing')
  .parallel([
    step('bad', async () => {
      await sleep(50);
      throw new Error('no luck');
    }),
    step('good', async () => {
      await sleep(200);
      return { text: 'good' };
    }),
  ])
  .then(step('behind', async () => ({})))
  .commit();

export const slow = workflow('slow')
  .then(
    step('work', async ({ writer, abortSignal }) => {
      for (let second = 0; second < 60; second += 1) {
        await writer?.write({ second });
        await sleep(1000, abortSignal);
      }
      return { text: 'done' };
    }),
  )
  .commit();

/** Asks twice in one step. */
export const twice = workflow('twice')
  .then(
    createStep({
      id: 'ask',
      inputSchema: z.any(),
      outputSchema: z.any(),
      suspendSchema: z.any(),
      resumeSchema: Answer,
      execute: async ({ resumeData, suspendData, suspend }) => {
        if (resumeData === undefined) return suspend({ question: 'First?' });
        if (suspendData?.first === undefined)
          return suspend({ question: 'Second?', first: resumeData.answer });
        return { text: `${suspendData.first} and ${resumeData.answer}` };
      },
    }),
  )
  .commit();

/** One branch asks while the other works for two seconds. */
export const early = workflow('early')
  .parallel([
    ask('ask', 'Which colour?', ({ answer }) => ({ answer })),
    step('work', async ({ writer }) => {
      for (let count = 0; count < 20; count += 1) {
        await writer?.write({ count });
        await sleep(100);
      }
      return { text: 'worked' };
    }),
  ])
  .then(
    step('join', async ({ inputData }) => ({ text: `${inputData.ask.answer} and ${inputData.work.text}` })),
  )
  .commit();

/** A step per item, three at once, each with a question. */
export const perItem = workflow('perItem')
  .then(step('plan', async () => ['a', 'b', 'c']))
  .foreach(
    ask(
      'item',
      (topic) => `What about ${topic}?`,
      ({ answer }, topic) => `${topic}: ${answer}`,
      z.string(),
    ),
    { concurrency: 3 },
  )
  .then(step('sum', async ({ inputData }) => ({ text: inputData.join(', ') })))
  .commit();

/** A step per item, one at a time, without a question. */
export const inTurn = workflow('inTurn')
  .then(step('plan', async () => ['a', 'b', 'c']))
  .foreach(step('item', async ({ inputData }) => `${inputData}!`, { inputSchema: z.string() }))
  .then(step('sum', async ({ inputData }) => ({ text: inputData.join(', ') })))
  .commit();

const editor = createWorkflow({ id: 'editor', inputSchema: Topic, outputSchema: z.any() })
  .then(step('draft', async ({ inputData }) => ({ draft: `draft of ${inputData.topic}` })))
  .then(
    ask(
      'review',
      ({ draft }) => `Is “${draft}” good?`,
      ({ answer }) => ({ answer }),
    ),
  )
  .commit();

/** A step that is a workflow, whose inner step asks. */
export const nested = workflow('nested')
  .then(editor)
  .then(step('publish', async ({ inputData }) => ({ text: `published: ${inputData.answer}` })))
  .commit();

/** Repeats a step until it counts to three. */
export const loop = workflow('loop')
  .map(async () => ({ count: 0 }))
  .dountil(
    step('count', async ({ inputData }) => {
      await sleep(20);
      return { count: inputData.count + 1 };
    }),
    async ({ inputData }) => inputData.count >= 3,
  )
  .then(step('end', async ({ inputData }) => ({ text: String(inputData.count) })))
  .commit();

/** Takes one of two branches. */
export const branch = workflow('branch')
  .branch([
    [async ({ inputData }) => inputData.topic === 'beans', step('beans', async () => ({ text: 'beans' }))],
    [async ({ inputData }) => inputData.topic !== 'beans', step('other', async () => ({ text: 'other' }))],
  ])
  .then(step('end', async ({ inputData }) => inputData))
  .commit();

/** Many pieces, in chunks that a cut can hit. */
export const pieces = workflow('pieces')
  .then(
    step('write', async ({ writer }) => {
      for (let count = 0; count < 200; count += 1) {
        await writer?.write({ piece: `${count} ${'ä'.repeat(40)}` });
        await sleep(10);
      }
      return { text: 'written' };
    }),
  )
  .commit();

/** Asks, and works for three seconds after the answer. */
export const longAfter = workflow('longAfter')
  .then(ask('ask', 'Continue?'))
  .then(
    step('work', async ({ inputData, writer }) => {
      for (let count = 0; count < 6; count += 1) {
        await writer?.write({ count });
        await sleep(500);
      }
      return { text: `${inputData.topic}, done` };
    }),
  )
  .commit();
