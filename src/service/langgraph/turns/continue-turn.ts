import type { JsonObject } from '../../../protocol/values/json.js';
import { GraphRunError } from '../../../protocol/problems.js';
import {
  interactionNotFound,
  invalidResponse,
  sessionNotFound,
  sessionTerminal,
} from '../../../protocol/questions/refusals.js';
import { sentence } from '../../../protocol/sentences.js';
import type { ResumeResult } from '../../graph-run-service.js';
import { WakeUp } from '../../polled/wake-up.js';
import { findTurn, RUN_OPTIONS } from './find-turn.js';
import { threadPath } from '../langgraph-client.js';
import { parseRun, type RunRecord } from '../langgraph-records.js';
import { withClaim } from '../turn-claim.js';
import { isWaiting, waitingFor, type TurnReader } from './turn-reader.js';
import { parseSessionId, turnEnd, type Turn } from './turns.js';

const PREFIX = 'breakpoint~';

/** The id of the question whether a run continues that has stopped at a breakpoint. */
export function breakpointId(runId: string): string {
  return `${PREFIX}${runId}`;
}

/** The run that an id of `breakpointId` names; undefined for any other id. */
export function runAtBreakpoint(interactionId: string): string | undefined {
  return interactionId.startsWith(PREFIX) ? interactionId.slice(PREFIX.length) : undefined;
}

/** A claim whose holder has done nothing for so many looks is given up. */
const CLAIM_LOOKS = 50;

/** What continues a turn. */
export interface Continuation {
  readonly sessionId: string;
  /** The run that has stopped. */
  readonly stoppedId: string;
  readonly response: JsonObject;
  /** How often a session that waits is looked at, in milliseconds. */
  readonly pollMs: number;
}

/**
 * Continues a turn that waits at a breakpoint: a run without an input, with the breakpoints of the run that has stopped.
 *
 * The server continues from the newest state for any request, and refuses a second run only while the first one is in progress. So
 * one caller at a time looks whether a run follows the one that has stopped, and starts one if none does. Those who do not
 * claim (a page of others) may still begin and end a run between that look and the request.
 */
export async function continueTurn(
  reader: TurnReader,
  { sessionId, stoppedId, response, pollMs }: Continuation,
  signal: AbortSignal = new AbortController().signal,
): Promise<ResumeResult> {
  if (response['confirm'] !== true) throw invalidResponse(sentence('only-continued'));
  const look = () => stoppedRun(reader, sessionId, stoppedId, signal);
  const first = await look();
  if (first.isContinued) return { status: 'running', isDuplicate: true };
  const pause = new WakeUp();
  for (let attempt = 0; ; attempt += 1) {
    const act = () => startNext(reader, sessionId, stoppedId, signal);
    const result = await withClaim(reader.client, { runId: stoppedId, attempt }, act, signal);
    if (result !== undefined) return result;
    for (let looks = 0; looks < CLAIM_LOOKS; looks += 1) {
      await pause.pause(pollMs / 10, signal);
      signal.throwIfAborted();
      if ((await look()).isContinued) return { status: 'running', isDuplicate: true };
    }
  }
}

/** Starts the run that continues another one, unless there is one. */
async function startNext(
  reader: TurnReader,
  sessionId: string,
  stoppedId: string,
  signal: AbortSignal,
): Promise<ResumeResult> {
  const { run, isContinued, threadId } = await stoppedRun(reader, sessionId, stoppedId, signal);
  if (isContinued) return { status: 'running', isDuplicate: true };
  const { client } = reader;
  const body = {
    ...RUN_OPTIONS,
    ...run.breakpoints,
    assistant_id: run.assistantId,
    input: null,
    multitask_strategy: 'reject',
  };
  try {
    const own = parseRun(await client.call('POST', `${threadPath(threadId)}/runs`, body, signal));
    const next = nextRun((await findTurn(reader, sessionId, signal)).turn, stoppedId);
    if (next === undefined || next === own.runId) return { status: 'running', isDuplicate: false };
    await client.withdrawRun(threadId, own.runId, signal);
  } catch (error) {
    if (!(error instanceof GraphRunError) || error.code !== 'busy') throw error;
    if (!(await stoppedRun(reader, sessionId, stoppedId, signal)).isContinued) throw error;
  }
  return { status: 'running', isDuplicate: true };
}

/** The run of a turn that has stopped at a breakpoint. */
interface StoppedRun {
  readonly threadId: string;
  readonly run: RunRecord;
  /** True when another run of the turn followed it. */
  readonly isContinued: boolean;
}

/**
 * Finds the run that has stopped.
 *
 * @throws GraphRunError `session-not-found`; `session-terminal` when the turn has ended; `interaction-not-found` when the run has
 *   not stopped at a breakpoint.
 */
async function stoppedRun(
  reader: TurnReader,
  sessionId: string,
  stoppedId: string,
  signal: AbortSignal,
): Promise<StoppedRun> {
  const threadId = parseSessionId(sessionId)?.threadId;
  if (threadId === undefined) throw sessionNotFound();
  const left = await reader.leftTasks(threadId, stoppedId, signal);
  const { turn, thread } = await findTurn(reader, sessionId, signal);
  const run = turn.runs.find(({ runId }) => runId === stoppedId);
  const isStopped = run?.status === 'success' && waitingFor(left).isPaused;
  if (isStopped && nextRun(turn, stoppedId) !== undefined) return { threadId, run, isContinued: true };
  const waiting = await reader.waitingOf(turn, thread, signal);
  const end = turnEnd(turn, isStopped || isWaiting(waiting));
  if (end !== undefined) throw sessionTerminal(end);
  if (!isStopped) throw interactionNotFound();
  return { threadId, run, isContinued: false };
}

/** The run of a turn that came after another one: it has continued it. */
function nextRun({ runs }: Turn, runId: string): string | undefined {
  return runs[runs.findIndex((run) => run.runId === runId) + 1]?.runId;
}
