/* What the agents of `server.mjs` do in a run: they send events, and return how it ends. */

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A message, in pieces. */
function say(send, messageId, ...pieces) {
  send({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' });
  for (const delta of pieces) send({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta });
  send({ type: 'TEXT_MESSAGE_END', messageId });
}

/** A step that says something. */
function step(send, { runId }, stepName, ...pieces) {
  send({ type: 'STEP_STARTED', stepName });
  say(send, `${runId}-${stepName}`, ...pieces);
  send({ type: 'STEP_FINISHED', stepName });
}

/** A call of a tool. */
function call(send, toolCallId, toolCallName, args) {
  send({ type: 'TOOL_CALL_START', toolCallId, toolCallName });
  const text = JSON.stringify(args);
  send({ type: 'TOOL_CALL_ARGS', toolCallId, delta: text.slice(0, 5) });
  send({ type: 'TOOL_CALL_ARGS', toolCallId, delta: text.slice(5) });
  send({ type: 'TOOL_CALL_END', toolCallId });
}

const asks = (...interrupts) => ({ type: 'interrupt', interrupts });

export async function plain(send, input) {
  send({ type: 'REASONING_START', messageId: 'r' });
  send({ type: 'REASONING_MESSAGE_START', messageId: 'r', role: 'reasoning' });
  send({ type: 'REASONING_MESSAGE_CONTENT', messageId: 'r', delta: 'Beans, then.' });
  send({ type: 'REASONING_MESSAGE_END', messageId: 'r' });
  send({ type: 'REASONING_END', messageId: 'r' });
  step(send, input, 'write', 'Beans', ' on', ' a wire');
  await sleep(5);
  step(send, input, 'out', 'BEANS ON A WIRE');
}

export function question(send, input) {
  const { resume } = input;
  if (resume === undefined)
    return asks({ id: 'topic', reason: 'input_required', message: 'What is the topic?' });
  step(send, input, 'out', String(resume[0].payload));
}

export function twoQuestions(send, input) {
  const { resume } = input;
  if (resume === undefined)
    return asks(
      { id: 'left', reason: 'input_required', message: 'Left?' },
      { id: 'right', reason: 'confirmation', message: 'Right?' },
    );
  step(send, input, 'join', JSON.stringify(resume.map(({ payload }) => payload ?? null)));
}

export function failing(send, input) {
  step(send, input, 'good', 'fine');
  send({ type: 'RUN_ERROR', message: 'no luck' });
  return { type: 'error' };
}

export async function slow(send, input, signal) {
  send({ type: 'STEP_STARTED', stepName: 'work' });
  for (let second = 0; second < 60 && !signal.aborted; second += 1) {
    say(send, `${input.runId}-${second}`, `${second} `);
    await sleep(1000);
  }
}

const APPROVAL = { type: 'object', properties: { approved: { type: 'boolean' } }, required: ['approved'] };
const WITH_EDITS = {
  ...APPROVAL,
  properties: { ...APPROVAL.properties, editedArgs: { type: 'object' }, reason: { type: 'string' } },
};

/** Asks whether it may make two calls, one of which can be edited, and does what it is allowed to. */
export function approve(send, { resume }) {
  if (resume === undefined) {
    call(send, 'mail', 'send_mail', { to: 'ann@example.org', text: 'Beans?' });
    call(send, 'file', 'delete_file', { path: 'beans.txt' });
    return asks(
      {
        id: 'may-mail',
        reason: 'tool_call',
        toolCallId: 'mail',
        message: 'A mail to Ann',
        responseSchema: WITH_EDITS,
      },
      { id: 'may-delete', reason: 'tool_call', toolCallId: 'file', responseSchema: APPROVAL },
    );
  }
  const payloads = Object.fromEntries(resume.map(({ interruptId, payload }) => [interruptId, payload]));
  for (const [id, toolCallId] of [
    ['may-mail', 'mail'],
    ['may-delete', 'file'],
  ])
    send({
      type: 'TOOL_CALL_RESULT',
      messageId: `${toolCallId}-result`,
      toolCallId,
      content: JSON.stringify(payloads[id] ?? null),
    });
}

/** Sends every type of event that a run can have without failing. */
export function everything(send, input) {
  const { runId } = input;
  send({ type: 'STATE_SNAPSHOT', snapshot: { beans: 1 } });
  send({ type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/beans', value: 2 }] });
  send({ type: 'MESSAGES_SNAPSHOT', messages: [{ id: 'u', role: 'user', content: 'Beans?' }] });
  send({ type: 'ACTIVITY_SNAPSHOT', messageId: 'a', activityType: 'PLAN', content: { steps: ['soak'] } });
  send({
    type: 'ACTIVITY_DELTA',
    messageId: 'a',
    activityType: 'PLAN',
    patch: [{ op: 'add', path: '/steps/1', value: 'boil' }],
  });
  send({ type: 'RAW', event: { provider: 'words' } });
  send({ type: 'CUSTOM', name: 'weather', value: { sun: true } });
  send({ type: 'REASONING_START', messageId: 'r' });
  send({ type: 'REASONING_MESSAGE_START', messageId: 'r', role: 'reasoning' });
  send({ type: 'REASONING_MESSAGE_CONTENT', messageId: 'r', delta: 'Soak them.' });
  send({ type: 'REASONING_MESSAGE_END', messageId: 'r' });
  send({ type: 'REASONING_MESSAGE_CHUNK', messageId: 's', delta: 'Then boil.' });
  send({
    type: 'REASONING_ENCRYPTED_VALUE',
    subtype: 'message',
    entityId: 'r',
    encryptedValue: 'bm90aGluZw==',
  });
  send({ type: 'REASONING_END', messageId: 'r' });
  step(send, input, 'cook', 'They are soft.');
  call(send, 'look', 'look_up', { word: 'bean' });
  send({ type: 'TOOL_CALL_RESULT', messageId: 'look-result', toolCallId: 'look', content: 'a seed' });
  send({ type: 'TOOL_CALL_CHUNK', toolCallId: 'count', toolCallName: 'count', delta: '{"of":"beans"}' });
  send({ type: 'TEXT_MESSAGE_CHUNK', messageId: `${runId}-chunk`, role: 'assistant', delta: 'Two beans.' });
  send({ type: 'SUBAGENT_STARTED', subagentRunId: 'one', name: 'taster' });
  send({ type: 'SUBAGENT_FINISHED', subagentRunId: 'one' });
  send({ type: 'SUBAGENT_STARTED', subagentRunId: 'two', name: 'burner' });
  send({ type: 'SUBAGENT_ERROR', subagentRunId: 'two', message: 'burnt' });
}
