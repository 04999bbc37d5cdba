import { isSameJson, type JsonObject, type JsonValue } from '../../protocol/values/json.js';
import { GraphRunError } from '../../protocol/problems.js';
import {
  interactionConflict,
  interactionNotFound,
  invalidResponse,
  sessionNotFound,
  sessionTerminal,
} from '../../protocol/questions/refusals.js';
import { sentence } from '../../protocol/sentences.js';
import type { ResumeResult } from '../graph-run-service.js';
import { WakeUp } from '../polled/wake-up.js';
import { readFirstWord } from './change-run.js';
import type { MastraClient, RunIds } from './mastra-client.js';
import { toResumeData } from './mastra-questions.js';
import { parseFlow, type WorkflowRecord } from './mastra-workflow.js';
import { runEnd } from './snapshot-converter.js';
import { questionsOf, unitsOf, type Address, type StepQuestion, type Unit } from './step-units.js';

/** How long an answer waits for the server: also for the steps that run in parallel to the one that asks. */
const ANSWER_DEADLINE_MS = 600_000;
/** How long, and how often, the record is read until it shows an answer. */
const CONFIRM_MS = 10_000;
const CONFIRM_POLL_MS = 150;

/** An answer that is given here. */
interface GivenAnswer {
  readonly interactionId: string;
  readonly response: JsonObject;
}

/**
 * Answers a question of a run. The server refuses a second answer to a step, but takes one to an item of a step, or to a step
 * that never asked, for the wrong question; so the question is looked for in the record first, and the answer afterwards.
 */
export async function answerStep(
  client: MastraClient,
  ids: RunIds,
  workflow: WorkflowRecord,
  given: GivenAnswer,
  signal?: AbortSignal,
): Promise<ResumeResult> {
  const before = await look(client, ids, workflow, given, signal);
  if (before.answer !== undefined) return decide(before.answer.isSame);
  if (before.end !== undefined) throw sessionTerminal(before.end);
  if (before.open === undefined) throw interactionNotFound();
  const { address } = before.open;
  const deadline = AbortSignal.timeout(ANSWER_DEADLINE_MS);
  const stream = await client.openStream(
    ids,
    'resume-stream',
    resumeBody(address, before.data),
    signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
  );
  const word = await readFirstWord(stream);
  const isOwn = word.kind === 'begun' && isSameJson(word.payload['resumePayload'] ?? null, before.data);
  // The engine may take two answers to one item, and uses the first.
  if (isOwn && address.itemIndex === undefined) return { status: 'running', isDuplicate: false };
  // The words for an answer after another one, which the record may not show yet.
  const isRefused = word.kind === 'refused' && !word.message.includes('not suspended');
  const after = await confirm(client, ids, workflow, given, signal, isRefused);
  if (after.answer !== undefined) {
    return word.kind === 'begun' && after.answer.isSame
      ? { status: 'running', isDuplicate: false }
      : decide(after.answer.isSame);
  }
  if (word.kind === 'refused') throw invalidResponse(word.message);
  throw new GraphRunError('unavailable', sentence('answer-unconfirmed'), { status: 503 });
}

/** What a run says of a question. */
interface Look {
  readonly open: StepQuestion | undefined;
  readonly answer: { readonly isSame: boolean } | undefined;
  readonly end: ReturnType<typeof runEnd>;
  /** The answer as the step would get it. */
  readonly data: JsonValue;
}

async function look(
  client: MastraClient,
  ids: RunIds,
  workflow: WorkflowRecord,
  { interactionId, response }: GivenAnswer,
  signal: AbortSignal | undefined,
): Promise<Look> {
  const run = await client.findRun(ids, signal);
  if (run === undefined) throw sessionNotFound();
  const units = unitsOf(run, parseFlow(run.stepGraph));
  const question = units.flatMap(questionsOf).find((each) => each.interactionId === interactionId);
  const unit = units.find((each) => isQuestionOf(each, interactionId));
  const schema = workflow.resumeSchemas.get(question?.address.step.join('.') ?? unit?.stepName ?? '');
  const data = toResumeData(schema, response);
  const answers = question === undefined ? laterAnswers(unit) : [question.resolved?.answer];
  const answer = answers.find((each) => each !== undefined);
  return {
    open: question !== undefined && question.resolved === undefined ? question : undefined,
    answer: answer === undefined ? undefined : { isSame: isSameJson(answer, data) },
    end: runEnd(run),
    data,
  };
}

/** True for the id of a question that a unit asked, now or earlier. */
function isQuestionOf({ nodeId, stepStartedMs }: Unit, interactionId: string): boolean {
  const first = `${nodeId}@${stepStartedMs}`;
  return interactionId === first || interactionId.startsWith(`${first}@`);
}

/** Of an earlier question of a step, and of its items after its end, the record has the newest answer alone. */
function laterAnswers(unit: Unit | undefined): readonly (JsonValue | undefined)[] {
  return unit === undefined ? [] : [unit.work.answer, unit.lastAnswer];
}

/** Reads the record until it shows what has happened to a question. */
async function confirm(
  client: MastraClient,
  ids: RunIds,
  workflow: WorkflowRecord,
  given: GivenAnswer,
  signal: AbortSignal | undefined,
  isRefused: boolean,
): Promise<Look> {
  const pause = new WakeUp();
  const endMs = Date.now() + CONFIRM_MS;
  for (;;) {
    const seen = await look(client, ids, workflow, given, signal);
    // A refused answer leaves the question open, unless another one was first.
    const isKnown = seen.answer !== undefined || (isRefused && seen.open !== undefined);
    if (isKnown || seen.end !== undefined || Date.now() >= endMs) return seen;
    await pause.pause(CONFIRM_POLL_MS, signal ?? new AbortController().signal);
    signal?.throwIfAborted();
  }
}

function resumeBody({ step, itemIndex }: Address, resumeData: JsonValue): JsonObject {
  const [first = '', ...inner] = step;
  return {
    step: inner.length === 0 ? first : [...step],
    resumeData,
    ...(itemIndex === undefined ? {} : { forEachIndex: itemIndex }),
  };
}

function decide(isSame: boolean): ResumeResult {
  if (isSame) return { status: 'running', isDuplicate: true };
  throw interactionConflict();
}
