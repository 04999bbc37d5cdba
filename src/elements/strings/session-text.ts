import { consentName } from '../../protocol/questions/consent-name.js';
import type { SessionStatus, SessionSummary } from '../../protocol/session-summary.js';
import type { NodeStatus } from '../../protocol/session-state.js';
import { plainName, withoutDirection } from '../../protocol/values/plain-name.js';
import { plainLine } from './plain-line.js';
import type { FirstStrings } from './first-english.js';
import { duration, runningDuration } from './duration.js';
import { needsInput } from '../../controller/session-filter.js';
import { minuteText, shortDateTime, timeLocale } from './time-format.js';
import type { SessionOperation } from '../../controller/session-history-controller.js';
import { errorText } from './error-text.js';
import { SOON_MS, waitingTime } from './waiting-time.js';

/** The word for a status; an unknown status is returned as it is. */
export function statusWord(status: SessionStatus, strings: FirstStrings): string {
  switch (status) {
    case 'running':
      return strings.statusRunning;
    case 'suspended':
      return strings.statusSuspended;
    case 'completed':
      return strings.statusCompleted;
    case 'failed':
      return strings.statusFailed;
    case 'cancelled':
      return strings.statusCancelled;
    default:
      return status;
  }
}

/** One sentence that explains a status; empty for an unknown one. */
export function statusExplanation(status: SessionStatus, strings: FirstStrings): string {
  switch (status) {
    case 'running':
      return strings.explainRunning;
    case 'suspended':
      return strings.explainSuspended;
    case 'completed':
      return strings.explainCompleted;
    case 'failed':
      return strings.explainFailed;
    case 'cancelled':
      return strings.explainCancelled;
    default:
      return '';
  }
}

/**
 * The title by which a person recognises a session: the title that a person gave it, otherwise the title of
 * the graph with the input, otherwise the input or the start time. Never its id, and nothing that changes later.
 */
export function sessionTitle(session: SessionSummary, strings: FirstStrings): string {
  const { graphTitle, input } = session;
  const title = plainName(session.title ?? '');
  if (title !== '') {
    const isGiven = graphTitle !== undefined;
    return isGiven || input === undefined ? title : strings.titleWithInput(title, plainLine(input));
  }
  const text = plainName(plainLine(input ?? ''));
  if (text !== '') return text;
  if (session.createdAt <= 0) return strings.untitled;
  return strings.untitledAt(shortDateTime(session.createdAt * 1000, timeLocale(strings.locale)));
}

/** The name of a session's graph: its title, else its id; empty where neither is known. */
export function graphName({ graphId = '', title, graphTitle }: SessionSummary): string {
  return plainName(graphTitle ?? title ?? '') || graphId;
}

/** The name of a session's graph in a list of all graphs, where the title of the session does not begin with it; else empty. */
export function graphLabel(session: SessionSummary): string {
  const { graphId, title, graphTitle } = session;
  const isInTitle = graphTitle === undefined && plainName(title ?? '') !== '';
  return graphId === undefined || isInTitle ? '' : graphName(session);
}

/**
 * The open question in a row of the list. The server sends a request for consent in English; the kinds that
 * the catalogue names get the words of the question's card.
 */
export function rowQuestion(question: string, strings: FirstStrings): string {
  const consent = Object.entries(strings.consentNames).find(([kind]) => consentName(kind) === question);
  return consent === undefined ? plainLine(question) : strings.consentAsked(consent[1]);
}

/** The default title of a session: the one it has, or would have, without a title given by a person. */
export function usualTitle(session: SessionSummary, strings: FirstStrings): string {
  const { title, graphTitle, ...rest } = session;
  const usual = graphTitle ?? title ?? '';
  return sessionTitle(usual === '' ? rest : { ...rest, title: usual }, strings);
}

/** A text in a row; `tone` sets its colour. */
export interface SessionDetail {
  readonly text: string;
  readonly tone: 'plain' | 'ask' | 'failed';
  /** “+4”: how much more there is. It stays visible where the text is cut. */
  readonly more?: string;
}

/** The most important fact about a session: its question, error, running nodes or result. */
export function sessionDetail(session: SessionSummary, nowMs: number, strings: FirstStrings): SessionDetail {
  const { status, pendingInputs, question, error, failedNode, waitedFor } = session;
  if (needsInput(session)) {
    const text =
      question === undefined ? strings.statusSuspended : strings.asks(rowQuestion(question, strings));
    return { text, tone: 'ask', ...(pendingInputs > 1 ? { more: `+${pendingInputs - 1}` } : {}) };
  }
  if (status === 'failed') {
    const text = error === undefined ? strings.statusFailed : strings.sentence(withoutDirection(error));
    const node = plainName(failedNode ?? '');
    // Some engines name the node in the error.
    return { text: node === '' || text.includes(node) ? text : `${node}: ${text}`, tone: 'failed' };
  }
  if (isSilent(session)) {
    const time = minuteText(session.silentSince * 1000, nowMs, timeLocale(strings.locale));
    return { text: strings.silentRow(time), tone: 'plain' };
  }
  if (status === 'running') return { tone: 'plain', ...runningNodes(session, nowMs, strings) };
  if (status === 'completed') return { text: resultLine(session) || strings.statusCompleted, tone: 'plain' };
  if (status === 'cancelled' && waitedFor !== undefined) {
    return { text: strings.cancelledWaitingFor(plainName(waitedFor)), tone: 'plain' };
  }
  return { text: statusWord(status, strings), tone: 'plain' };
}

/** True for a run that its engine calls running but may have lost: nothing says that time passes for it. */
function isSilent(session: SessionSummary): session is SessionSummary & { readonly silentSince: number } {
  return session.status === 'running' && session.silentSince !== undefined;
}

/** “Find themes · 9 s”, or “Cover, Essay +2” for several nodes. */
function runningNodes(
  { currentNode, currentNodeSince, otherNode, nodesRunning }: SessionSummary,
  nowMs: number,
  strings: FirstStrings,
): Pick<SessionDetail, 'text' | 'more'> {
  const [other, current] = [plainName(otherNode ?? ''), plainName(currentNode ?? '')];
  if (current === '') return { text: strings.starting };
  if (other !== '') {
    const others = (nodesRunning ?? 2) - 2;
    return { text: `${other}, ${current}`, ...(others > 0 ? { more: `+${others}` } : {}) };
  }
  if (currentNodeSince === undefined) return { text: current };
  return { text: `${current} · ${runningDuration(nowMs - currentNodeSince * 1000, strings)}` };
}

/** The beginning of the result, with “ / ” for its line breaks; from an older server, the newest output. */
function resultLine({ result, output }: SessionSummary): string {
  const lines = (result ?? output ?? '').split('\n').map(plainLine);
  return lines.filter((line) => line !== '').join(' / ');
}

/** True while the row of a session has a clock that counts seconds. */
export function isCounting(session: SessionSummary, nowMs: number): boolean {
  return session.status === 'running' || (waitedMs(session, nowMs) ?? SOON_MS) < SOON_MS;
}

/** How long a session has waited for input; undefined if it does not, or if that is unknown. */
function waitedMs(session: SessionSummary, nowMs: number): number | undefined {
  const { status, updatedAt, waitingSince } = session;
  const since = waitingSince ?? (status === 'suspended' ? updatedAt : 0);
  return needsInput(session) && since > 0 ? nowMs - since * 1000 : undefined;
}

/** How far a session is or how long it took, at the end of the first line of its row; `ask`: how long it waits. */
export function sessionProgress(
  session: SessionSummary,
  nowMs: number,
  strings: FirstStrings,
): Pick<SessionDetail, 'text' | 'tone'> {
  const { status, nodesTotal, createdAt, endedAt } = session;
  const waited = waitedMs(session, nowMs);
  if (waited !== undefined) return { text: waitingTime(waited, strings), tone: 'ask' };
  const nodes =
    nodesTotal === undefined || nodesTotal === 0 ? [] : [strings.nodesDone(nodesDone(session), nodesTotal)];
  if (status === 'running' && createdAt > 0 && !isSilent(session)) {
    nodes.push(runningDuration(nowMs - createdAt * 1000, strings));
  }
  const isTimed = createdAt > 0 && endedAt !== undefined;
  if (status !== 'completed' || !isTimed) return { text: nodes.join(' · '), tone: 'plain' };
  return { text: duration((endedAt - createdAt) * 1000, strings), tone: 'plain' };
}

/** How many nodes have completed; from a server that does not report it: how many have ended. */
export function nodesDone({ nodesCompleted, nodesEnded }: SessionSummary): number {
  return nodesCompleted ?? nodesEnded ?? 0;
}

/** The word for the status of a node. */
export function nodeStatusWord(status: NodeStatus, strings: FirstStrings): string {
  if (status === 'waiting') return strings.nodeWaiting;
  return status === 'skipped' ? strings.nodeSkipped : statusWord(status, strings);
}

/** “3 completed, 1 failed, 2 skipped”: how many nodes have each status; empty without nodes. */
export function nodeCounts(statuses: readonly NodeStatus[], strings: FirstStrings): string {
  return NODE_STATUS_ORDER.flatMap((status) => {
    const count = statuses.filter((other) => other === status).length;
    const word = nodeStatusWord(status, strings).toLocaleLowerCase(strings.locale);
    return count === 0 ? [] : `${count} ${word}`;
  }).join(', ');
}

const NODE_STATUS_ORDER: readonly NodeStatus[] = [
  'completed',
  'failed',
  'cancelled',
  'skipped',
  'suspended',
  'running',
  'waiting',
];

/** The operation in progress: “Cancelling…”; undefined for one that is immediate or has failed. */
export function operationText({ kind, error }: SessionOperation, strings: FirstStrings): string | undefined {
  if (error !== undefined) return undefined;
  return { cancel: strings.cancelling, delete: strings.deleting, rename: undefined, pin: undefined }[kind];
}

/** The reason why an operation failed; undefined if it has not failed. */
export function operationFailure(
  { kind, error }: SessionOperation,
  strings: FirstStrings,
): string | undefined {
  if (error === undefined) return undefined;
  const failed = {
    cancel: strings.cancelFailed,
    delete: strings.deleteFailed,
    rename: strings.renameFailed,
    pin: strings.pinFailed,
  }[kind];
  return failed(errorText(error, strings));
}
