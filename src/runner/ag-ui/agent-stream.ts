import { isJsonObject, parseJson, type JsonObject } from '../../protocol/values/json.js';
import { decodeSse } from '../../protocol/stream/sse.js';
import { sentence } from '../../protocol/sentences.js';

/** An agent that speaks AG-UI over HTTP. */
export interface AgUiAgent {
  /** Address that runs it, for `POST`. */
  readonly url: string | URL;
  /** Headers of each request; `accessToken` is the credential of the person who started the run or answered. */
  readonly headers?: (
    accessToken: string | undefined,
  ) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /**
   * Address that stops a run, for `POST`, by its thread: for runtimes that continue when their caller leaves. Default: the
   * connection is closed, which stops most agents.
   */
  readonly stopUrl?: (threadId: string) => string | URL;
}

/** The failure of an agent, in a sentence for people. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
}

/**
 * Runs an agent once. Yields its events, those of one piece of the network together. Leaving the loop closes the connection.
 *
 * @throws AgentError when it cannot be reached, answers with anything but a stream of events, or its stream breaks; the
 *   reason of the signal, if that aborts.
 */
export async function* runAgent(
  name: string,
  agent: AgUiAgent,
  input: JsonObject,
  accessToken: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly JsonObject[], void, undefined> {
  const body = await open(name, agent, input, accessToken, signal);
  const items = decodeSse(body);
  try {
    for (;;) {
      const next = await items.next().catch((error: unknown) => {
        signal.throwIfAborted();
        throw new AgentError(sentence('agent-broke', { agent: name }), { cause: error });
      });
      if (next.done === true) return;
      yield next.value.flatMap((item) => {
        const event = item.kind === 'message' ? parseJson(item.data) : undefined;
        return isJsonObject(event) ? [event] : [];
      });
    }
  } finally {
    await items.return();
  }
}

async function open(
  name: string,
  agent: AgUiAgent,
  input: JsonObject,
  accessToken: string | undefined,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const response = await post(name, agent, agent.url, JSON.stringify(input), accessToken, signal);
  const type = response.headers.get('Content-Type') ?? '';
  if (response.ok && response.body !== null && /^text\/event-stream\b/i.test(type)) return response.body;
  await response.body?.cancel();
  const answer = type === '' ? String(response.status) : `${response.status} (${type})`;
  throw new AgentError(sentence('agent-no-stream', { agent: name, answer }));
}

/** Asks a runtime to stop a run. Rejects with an AgentError when it does not. */
export async function stopAgent(
  name: string,
  agent: AgUiAgent,
  threadId: string,
  accessToken: string | undefined,
): Promise<void> {
  const url = agent.stopUrl?.(threadId);
  if (url === undefined) return;
  const response = await post(name, agent, url, '{}', accessToken, AbortSignal.timeout(STOP_TIMEOUT_MS));
  await response.body?.cancel();
  if (!response.ok)
    throw new AgentError(sentence('agent-not-stopped', { agent: name, status: response.status }));
}

const STOP_TIMEOUT_MS = 10_000;

async function post(
  name: string,
  { headers }: AgUiAgent,
  url: string | URL,
  body: string,
  accessToken: string | undefined,
  signal: AbortSignal,
): Promise<Response> {
  try {
    const own = await headers?.(accessToken);
    return await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...own },
      body,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new AgentError(sentence('agent-unreachable', { agent: name }), { cause: error });
  }
}
