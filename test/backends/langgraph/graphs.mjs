/* Graphs of plain functions for LangGraph’s server: no model, nothing outside the process. */
import { Annotation, END, interrupt, Send, START, StateGraph } from '@langchain/langgraph';
import { FakeListChatModel } from '@langchain/core/utils/testing';

const State = Annotation.Root({
  topic: Annotation({ reducer: (_, next) => next, default: () => '' }),
  text: Annotation({ reducer: (_, next) => next, default: () => '' }),
  answers: Annotation({ reducer: (before, next) => [...before, ...next], default: () => [] }),
});

const sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

export const plain = new StateGraph(State)
  .addNode('write', async ({ topic }, { writer }) => {
    for (const piece of ['Beans', ' on', ' a wire']) {
      writer?.({ node: 'write', piece });
      await sleep(5);
    }
    return { text: `Beans on a wire (${topic})` };
  })
  .addNode('out', ({ text }) => ({ text: text.toUpperCase() }))
  .addEdge(START, 'write')
  .addEdge('write', 'out')
  .addEdge('out', END)
  .compile();

export const question = new StateGraph(State)
  .addNode('ask', () => ({ topic: String(interrupt({ question: 'What is the topic?' })) }))
  .addNode('out', ({ topic }) => ({ text: topic }))
  .addEdge(START, 'ask')
  .addEdge('ask', 'out')
  .addEdge('out', END)
  .compile();

export const twoQuestions = new StateGraph(State)
  .addNode('left', () => ({ answers: [interrupt('Left?')] }))
  .addNode('right', () => ({ answers: [interrupt({ question: 'Right?', options: ['Yes', 'No'] })] }))
  .addNode('join', ({ answers }) => ({ text: answers.join(' and ') }))
  .addEdge(START, 'left')
  .addEdge(START, 'right')
  .addEdge(['left', 'right'], 'join')
  .addEdge('join', END)
  .compile();

export const failing = new StateGraph(State)
  .addNode('bad', async () => {
    await sleep(50);
    throw new Error('no luck');
  })
  .addNode('good', async (_, { signal }) => {
    await sleep(200, signal);
    return { text: 'good' };
  })
  .addNode('behind', () => ({}))
  .addEdge(START, 'bad')
  .addEdge(START, 'good')
  .addEdge('bad', 'behind')
  .addEdge('behind', END)
  .addEdge('good', END)
  .compile();

export const slow = new StateGraph(State)
  .addNode('work', async (_, { signal, writer }) => {
    for (let second = 0; second < 60; second += 1) {
      writer?.({ node: 'work', second });
      await sleep(1000, signal);
    }
    return { text: 'done' };
  })
  .addEdge(START, 'work')
  .addEdge('work', END)
  .compile();

/** Asks twice in one node. */
export const twice = new StateGraph(State)
  .addNode('ask', () => ({ answers: [interrupt('First?'), interrupt('Second?')] }))
  .addEdge(START, 'ask')
  .addEdge('ask', END)
  .compile();

/** One branch asks while the other works for two seconds. */
export const early = new StateGraph(State)
  .addNode('ask', () => ({ answers: [interrupt('Which colour?')] }))
  .addNode('work', async (_, { signal, writer }) => {
    for (let step = 0; step < 20; step += 1) {
      writer?.({ node: 'work', step });
      await sleep(100, signal);
    }
    return { answers: ['worked'] };
  })
  .addNode('join', ({ answers }) => ({ text: answers.join(' and ') }))
  .addEdge(START, 'ask')
  .addEdge(START, 'work')
  .addEdge(['ask', 'work'], 'join')
  .addEdge('join', END)
  .compile();

/** Three tasks of one node at once, each with a question. */
export const fanOut = new StateGraph(State)
  .addNode('plan', () => ({}))
  .addNode('item', ({ topic }) => ({
    answers: [`${topic}: ${interrupt({ question: `What about ${topic}?` })}`],
  }))
  .addNode('sum', ({ answers }) => ({ text: answers.join(', ') }))
  .addEdge(START, 'plan')
  .addConditionalEdges('plan', () => ['a', 'b', 'c'].map((topic) => new Send('item', { topic })), ['item'])
  .addEdge('item', 'sum')
  .addEdge('sum', END)
  .compile();

const editor = new StateGraph(State)
  .addNode('draft', ({ topic }) => ({ text: `draft of ${topic}` }))
  .addNode('review', ({ text }) => ({ answers: [interrupt({ question: `Is “${text}” good?` })] }))
  .addEdge(START, 'draft')
  .addEdge('draft', 'review')
  .addEdge('review', END)
  .compile();

/** A node that is a graph, whose inner node asks. */
export const nested = new StateGraph(State)
  .addNode('editor', editor)
  .addNode('publish', ({ answers }) => ({ text: `published: ${answers.join()}` }))
  .addEdge(START, 'editor')
  .addEdge('editor', 'publish')
  .addEdge('publish', END)
  .compile();

const steps = () =>
  new StateGraph(State)
    .addNode('first', () => ({ answers: ['first'] }))
    .addNode('second', () => ({ answers: ['second'] }))
    .addNode('third', ({ answers }) => ({ text: [...answers, 'third'].join(' and ') }))
    .addEdge(START, 'first')
    .addEdge('first', 'second')
    .addEdge('second', 'third')
    .addEdge('third', END);

/** Stops before its second node, and after it. */
export const stops = steps().compile({ interruptBefore: ['second'], interruptAfter: ['second'] });

/** The same nodes; a run may give them breakpoints of its own. */
export const unstopped = steps().compile();

/** Stops inside a node that is a graph, which asks nothing. */
export const stopsInside = new StateGraph(State)
  .addNode('inner', steps().compile({ interruptBefore: ['second'] }))
  .addNode('publish', ({ text }) => ({ text: `published: ${text}` }))
  .addEdge(START, 'inner')
  .addEdge('inner', 'publish')
  .addEdge('publish', END)
  .compile();

/** Many pieces, in frames that a cut can hit. */
export const pieces = new StateGraph(State)
  .addNode('write', async (_, { writer }) => {
    for (let count = 0; count < 200; count += 1) {
      writer?.({ node: 'write', piece: `${count} ${'ä'.repeat(40)}` });
      await sleep(10);
    }
    return { text: 'written' };
  })
  .addEdge(START, 'write')
  .addEdge('write', END)
  .compile();

const model = new FakeListChatModel({ responses: ['Green beans in a row'], sleep: 5 });

/** A model that streams its answer by letters. */
export const tokens = new StateGraph(State)
  .addNode('poet', async (_, config) => {
    const { content } = await model.invoke('A line about beans', config);
    return { text: content };
  })
  .addEdge(START, 'poet')
  .addEdge('poet', END)
  .compile();

/** The two usual ways to ask whether an action may be done. */
export const approve = new StateGraph(State)
  .addNode('old', () => ({
    answers: [
      interrupt([
        {
          action_request: { action: 'send_mail', args: { to: 'ann@example.org', text: 'Beans?' } },
          config: { allow_accept: true, allow_edit: true, allow_respond: true, allow_ignore: true },
          description: 'A mail to Ann',
        },
      ]),
    ],
  }))
  .addNode('new', () => ({
    answers: [
      interrupt({
        actionRequests: [
          { name: 'send_mail', args: { to: 'ann@example.org' }, description: 'A mail to Ann' },
          { name: 'delete_file', args: { path: 'beans.txt' } },
        ],
        reviewConfigs: [
          { actionName: 'send_mail', allowedDecisions: ['approve', 'edit', 'reject'] },
          { actionName: 'delete_file', allowedDecisions: ['approve', 'reject'] },
        ],
      }),
    ],
  }))
  .addEdge(START, 'old')
  .addEdge('old', 'new')
  .addEdge('new', END)
  .compile();
