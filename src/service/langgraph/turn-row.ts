import { shortText } from '../../protocol/content.js';
import { questionText } from '../../protocol/interaction-text.js';
import { toInteraction } from '../../protocol/interactions.js';
import { isJsonObject, isText, type JsonObject } from '../../protocol/json.js';
import { withLabels, type SessionLabels } from '../../protocol/session-labels.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import type { LangGraphQuestions } from './langgraph-questions.js';
import type { InterruptRecord, ThreadRecord } from './langgraph-records.js';
import { isActive, LABELS_MEMBER, sessionIdOf, turnEnd, turnUpdatedMs, type Turn } from './turns.js';

/** The row of a turn in the list, from what the search and the runs of its thread say. */
export function turnRow(
  turn: Turn,
  thread: ThreadRecord,
  title: string,
  questions: LangGraphQuestions,
): SessionSummary {
  // A run may have ended since the search.
  const isBusy = turn.runs.some(isActive) || (!turn.isPast && thread.status === 'busy');
  const open = turn.isPast || turn.cancelledMs !== undefined ? [] : openQuestions(turn, thread);
  const end = isBusy ? undefined : turnEnd(turn, open.length > 0);
  const updatedAt = turnUpdatedMs(turn) / 1000;
  const first = turn.runs[0];
  const [asked] = end === undefined ? open : [];
  const row: SessionSummary = {
    sessionId: sessionIdOf(turn),
    status: end ?? (isBusy ? 'running' : 'suspended'),
    createdAt: (first?.createdMs ?? 0) / 1000,
    updatedAt,
    pendingInputs: end === undefined ? open.length : 0,
    title,
    ...text('input', inputText(first?.input)),
    ...text('question', asked === undefined ? undefined : textOfQuestion(asked, questions)),
    ...(asked === undefined ? {} : { waitingSince: updatedAt }),
    ...(end === undefined ? {} : { endedAt: updatedAt }),
  };
  return withLabels(row, labelsOf(turn, thread.metadata));
}

/** Questions of the thread that no run has answered yet. */
function openQuestions({ runs }: Turn, { interrupts }: ThreadRecord): readonly InterruptRecord[] {
  const answered = new Set(runs.flatMap(({ resume }) => (isJsonObject(resume) ? Object.keys(resume) : [])));
  return interrupts.filter(({ id }) => !answered.has(id));
}

/** The labels that a person has given to a turn. */
export function labelsOf({ turnId }: Pick<Turn, 'turnId'>, metadata: JsonObject): SessionLabels {
  const all = metadata[LABELS_MEMBER];
  const own = isJsonObject(all) ? all[turnId] : undefined;
  if (!isJsonObject(own)) return {};
  const { title, pinned } = own;
  return { ...(isText(title) ? { title } : {}), ...(pinned === true ? { pinned } : {}) };
}

function textOfQuestion({ id, value }: InterruptRecord, questions: LangGraphQuestions): string {
  const suspendEvent = questions.toQuestion(value);
  return questionText(
    toInteraction({ type: 'inputRequired', index: 0, nodeId: '', interactionId: id, suspendEvent }),
  );
}

/** What a run began with, if that is a text, or messages of which the last one counts. */
function inputText(input: JsonObject | undefined): string | undefined {
  const messages = input?.['messages'];
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (isJsonObject(last) && isText(last['content'])) return last['content'];
  return isText(last) ? last : Object.values(input ?? {}).find(isText);
}

function text(key: 'input' | 'question', value: string | undefined): Record<string, string> {
  const line = value === undefined ? undefined : shortText(value);
  return line === undefined ? {} : { [key]: line };
}
