import { shortText } from '../../../protocol/content.js';
import { questionText } from '../../../protocol/questions/interaction-text.js';
import { toInteraction } from '../../../protocol/questions/interactions.js';
import { isJsonObject, isText, type JsonObject } from '../../../protocol/values/json.js';
import { withLabels, type SessionLabels } from '../../../protocol/session-labels.js';
import type { SessionSummary } from '../../../protocol/session-summary.js';
import type { LangGraphQuestions } from '../langgraph-questions.js';
import type { InterruptRecord, ThreadRecord } from '../langgraph-records.js';
import { isAsNew, NOT_WAITING, type Waiting } from './turn-reader.js';
import { isActive, LABELS_MEMBER, sessionIdOf, turnEnd, turnUpdatedMs, type Turn } from './turns.js';

/**
 * The row of a turn in the list, from what the search and the runs of its thread say.
 *
 * @param waiting what it waits for, or what a past turn waited for when the next one began
 */
export function turnRow(
  turn: Turn,
  thread: ThreadRecord,
  title: string,
  questions: LangGraphQuestions,
  waiting: Waiting = NOT_WAITING,
): SessionSummary {
  // What the thread says of a run that has ended since is no longer so.
  const isCurrent = !turn.isPast && isAsNew(thread, turn);
  const isBusy = turn.runs.some(isActive) || (isCurrent && thread.status === 'busy');
  const count = waiting.isPaused ? 1 : waiting.questions.length;
  const end = isBusy ? undefined : turnEnd(turn, count > 0);
  const updatedAt = turnUpdatedMs(turn) / 1000;
  const first = turn.runs[0];
  const isOpen = end === undefined;
  const [asked] = isOpen ? waiting.questions : [];
  const row: SessionSummary = {
    sessionId: sessionIdOf(turn),
    status: end ?? (isBusy ? 'running' : 'suspended'),
    createdAt: (first?.createdMs ?? 0) / 1000,
    updatedAt,
    pendingInputs: isOpen ? count : 0,
    title,
    ...text('input', inputText(first?.input)),
    ...text('question', asked === undefined ? undefined : textOfQuestion(asked, questions)),
    ...(isOpen && count > 0 ? { waitingSince: updatedAt } : {}),
    ...(isOpen ? {} : { endedAt: updatedAt }),
    ...groupOf(turn),
  };
  return withLabels(row, labelsOf(turn, thread.metadata));
}

function groupOf({ threadId, position, count }: Turn): Pick<SessionSummary, 'group'> {
  return count < 2 ? {} : { group: { id: threadId, position, size: count } };
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
