/** Graphs of plain functions, without a model: one asks for a name and greets, one asks whether it may act. */
import { Annotation, interrupt, START, StateGraph } from '@langchain/langgraph';

const State = Annotation.Root({ name: Annotation(), text: Annotation() });

export const Hello = new StateGraph(State)
  .addNode('Name', () => ({ name: interrupt({ question: 'What is your name?' }) }))
  .addNode('Result', ({ name }) => ({ text: `Hello, ${name}!` }))
  .addEdge(START, 'Name')
  .addEdge('Name', 'Result')
  .compile();

const draft = { to: 'ann@example.org', subject: 'Beans', text: 'How many beans do you need?' };

export const Mail = new StateGraph(State)
  .addNode('Draft', async (_, { writer }) => {
    for (const line of ['Looking for the address', 'Writing the mail']) {
      writer?.({ node: 'Draft', line });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return { text: draft.text };
  })
  .addNode('Send', () => {
    // The question of LangChain's agents about the use of a tool.
    const { decisions } = interrupt({
      actionRequests: [
        { name: 'send_mail', args: draft, description: 'Ann has asked for a reply.' },
        { name: 'archive_thread', args: { folder: 'Beans' } },
      ],
      reviewConfigs: [
        { actionName: 'send_mail', allowedDecisions: ['approve', 'edit', 'reject'] },
        { actionName: 'archive_thread', allowedDecisions: ['approve', 'reject'] },
      ],
    });
    return { text: decisions.map(({ type }) => type).join(', ') };
  })
  .addEdge(START, 'Draft')
  .addEdge('Draft', 'Send')
  .compile();
