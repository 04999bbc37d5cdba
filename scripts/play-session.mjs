/** @typedef {import('../src/index.js').HttpGraphRunService} HttpGraphRunService */
/** @typedef {import('../src/index.js').Graph} Graph */
/** @typedef {import('../src/index.js').JsonObject} JsonObject */

/**
 * Runs a graph and answers its questions in order, until it has ended or there is no answer left.
 *
 * @param {HttpGraphRunService} service
 * @param {string} graphId
 * @param {Graph} graph
 * @param {readonly string[]} [answers]
 * @returns {Promise<string>} the session
 */
export async function playSession(service, graphId, graph, answers = []) {
  const left = [...answers];
  const { sessionId } = await service.createSession({ graphId, graph });
  for await (const { messages } of service.connectSession(sessionId)) {
    for (const message of messages) {
      if (message.kind !== 'event' || message.event.type !== 'inputRequired') continue;
      const text = left.shift();
      if (text === undefined) return sessionId;
      const { interactionId, suspendEvent } = message.event;
      await service.resumeSession(sessionId, interactionId, responseTo(suspendEvent, text));
    }
  }
  return sessionId;
}

/** @param {JsonObject} suspendEvent @param {string} text @returns {JsonObject} */
function responseTo(suspendEvent, text) {
  const content = { role: 'user', parts: [{ text }] };
  if ('inputNode' in suspendEvent) return { request: content };
  if ('waitForInput' in suspendEvent) return { input: content };
  const { choices } = /** @type {{choices: {id: string, content: {parts: {text: string}[]}}[]}} */ (
    /** @type {unknown} */ (suspendEvent['waitForChoice'])
  );
  const ids = choices.filter((choice) => choice.content.parts[0]?.text === text).map(({ id }) => id);
  return { selected: { ids } };
}
