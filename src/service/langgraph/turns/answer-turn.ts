import { isJsonObject, isSameJson, type JsonObject } from '../../../protocol/values/json.js';
import { GraphRunError } from '../../../protocol/problems.js';
import type { ResumeResult } from '../../graph-run-service.js';
import { isMissing } from '../../polled/json-client.js';
import {
  interactionConflict,
  interactionNotFound,
  sessionNotFound,
  sessionTerminal,
} from '../../../protocol/questions/refusals.js';
import { threadPath, type LangGraphClient } from '../langgraph-client.js';
import { possibleValues, type LangGraphQuestions } from '../langgraph-questions.js';
import { parseRun, type InterruptRecord, type RunRecord } from '../langgraph-records.js';
import { continueTurn, runAtBreakpoint } from './continue-turn.js';
import { findTurn, RUN_OPTIONS } from './find-turn.js';
import { isWaiting, type TurnReader } from './turn-reader.js';
import { parseSessionId, turnEnd, type Turn } from './turns.js';

/** An answer, and how often a session that waits is looked at, in milliseconds. */
export interface AnswerOfTurn {
  readonly interactionId: string;
  readonly response: JsonObject;
  readonly pollMs: number;
}

/**
 * Answers a question of a turn.
 *
 * The server takes any answer, also one to a question that has been answered, so the question is looked for in the newest
 * state first. An answer to a thread that rests is refused by the server when another run was faster; next to a run that is
 * in progress it is queued, and the first run that names the question is the answer.
 */
export async function answerTurn(
  reader: TurnReader,
  questions: LangGraphQuestions,
  sessionId: string,
  { interactionId, response, pollMs }: AnswerOfTurn,
  signal?: AbortSignal,
): Promise<ResumeResult> {
  const { client } = reader;
  const stoppedId = runAtBreakpoint(interactionId);
  if (stoppedId !== undefined)
    return continueTurn(reader, { sessionId, stoppedId, response, pollMs }, signal);
  const threadId = parseSessionId(sessionId)?.threadId;
  if (threadId === undefined) throw sessionNotFound();
  // Before the runs: an answer that comes in between is then seen among them.
  const questionsNow = await openQuestions(client, threadId, signal);
  const found = await findTurn(reader, sessionId, signal);
  const open = questionsNow.find(({ id }) => id === interactionId);
  const answer = { interactionId, response, questions };
  const earlier = found.turn.runs.find((run) => namesQuestion(run, interactionId));
  if (earlier !== undefined) {
    const asked = open ?? (await findQuestion(client, found.turn, interactionId, signal));
    return decide(isSameAnswer(earlier, asked, answer));
  }
  // Also for what was not open before its runs were read.
  const waits =
    questionsNow.length > 0 || isWaiting(await reader.waitingOf(found.turn, found.thread, signal));
  const end = turnEnd(found.turn, waits);
  if (end !== undefined) throw sessionTerminal(end);
  if (open === undefined) throw interactionNotFound();
  const value = questions.toValue(open.value, response);
  const send = async (strategy: 'reject' | 'enqueue') => {
    const body = {
      ...RUN_OPTIONS,
      ...found.turn.runs[0]?.breakpoints,
      assistant_id: found.turn.runs[0]?.assistantId ?? '',
      command: { resume: { [interactionId]: value } },
      multitask_strategy: strategy,
    };
    return parseRun(await client.call('POST', `${threadPath(threadId)}/runs`, body, signal));
  };
  let own: RunRecord;
  try {
    own = await send('reject');
  } catch (error) {
    if (!(error instanceof GraphRunError) || error.code !== 'busy') throw error;
    const { turn } = await findTurn(reader, sessionId, signal);
    const faster = turn.runs.find((run) => namesQuestion(run, interactionId));
    if (faster !== undefined) return decide(isSameAnswer(faster, open, answer));
    own = await send('enqueue');
  }
  const { turn } = await findTurn(reader, sessionId, signal);
  const first = turn.runs.find((run) => namesQuestion(run, interactionId));
  if (first === undefined || first.runId === own.runId) return { status: 'running', isDuplicate: false };
  await client.withdrawRun(threadId, own.runId, signal);
  return decide(isSameAnswer(first, open, answer));
}

async function openQuestions(
  client: LangGraphClient,
  threadId: string,
  signal: AbortSignal | undefined,
): Promise<readonly InterruptRecord[]> {
  try {
    return (await client.getState(threadId, signal)).tasks.flatMap(({ interrupts }) => interrupts);
  } catch (error) {
    if (isMissing(error)) throw sessionNotFound();
    throw error;
  }
}

function namesQuestion({ resume }: RunRecord, interactionId: string): boolean {
  return isJsonObject(resume) && Object.hasOwn(resume, interactionId);
}

/** An answer that is given here. */
interface GivenAnswer {
  readonly interactionId: string;
  readonly response: JsonObject;
  readonly questions: LangGraphQuestions;
}

/** True when a run has given the same answer. Without the question, the answer is compared in each form that it may have. */
function isSameAnswer(
  { resume }: RunRecord,
  asked: InterruptRecord | undefined,
  { interactionId, response, questions }: GivenAnswer,
): boolean {
  const given = isJsonObject(resume) ? (resume[interactionId] ?? null) : null;
  const values = asked === undefined ? possibleValues(response) : [questions.toValue(asked.value, response)];
  return values.some((value) => isSameJson(value, given));
}

/** Finds a question that is no longer open in the history; undefined when it is not kept. */
async function findQuestion(
  client: LangGraphClient,
  { threadId, runs }: Turn,
  interactionId: string,
  signal: AbortSignal | undefined,
): Promise<InterruptRecord | undefined> {
  for (const { runId } of runs) {
    const states = await client.listStates(threadId, runId, signal);
    const asked = states.flatMap(({ tasks }) => tasks).flatMap(({ interrupts }) => interrupts);
    const question = asked.find(({ id }) => id === interactionId);
    if (question !== undefined) return question;
  }
  return undefined;
}

function decide(isSame: boolean): ResumeResult {
  if (isSame) return { status: 'running', isDuplicate: true };
  throw interactionConflict();
}
