import { isJsonObject, parseJson } from '../protocol/values/json.js';
import { sinceStart, type SinceFilter } from './since-filter.js';
import { isTerminalStatus, type SessionStatus, type SessionSummary } from '../protocol/session-summary.js';

/** Filter by status: all sessions, those with an open question, or those of one status. */
export type StatusFilter = 'all' | 'needs-input' | SessionStatus;

/** A filter of the list. */
export interface SessionFilter {
  readonly status: StatusFilter;
  /** Words that must all occur; case and accents are ignored. */
  readonly text: string;
  /** Default: any time. */
  readonly since?: SinceFilter;
}

/** The filter that every session passes. */
export const ALL_SESSIONS: SessionFilter = { status: 'all', text: '' };

/** Reads a filter that was written as JSON; undefined when there is none, or when the text is something else. */
export function parseFilter(text: string | undefined): SessionFilter | undefined {
  const value = text === undefined ? undefined : parseJson(text);
  if (!isJsonObject(value)) return undefined;
  const { status, text: words, since } = value;
  if (typeof status !== 'string' || typeof words !== 'string') return undefined;
  const isTime = typeof since === 'string' && sinceStart(since, 0) !== undefined;
  return { status, text: words, ...(isTime ? { since } : {}) };
}

/** True if every session passes the filter. */
export function isNoFilter({ status, text, since }: SessionFilter): boolean {
  return status === 'all' && text.trim() === '' && since === undefined;
}

/** True for a session with an open question, even while its other nodes are running. */
export function needsInput(session: SessionSummary): boolean {
  return session.pendingInputs > 0 && !isTerminalStatus(session.status);
}

/** Shorter words are not compared with ids: they would match by chance. */
const MIN_ID_LENGTH = 4;

/** Creates the predicate of a filter. It is cheap enough for 10,000 sessions while a person types. */
export function matcherOf({ status, text, since }: SessionFilter): (session: SessionSummary) => boolean {
  const words = normalised(text).split(/\s+/).filter(Boolean);
  const startSeconds = since === undefined ? undefined : sinceStart(since, Date.now());
  return (session) => {
    if (startSeconds !== undefined && session.createdAt < startSeconds) return false;
    if (status === 'needs-input' && !needsInput(session)) return false;
    if (status !== 'all' && status !== 'needs-input' && session.status !== status) return false;
    if (words.length === 0) return true;
    const haystack = haystackOf(session);
    const id = session.sessionId.toLowerCase();
    return words.every(
      (word) => haystack.includes(word) || (word.length >= MIN_ID_LENGTH && id.startsWith(word)),
    );
  };
}

/** The texts of a session that the search looks into, besides the beginning of its id. */
const SEARCHED = [
  'title',
  'graphTitle',
  'graphId',
  'startedBy',
  'answeredBy',
  'input',
  'answer',
  'output',
  'result',
  'question',
  'error',
  'failedNode',
  'currentNode',
  'otherNode',
] as const satisfies readonly (keyof SessionSummary)[];

/** Normalised text of each summary. A summary is immutable, so it is computed once. */
const haystacks = new WeakMap<SessionSummary, string>();

function haystackOf(session: SessionSummary): string {
  const known = haystacks.get(session);
  if (known !== undefined) return known;
  const haystack = normalised(
    SEARCHED.map((name) => session[name])
      .filter(Boolean)
      .join('\n'),
  );
  haystacks.set(session, haystack);
  return haystack;
}

/** A text as it is compared in a search: without accents, in lower case. */
export function normalised(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
