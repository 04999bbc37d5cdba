/** An agent that speaks AG-UI, of plain functions: it asks for a name and greets. Yours has a model, and any framework. */
import { createServer } from 'node:http';

const question = {
  id: 'name',
  reason: 'input_required',
  message: 'What is your name?',
  subagentRunId: 'asker',
};

/** The events of one run. It keeps nothing: the next run gets the answers in `resume`. */
function* run({ threadId, runId, resume = [] }) {
  yield { type: 'RUN_STARTED', threadId, runId };
  yield { type: 'SUBAGENT_STARTED', subagentRunId: 'asker', name: 'Name' };
  const answer = resume.find(({ interruptId }) => interruptId === question.id);
  if (answer === undefined) {
    const outcome = { type: 'interrupt', interrupts: [question] };
    yield { type: 'RUN_FINISHED', threadId, runId, outcome };
    return;
  }
  yield { type: 'SUBAGENT_FINISHED', subagentRunId: 'asker' };
  yield { type: 'STEP_STARTED', stepName: 'Result' };
  const messageId = `message-${runId}`;
  yield { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' };
  for (const delta of ['Hello, ', answer.payload ?? 'stranger', '!']) {
    yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta };
  }
  yield { type: 'TEXT_MESSAGE_END', messageId };
  yield { type: 'STEP_FINISHED', stepName: 'Result' };
  yield { type: 'RUN_FINISHED', threadId, runId, outcome: { type: 'success' } };
}

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(404).end();
    return;
  }
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += piece;
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const event of run(JSON.parse(text))) response.write(`data: ${JSON.stringify(event)}\n\n`);
  response.end();
});
server.listen(8787, '127.0.0.1', () => console.log('The agent listens at http://127.0.0.1:8787/'));
