import type { RerunOf } from './events.js';
import { isFilledText, isFiniteNumber, isJsonObject, isText, pickMembers } from './values/json.js';
import { parseUsage, type Usage } from './usage.js';
import { GraphRunError } from './problems.js';

/** The session statuses that the protocol defines. */
export const SESSION_STATUSES = ['running', 'suspended', 'completed', 'failed', 'cancelled'] as const;

/** A status of the protocol. `suspended`: it waits for a person and nothing else is running. */
export type KnownSessionStatus = (typeof SESSION_STATUSES)[number];

/** A status as received: a newer server may send an unknown one, which is shown as it is. */
export type SessionStatus = KnownSessionStatus | (string & {});

/** True for the three statuses that a session never leaves. */
export function isTerminalStatus(status: SessionStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/**
 * A session as a row of the list: an immutable snapshot, folded from its log.
 * Everything after `pendingInputs` is optional on the wire; all texts are plain and short.
 */
export interface SessionSummary {
  readonly sessionId: string;
  readonly status: SessionStatus;
  /** Seconds since 1970, with a fraction. */
  readonly createdAt: number;
  /** Seconds since 1970, with a fraction: when its newest event was logged. */
  readonly updatedAt: number;
  /** Number of open questions, also while the session is `running`. */
  readonly pendingInputs: number;
  /** The id of its graph, in a list of all graphs. */
  readonly graphId?: string;
  /** The session that this one runs again. */
  readonly rerunOf?: RerunOf;
  /** The name of who started it, where the server gives one. */
  readonly startedBy?: string;
  /** The names of those who answered, the newest first, where the server gives them. */
  readonly answeredBy?: string;
  /** Title of the graph, or the one that a person gave the session. */
  readonly title?: string;
  /** Title of the graph, if a person gave the session another one; empty when the graph has none. */
  readonly graphTitle?: string;
  /** True when a person pinned it to the top of the list. */
  readonly pinned?: boolean;
  /** True for a record that was imported from a file: its run was somewhere else, and cannot be run again. */
  readonly imported?: boolean;
  /** The answer that the run began with, if it is one text, e.g. “Green beans”; older servers: the first answer of any kind. */
  readonly input?: string;
  /** First answer of a person, if it is not `input`. */
  readonly answer?: string;
  /** Newest output of a node, e.g. “Steel lines hum at dusk”. */
  readonly output?: string;
  /** The beginning of the outputs of a completed graph, with its line breaks. */
  readonly result?: string;
  /** Title of the last node in the order of the graph that is running, and when it started, in seconds since 1970. */
  readonly currentNode?: string;
  readonly currentNodeSince?: number;
  /** Title of the running node before that. */
  readonly otherNode?: string;
  /** Number of running nodes, while the session has not ended. */
  readonly nodesRunning?: number;
  /** When the oldest open question was asked, in seconds since 1970. */
  readonly waitingSince?: number;
  /**
   * When a running session gave its last sign, in seconds since 1970, if its engine may have lost it; only adapters of other
   * engines set it.
   */
  readonly silentSince?: number;
  /** Title of the first failed node of a failed session. */
  readonly failedNode?: string;
  /** Title of the node that waited for an answer when the session was cancelled. */
  readonly waitedFor?: string;
  /** Text of the oldest open question. */
  readonly question?: string;
  /** Why it failed. */
  readonly error?: string;
  /** Number of nodes of the graph, how many of them have ended (in any way), and how many of these have completed. */
  readonly nodesTotal?: number;
  readonly nodesEnded?: number;
  readonly nodesCompleted?: number;
  /** What its calls of models used, as far as they report it. */
  readonly usage?: Usage;
  /** The conversation that it is a turn of. */
  readonly group?: SessionGroup;
  /** Seconds since 1970 when its terminal event was logged. */
  readonly endedAt?: number;
}

/** The place of a session in a conversation, each turn of which is a session of its own. */
export type SessionGroup = {
  /** The same for all turns of the conversation, and for no other session. */
  readonly id: string;
  /** From 1 to `size`, the oldest turn first. */
  readonly position: number;
  /** Number of turns. */
  readonly size: number;
};

const OPTIONAL_TEXTS = [
  'graphId',
  'startedBy',
  'answeredBy',
  'title',
  'graphTitle',
  'input',
  'answer',
  'output',
  'result',
  'currentNode',
  'otherNode',
  'failedNode',
  'waitedFor',
  'question',
  'error',
] as const;
const OPTIONAL_NUMBERS = [
  'nodesTotal',
  'nodesEnded',
  'nodesCompleted',
  'nodesRunning',
  'currentNodeSince',
  'waitingSince',
  'silentSince',
  'endedAt',
] as const;

/**
 * Reads a row of the monitor stream from untrusted JSON. Optional members of the wrong type are dropped.
 *
 * @throws GraphRunError `protocol-error` when it has no id or no status.
 */
export function parseSessionSummary(value: unknown): SessionSummary {
  if (!isJsonObject(value)) throw new GraphRunError('protocol-error', 'A session must be an object.');
  const { sessionId, status, createdAt, updatedAt, pendingInputs } = value;
  if (typeof sessionId !== 'string' || sessionId === '' || typeof status !== 'string') {
    throw new GraphRunError('protocol-error', 'A session row has no sessionId or no status.');
  }
  const usage = parseUsage(value['usage']);
  const created = isFiniteNumber(createdAt) ? createdAt : 0;
  return {
    sessionId,
    status,
    createdAt: created,
    updatedAt: isFiniteNumber(updatedAt) ? updatedAt : created,
    pendingInputs: isFiniteNumber(pendingInputs) ? pendingInputs : status === 'suspended' ? 1 : 0,
    ...pickMembers(value, OPTIONAL_TEXTS, isText),
    ...pickMembers(value, OPTIONAL_NUMBERS, isFiniteNumber),
    ...(usage === undefined ? {} : { usage }),
    ...(value['pinned'] === true ? { pinned: true } : {}),
    ...(value['imported'] === true ? { imported: true } : {}),
    ...rerunOf(value['rerunOf']),
    ...groupOf(value['group']),
  };
}

function rerunOf(value: unknown): { readonly rerunOf?: RerunOf } {
  if (!isJsonObject(value)) return {};
  const { sessionId, from } = value;
  if (!isText(sessionId)) return {};
  return { rerunOf: { sessionId, ...(isText(from) ? { from } : {}) } };
}

function groupOf(value: unknown): Pick<SessionSummary, 'group'> {
  if (!isJsonObject(value)) return {};
  const { id, position, size } = value;
  const isPlace = Number.isSafeInteger(position) && Number.isSafeInteger(size);
  if (!isFilledText(id) || !isPlace || !isFiniteNumber(position) || !isFiniteNumber(size)) return {};
  return position >= 1 && position <= size ? { group: { id, position, size } } : {};
}
