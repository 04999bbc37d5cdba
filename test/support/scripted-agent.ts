/** An agent that speaks AG-UI over real sockets and does what a test says. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isJsonObject, parseJson, type JsonObject } from '../../src/protocol/values/json.js';

/** What a test does with one request: it has the events of AG-UI in its hands, not their bytes. */
export interface AgentRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** `RunAgentInput` of AG-UI. */
  readonly input: JsonObject;
  /** Sends events as one piece of the network. */
  send(...events: readonly JsonObject[]): void;
  /** Ends the stream as an agent does. */
  end(): void;
  /** Breaks the connection. */
  destroy(): void;
  /** Resolves when the caller has gone. */
  readonly left: Promise<void>;
  readonly response: ServerResponse;
}

/** The script of an agent: called once for each request, in the order of their arrival. */
export type AgentScript = (request: AgentRequest) => void | Promise<void>;

/** A running agent. */
export interface ScriptedAgent {
  readonly url: string;
  /** All inputs so far, oldest first. */
  readonly inputs: readonly JsonObject[];
  /** All paths that were requested, oldest first. */
  readonly paths: readonly string[];
  close(): Promise<void>;
}

/** Starts an agent on a free port. */
export async function startAgent(script: AgentScript): Promise<ScriptedAgent> {
  const inputs: JsonObject[] = [];
  const paths: string[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.on('end', () => {
      const input = parseJson(text);
      inputs.push(isJsonObject(input) ? input : {});
      paths.push(request.url ?? '');
      const start = () => {
        if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      };
      void script({
        path: request.url ?? '',
        headers: request.headers,
        input: inputs.at(-1) ?? {},
        response,
        send(...events) {
          start();
          response.write(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
        },
        end() {
          start();
          response.end();
        },
        destroy: () => response.destroy(),
        left: new Promise((resolve) => response.on('close', () => resolve())),
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The agent has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/run`,
    inputs,
    paths,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The first event of a run. */
export function runStarted({ threadId = '', runId = '' }: JsonObject): JsonObject {
  return { type: 'RUN_STARTED', threadId, runId };
}

/** The last event of a run: with interrupts, if there are any. */
export function runFinished(
  { threadId = '', runId = '' }: JsonObject,
  ...interrupts: readonly JsonObject[]
): JsonObject {
  const outcome = interrupts.length === 0 ? { type: 'success' } : { type: 'interrupt', interrupts };
  return { type: 'RUN_FINISHED', threadId, runId, outcome };
}

/** A whole message of the agent. */
export function says(text: string, messageId = `m-${text}`): readonly JsonObject[] {
  return [
    { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: text },
    { type: 'TEXT_MESSAGE_END', messageId },
  ];
}
