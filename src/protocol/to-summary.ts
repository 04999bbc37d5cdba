import { plainName } from './values/plain-name.js';
import { shortText } from './content.js';
import { isTerminalStatus, type SessionSummary } from './session-summary.js';
import { hasEnded } from './has-ended.js';
import type { SessionState } from './session-state.js';
import { totalUsage } from './usage.js';
import { questionText } from './questions/interaction-text.js';

/** Reduces the state of a session to its row in the list. */
export function toSummary(state: SessionState): SessionSummary {
  const nodes = [...state.nodes.values()];
  const first = state.pending.values().next().value;
  const running = nodes.filter((node) => node.status === 'running');
  const current = running.at(-1);
  const failed = nodes.find((node) => node.status === 'failed');
  const usage = totalUsage(state.usage ?? []);
  const isTerminal = isTerminalStatus(state.status);
  return {
    sessionId: state.sessionId,
    status: state.status,
    createdAt: (state.createdTs ?? 0) / 1000,
    updatedAt: (state.updatedTs ?? state.createdTs ?? 0) / 1000,
    pendingInputs: state.pending.size,
    nodesTotal: nodes.length,
    nodesEnded: nodes.filter((node) => hasEnded(node.status)).length,
    nodesCompleted: nodes.filter((node) => node.status === 'completed').length,
    ...(isTerminal ? {} : { nodesRunning: running.length }),
    ...(state.rerunOf === undefined ? {} : { rerunOf: state.rerunOf }),
    ...text('startedBy', plainName(state.startedBy ?? '')),
    ...text('answeredBy', (state.answeredBy ?? []).map(plainName).filter(Boolean).reverse().join(', ')),
    ...text('title', plainName(state.outline?.title ?? '')),
    ...text('input', state.inputText),
    ...text('answer', state.inputText === undefined ? state.answerText : undefined),
    ...text('output', state.outputText),
    ...(state.resultText === undefined ? {} : { result: state.resultText }),
    ...text('error', state.error),
    ...text('failedNode', state.status === 'failed' ? failed?.title : undefined),
    ...text('waitedFor', state.waitedFor),
    ...text('question', first === undefined ? undefined : questionText(first)),
    ...seconds('waitingSince', first?.askedTs),
    ...text('currentNode', current?.title),
    ...text('otherNode', running.at(-2)?.title),
    ...(usage === undefined ? {} : { usage }),
    ...seconds('currentNodeSince', current?.startedTs),
    ...(isTerminal && state.updatedTs !== undefined ? { endedAt: state.updatedTs / 1000 } : {}),
  };
}

function seconds(key: string, ms: number | undefined): Record<string, number> {
  return ms === undefined ? {} : { [key]: ms / 1000 };
}

function text(key: string, value: string | undefined): Record<string, string> {
  const line = value === undefined ? undefined : shortText(value);
  return line === undefined ? {} : { [key]: line };
}
