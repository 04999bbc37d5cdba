import { isTerminalStatus, type SessionStatus, type SessionSummary } from '../protocol/session-summary.js';

/** Which sessions are wanted: all, those with an open question, or those of one status. */
export type StatusFilter = 'all' | 'needs-input' | SessionStatus;

/** What the list is narrowed to. */
export interface SessionFilter {
  readonly status: StatusFilter;
  /** Words that must all occur; capitals and accents do not count. */
  readonly text: string;
}

/** Everything. */
export const NO_FILTER: SessionFilter = { status: 'all', text: '' };

/** True when the filter narrows nothing. */
export function isNoFilter({ status, text }: SessionFilter): boolean {
  return status === 'all' && text.trim() === '';
}

/** True for a session with an open question, also while other nodes of it are at work. */
export function needsInput(session: SessionSummary): boolean {
  return session.pendingInputs > 0 && !isTerminalStatus(session.status);
}

/** Fewer characters of an id would find sessions by chance. */
const MIN_ID_LENGTH = 4;

/** Makes the test of a filter; it is cheap enough to be run for 10,000 sessions while somebody types. */
export function matcherOf({ status, text }: SessionFilter): (session: SessionSummary) => boolean {
  const words = fold(text).split(/\s+/).filter(Boolean);
  return (session) => {
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

/** A summary is never changed, so its text is folded once. */
const haystacks = new WeakMap<SessionSummary, string>();

function haystackOf(session: SessionSummary): string {
  const known = haystacks.get(session);
  if (known !== undefined) return known;
  const { title, graphTitle, input, output, question } = session;
  const haystack = fold([title, graphTitle, input, output, question].filter(Boolean).join('\n'));
  haystacks.set(session, haystack);
  return haystack;
}

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
