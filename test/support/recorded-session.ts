import { SCENARIO_GRAPHS } from '../../src/conformance/scenarios.js';
import { readSession } from '../../src/conformance/watching.js';
import { textContent } from '../../src/protocol/content.js';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import { toInteraction, toResponse } from '../../src/protocol/questions/interactions.js';
import type { GraphRunService } from '../../src/service/graph-run-service.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import {
  DEFAULT_BASE_PATH,
  startServer,
  type RunningServer,
  type StartServerOptions,
} from '../../src/server/index.js';

/** Starts the reference server with the example node types, one request per connection. */
export async function startTestServer(options: Partial<StartServerOptions> = {}): Promise<RunningServer> {
  const running = await startServer({
    port: 0,
    runner: createGraphRunner({ handlers: exampleHandlers }),
    ...options,
  });
  running.server.maxRequestsPerSocket = 1;
  return running;
}

/** Returns the address of the sessions of a server. */
export function baseUrlOf(server: { readonly url: string }): string {
  return `${server.url}${DEFAULT_BASE_PATH}`;
}

/** Answers a question with some text, or with its first choice. */
export async function answerQuestion(
  service: GraphRunService,
  sessionId: string,
  event: GraphRunEvent,
  text = 'grüne Bohnen 🫘',
): Promise<void> {
  if (event.type !== 'inputRequired') return;
  const interaction = toInteraction(event);
  const response =
    interaction.kind === 'choice'
      ? toResponse(interaction, { kind: 'choice', selectedIds: [interaction.choices[0]?.id ?? ''] })
      : toResponse(interaction, { kind: 'text', content: textContent(text) });
  await service.resumeSession(sessionId, event.interactionId, response);
}

/** Runs a session with two questions to its end; returns its id and its log. */
export async function finishedSession(
  service: GraphRunService,
): Promise<{ readonly sessionId: string; readonly log: readonly GraphRunEvent[] }> {
  const { sessionId } = await service.createSession({
    graphId: 'faults',
    graph: SCENARIO_GRAPHS.twoQuestions,
  });
  const asked = await readSession(
    service,
    sessionId,
    ({ events }) => events.filter(({ type }) => type === 'inputRequired').length === 2,
  );
  for (const event of asked.events) await answerQuestion(service, sessionId, event);
  const { events } = await readSession(service, sessionId);
  return { sessionId, log: events };
}

/** The bytes that the server sends to connections to this session, by cursor. */
export type Recording = ReadonlyMap<number, Uint8Array>;

/** Records the stream after each event of a finished session. */
export async function recordStreams(
  baseUrl: string,
  sessionId: string,
  log: readonly GraphRunEvent[],
): Promise<Recording> {
  const recording = new Map<number, Uint8Array>();
  for (const after of [-1, ...log.keys()]) {
    const response = await fetch(`${baseUrl}/${sessionId}?after=${after}&protocol=1`);
    recording.set(after, new Uint8Array(await response.arrayBuffer()));
  }
  return recording;
}
