import { ALL_GRAPHS } from '../../protocol/all-graphs.js';
import { isLLMContent } from '../../protocol/content.js';
import { parseGraph } from '../../protocol/graph.js';
import type { RerunInputs } from '../../protocol/rerun-inputs.js';
import { nextTurn } from '../../protocol/next-turn.js';
import { canonicalJsonPieces, isJsonObject, jsonDepth, type JsonObject } from '../../protocol/values/json.js';
import { GraphRunError } from '../../protocol/problems.js';
import type { ServerLimits } from '../limits.js';
import type { AnyListName, SessionPlan } from '../store/session-store.js';
import { isStorable } from '../store/storable-text.js';

/** The request of a creation; its graph may still have to be loaded. */
export interface ParsedCreation extends Omit<SessionPlan, 'graph'> {
  readonly graphId: string;
  /** The graph of the request; undefined when the host is to load it. */
  readonly graph: SessionPlan['graph'] | undefined;
}

/** Longest id that a request may name, in UTF-16 code units. */
export const MAX_ID_LENGTH = 512;

/**
 * Reads the body of a creation.
 *
 * @throws GraphRunError `missing-graph-id`, `invalid-request`, `invalid-graph` or `graph-too-large`.
 */
export function parseCreation(body: JsonObject, limits: Pick<ServerLimits, 'graph'>): ParsedCreation {
  const { graph, mode = 'interactive' } = body;
  const graphId = parseGraphId(body['graphId']);
  if (graphId === ALL_GRAPHS) throw invalid('“*” stands for all graphs: no graph has it as its “graphId”.');
  if (mode !== 'interactive' && mode !== 'headless') {
    throw invalid('“mode” must be “interactive” or “headless”.');
  }
  return {
    graphId,
    graph: graph === undefined ? undefined : parseGraph(graph, limits.graph),
    mode,
    inputs: parseInputs(body['inputs'], limits.graph.maxDepth),
  };
}

/**
 * Reads the id of a graph, from a body or a query.
 *
 * @throws GraphRunError `missing-graph-id` or `invalid-request`.
 */
export function parseGraphId(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    throw new GraphRunError('missing-graph-id', 'A “graphId” is required.', { status: 400 });
  }
  if (typeof value !== 'string' || value.length > MAX_ID_LENGTH || !isStorable(value)) {
    throw invalid(
      `“graphId” must be a text of at most ${MAX_ID_LENGTH} characters without control characters.`,
    );
  }
  return value;
}

/**
 * Reads which list a query names: that of its `graphId`, or with `graphs=all` that of all graphs.
 *
 * @throws GraphRunError `missing-graph-id` or `invalid-request`.
 */
export function parseListName(principal: string, query: URLSearchParams): AnyListName {
  const graphs = query.get('graphs');
  if (graphs === null) return { principal, graphId: parseGraphId(query.get('graphId')) };
  if (graphs === 'all' && !query.has('graphId')) return { principal, graphId: undefined };
  throw invalid('“graphs” must be “all”, without a “graphId”.');
}

function parseInputs(value: unknown, maxDepth: number): SessionPlan['inputs'] {
  if (value === undefined) return {};
  if (!isJsonObject(value)) throw invalid('“inputs” must be an object.');
  if (jsonDepth(value, maxDepth) > maxDepth) throw invalid('“inputs” is nested too deeply.');
  const inputs: Record<string, SessionPlan['inputs'][string]> = {};
  for (const [nodeId, content] of Object.entries(value)) {
    if (!isLLMContent(content)) throw invalid(`The input of node “${nodeId}” must be content with “parts”.`);
    Object.defineProperty(inputs, nodeId, { value: content, enumerable: true });
  }
  return inputs;
}

/**
 * Reads the key by which a client marks repetitions of a creation.
 *
 * @throws GraphRunError `invalid-request` for an empty or overlong one.
 */
export function parseIdempotencyKey(header: string | null): string | undefined {
  if (header === null) return undefined;
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim();
  if (key === '' || key.length > MAX_ID_LENGTH || !isStorable(key)) {
    throw invalid('“Idempotency-Key” must be a short text.');
  }
  return key;
}

/**
 * Computes a digest of a creation; equal for equal requests, whatever their credential. Lets others work in
 * between: a request may be large.
 */
export function digestOf({ graphId, graph, mode, inputs }: ParsedCreation): Promise<string> {
  return hashOf({ graphId, graph: graph ?? null, mode, inputs } as unknown as JsonObject);
}

/** Computes a digest of a request to run a session again; equal for equal requests. */
export async function digestOfRerun(sessionId: string, { from, inputs }: ParsedRerun): Promise<string> {
  const whole = `rerun:${sessionId}`;
  if (from === undefined && Object.keys(inputs).length === 0) return whole;
  return `${whole}:${await hashOf({ from: from ?? null, inputs } as unknown as JsonObject)}`;
}

async function hashOf(asked: JsonObject): Promise<string> {
  const pieces: string[] = [];
  for (const piece of canonicalJsonPieces(asked)) {
    pieces.push(piece);
    await nextTurn();
  }
  const bytes = new TextEncoder().encode(pieces.join(''));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The request to run a session again. */
export interface ParsedRerun {
  /** The node from which, or `failed`; undefined: all of it. */
  readonly from: string | undefined;
  /** Answers that replace those of the plan, by node id; null removes one. */
  readonly inputs: RerunInputs;
}

/**
 * Reads the body of a request to run a session again.
 *
 * @throws GraphRunError `invalid-request`.
 */
export function parseRerun(body: JsonObject, limits: Pick<ServerLimits, 'graph'>): ParsedRerun {
  const { from } = body;
  if (from !== undefined && (typeof from !== 'string' || from === '')) {
    throw invalid('“from” must be the id of a node, or “failed”.');
  }
  const { inputs } = body;
  const removed = Object.entries(isJsonObject(inputs) ? inputs : {}).filter(([, input]) => input === null);
  const given = isJsonObject(inputs)
    ? Object.fromEntries(Object.entries(inputs).filter(([, input]) => input !== null))
    : inputs;
  const parsed = Object.entries(parseInputs(given, limits.graph.maxDepth));
  return {
    from,
    inputs: Object.fromEntries([...parsed, ...removed.map(([nodeId]) => [nodeId, null] as const)]),
  };
}

/** The request of an answer. */
export interface ParsedResume {
  readonly interactionId: string;
  readonly response: JsonObject;
}

/**
 * Reads the body of an answer.
 *
 * @throws GraphRunError `missing-interaction-id` or `invalid-response`.
 */
export function parseResume(body: JsonObject, maxDepth: number): ParsedResume {
  const { interactionId, response = {} } = body;
  if (typeof interactionId !== 'string' || interactionId === '') {
    throw new GraphRunError('missing-interaction-id', 'Missing “interactionId” in the body.', {
      status: 400,
    });
  }
  if (!isJsonObject(response)) {
    throw new GraphRunError('invalid-response', '“response” must be a JSON object.', { status: 400 });
  }
  if (jsonDepth(response, maxDepth) > maxDepth) {
    throw new GraphRunError('invalid-response', `“response” may be at most ${maxDepth} levels deep.`, {
      status: 400,
    });
  }
  return { interactionId, response };
}

/**
 * Checks that the client accepts a stream of events.
 *
 * @throws GraphRunError `not-acceptable`.
 */
export function checkAccept(accept: string | null): void {
  if (accept === null || accept.trim() === '') return;
  const quality = new Map<string, number>();
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    quality.set(type, q === undefined ? 1 : Number(q.slice(2)));
  }
  const best = quality.get('text/event-stream') ?? quality.get('text/*') ?? quality.get('*/*') ?? 0;
  if (best > 0) return;
  throw new GraphRunError('not-acceptable', 'This is a stream of type text/event-stream.', { status: 406 });
}

function invalid(message: string): GraphRunError {
  return new GraphRunError('invalid-request', message, { status: 400 });
}
