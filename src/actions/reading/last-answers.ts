import type { RunController } from '../../controller/run/run-controller.js';
import { isSameQuestion } from '../../controller/same-question.js';
import { inputOfAnswer } from '../../protocol/questions/answer-input.js';
import { toInteraction, type Interaction } from '../../protocol/questions/interactions.js';
import type { JsonObject } from '../../protocol/values/json.js';
import type { GraphRunService } from '../../service/graph-run-service.js';
import { readLog } from './read-log.js';

/** A question of an earlier run, and the answer that it got there. */
interface GivenAnswer {
  readonly interaction: Interaction;
  readonly response: JsonObject;
}

/** What the log of an earlier run has. */
interface EarlierRun {
  readonly given: readonly GivenAnswer[];
  /** The run that it runs again itself. */
  readonly rerunOf: string | undefined;
}

/** Earlier runs that are read, one after the other: a rerun of a rerun of … */
const MAX_RUNS = 8;

/**
 * Finds what was answered before, when a watched session runs another one again: for each open question, the answer that
 * the same question of the same node got there, or in the run that that one ran again, and so on; the nearest counts. A
 * node that was reused in between asked in none of them. Reads the log of each earlier run once, and only as far back as
 * an open question has no answer; a run that is gone ends the search.
 */
export class LastAnswers {
  readonly #service: GraphRunService;
  readonly #run: RunController;
  readonly #signal: AbortSignal;
  /** The answers of the earlier runs, nearest first. */
  readonly #given: (readonly GivenAnswer[])[] = [];
  readonly #read = new Set<string>();
  #next: string | undefined;
  #isReading = false;

  /** @param signal ends the reading, when the session is no longer watched. */
  constructor(service: GraphRunService, run: RunController, signal: AbortSignal) {
    this.#service = service;
    this.#run = run;
    this.#signal = signal;
  }

  /** Looks for the answers of the questions that are open now. Must be called after each batch of the session. */
  look(): void {
    const { sessionId, rerunOf, interactions, isReplayed } = this.#run.peekRerun();
    if (rerunOf === undefined || interactions.length === 0 || !isReplayed || this.#isReading) return;
    if (this.#read.size === 0) {
      // A run is no earlier one of itself, whatever its log says.
      if (sessionId !== undefined) this.#read.add(sessionId);
      this.#next = rerunOf;
    }
    if (this.#offer(interactions) || this.#next === undefined) return;
    void this.#readOn(this.#next);
  }

  async #readOn(sessionId: string): Promise<void> {
    this.#next = undefined;
    // A cycle, which only a log that is wrong can have.
    if (this.#read.has(sessionId) || this.#given.length >= MAX_RUNS) return;
    this.#isReading = true;
    this.#read.add(sessionId);
    try {
      const { given, rerunOf } = await readRun(this.#service, sessionId, this.#signal);
      this.#given.push(given);
      this.#next = rerunOf;
    } catch {
      // The earlier run was deleted, or cannot be reached: nothing more is offered, and the questions stand as they are.
    }
    this.#isReading = false;
    if (!this.#signal.aborted) this.look();
  }

  /** Offers the answers that are known. True when every question has one. */
  #offer(interactions: readonly Interaction[]): boolean {
    const found = interactions.map((interaction) => {
      const isSame = (each: GivenAnswer): boolean => isSameQuestion(each.interaction, interaction);
      const last = this.#given
        .map((given) => given.filter(isSame).at(-1))
        .find((answer) => answer !== undefined);
      if (last !== undefined) this.#run.offerAnswer(interaction.interactionId, last.response);
      return last !== undefined;
    });
    return found.every(Boolean);
  }
}

/** Reads what another run can take over of a session: its answers, without secrets and reviews of actions, and its origin. */
async function readRun(
  service: GraphRunService,
  sessionId: string,
  signal: AbortSignal,
): Promise<EarlierRun> {
  const open = new Map<string, Interaction>();
  const given: GivenAnswer[] = [];
  let rerunOf: string | undefined;
  const { events } = await readLog(service, sessionId, { signal });
  for await (const event of events) {
    if (event.type === 'graphStart') rerunOf = event.rerunOf?.sessionId;
    if (event.type === 'inputRequired') open.set(event.interactionId, toInteraction(event));
    if (event.type !== 'inputResolved') continue;
    const interaction = open.get(event.interactionId);
    const { by, response } = event;
    open.delete(event.interactionId);
    // What an input of the run answered was given by a person when it was started.
    if (interaction === undefined || by === 'expired' || response === undefined) continue;
    if (inputOfAnswer(interaction, response) !== undefined) given.push({ interaction, response });
  }
  return { given, rerunOf };
}
