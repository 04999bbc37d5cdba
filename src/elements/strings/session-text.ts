import { consentName } from '../../protocol/interaction-text.js';
import { isTerminalStatus, type SessionStatus, type SessionSummary } from '../../protocol/session-summary.js';
import type { NodeStatus } from '../../protocol/session-state.js';
import { plainName, withoutDirection } from '../../protocol/plain-name.js';
import { plainLine } from './plain-line.js';
import type { PanelStrings } from './english.js';
import { duration, runningDuration } from './duration.js';
import { shortDateTime, timeLocale } from './time-format.js';
import type { SessionOperation } from '../../controller/session-history-controller.js';
import { errorText } from './error-text.js';

/** The word for a status; an unknown status is returned as it is. */
export function statusWord(status: SessionStatus, strings: PanelStrings): string {
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
export function statusExplanation(status: SessionStatus, strings: PanelStrings): string {
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
 * the graph with the input, otherwise the input, the output or the start time. Never its id.
 */
export function sessionTitle(session: SessionSummary, strings: PanelStrings): string {
  const { graphTitle, input, output } = session;
  const title = plainName(session.title ?? '');
  if (title !== '') {
    const isGiven = graphTitle !== undefined;
    return isGiven || input === undefined ? title : strings.titleWithInput(title, plainLine(input));
  }
  const text = [input, output].map((line) => plainName(plainLine(line ?? ''))).find((line) => line !== '');
  if (text !== undefined) return text;
  if (session.createdAt <= 0) return strings.untitled;
  return strings.untitledAt(shortDateTime(session.createdAt * 1000, timeLocale(strings.locale)));
}

/**
 * The open question in a row of the list. The server sends a request for consent in English; the kinds that
 * the catalogue names get the words of the question's card.
 */
export function rowQuestion(question: string, strings: PanelStrings): string {
  const consent = Object.entries(strings.consentNames).find(([kind]) => consentName(kind) === question);
  return consent === undefined ? plainLine(question) : strings.consentAsked(consent[1]);
}

/** The default title of a session: the one it has, or would have, without a title given by a person. */
export function usualTitle(session: SessionSummary, strings: PanelStrings): string {
  const { title, graphTitle, ...rest } = session;
  const usual = graphTitle ?? title ?? '';
  return sessionTitle(usual === '' ? rest : { ...rest, title: usual }, strings);
}

/** The second line of a row; `tone` sets its colour. */
export interface SessionDetail {
  readonly text: string;
  readonly tone: 'plain' | 'ask' | 'failed';
}

/** The most important fact about a session: its question, error, current node or output. */
export function sessionDetail(session: SessionSummary, strings: PanelStrings): SessionDetail {
  const { status, pendingInputs, question, error, currentNode, output } = session;
  if (!isTerminalStatus(status) && pendingInputs > 0) {
    if (pendingInputs > 1) return { text: strings.questionsOpen(pendingInputs), tone: 'ask' };
    const text =
      question === undefined ? strings.statusSuspended : strings.asks(rowQuestion(question, strings));
    return { text, tone: 'ask' };
  }
  if (status === 'failed') return { text: withoutDirection(error ?? strings.statusFailed), tone: 'failed' };
  if (status === 'running') return { text: plainName(currentNode ?? '') || strings.starting, tone: 'plain' };
  if (status === 'completed') {
    const text = output === undefined ? strings.statusCompleted : plainLine(output);
    return { text, tone: 'plain' };
  }
  return { text: statusWord(status, strings), tone: 'plain' };
}

/**
 * “3 of 7 · 42 s”: progress and duration. Leaves out the duration while the session waits for a person, when
 * it means nothing.
 */
export function sessionProgress(session: SessionSummary, nowMs: number, strings: PanelStrings): string {
  const { status, nodesTotal, createdAt, endedAt } = session;
  const parts: string[] = [];
  if (nodesTotal !== undefined && nodesTotal > 0) {
    parts.push(strings.nodesDone(nodesDone(session), nodesTotal));
  }
  if (createdAt > 0) {
    if (status === 'running') parts.push(runningDuration(nowMs - createdAt * 1000, strings));
    else if (endedAt !== undefined) parts.push(duration((endedAt - createdAt) * 1000, strings));
  }
  return parts.join(' · ');
}

/** How many nodes have completed; from a server that does not report it: how many have ended. */
export function nodesDone({ nodesCompleted, nodesEnded }: SessionSummary): number {
  return nodesCompleted ?? nodesEnded ?? 0;
}

/** The word for the status of a node. */
export function nodeStatusWord(status: NodeStatus, strings: PanelStrings): string {
  if (status === 'waiting') return strings.nodeWaiting;
  return status === 'skipped' ? strings.nodeSkipped : statusWord(status, strings);
}

/** “3 completed, 1 failed, 2 skipped”: how many nodes have each status; empty without nodes. */
export function nodeCounts(statuses: readonly NodeStatus[], strings: PanelStrings): string {
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
export function operationText({ kind, error }: SessionOperation, strings: PanelStrings): string | undefined {
  if (error !== undefined) return undefined;
  return { cancel: strings.cancelling, delete: strings.deleting, rename: undefined, pin: undefined }[kind];
}

/** The reason why an operation failed; undefined if it has not failed. */
export function operationFailure(
  { kind, error }: SessionOperation,
  strings: PanelStrings,
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
