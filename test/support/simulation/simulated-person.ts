import type { JsonObject } from '../../../src/protocol/values/json.js';
import type { SessionManager } from '../../../src/server/sessions/session-manager.js';
import type { Session } from '../../../src/server/sessions/session.js';
import type { LoggedSession } from './logged-session.js';
import type { ServerCode } from './server-code.js';
import { problemOf } from './simulated-process.js';
import type { SimulatedWorld } from './simulated-reader.js';

/** The principal of all people. */
export const PRINCIPAL = 'p';
/** The graphs of all sessions. */
export const GRAPHS = ['g', 'h'] as const;
/** Sessions that are created in a run, at most. */
const MAX_SESSIONS = 7;
/** How often a request is made again that has no answer. */
const MAX_ATTEMPTS = 12;

/** What a request came to: its result, or the code of its problem. */
type Outcome<Result> = { readonly result: Result } | { readonly problem: string };

/** A person who creates, answers, names, cancels and deletes at any process, and tries again when there is no answer. */
export class SimulatedPerson {
  /** True while it does things of its own accord. */
  isActive = true;
  readonly #world: SimulatedWorld;
  readonly #name: string;
  #keys = 0;

  constructor(world: SimulatedWorld, name: string) {
    this.#world = world;
    this.#name = name;
  }

  /** Does things until `isActive` is false. */
  async run(): Promise<void> {
    const { time, world, random } = this.#world;
    while (this.isActive) {
      await this.#act();
      await time.sleep(world, random.number() * 700);
    }
  }

  /** Answers a question that is open now. Another one may be faster. */
  async answer(session: LoggedSession, interactionId: string): Promise<void> {
    const { ledger, random } = this.#world;
    const { sessionId } = session;
    const response = { value: random.below(3) };
    const outcome = await this.#request(session, 'answers', (sessions, found) =>
      sessions.resume(found, { interactionId, response }),
    );
    if ('result' in outcome) {
      const { index, isDuplicate } = outcome.result;
      ledger.answered({ sessionId, interactionId, response, index, isDuplicate });
      return;
    }
    const { problem } = outcome;
    const resolved = session.events.find(
      (event) => event['type'] === 'inputResolved' && event['interactionId'] === interactionId,
    );
    if (problem === 'interaction-conflict') {
      if (resolved === undefined || isSame(resolved['response'], response))
        ledger.violate(`an answer to ${interactionId} conflicts with nothing`);
    } else if (problem === 'session-terminal') {
      if (!session.hasEnded) ledger.violate(`an answer is refused because ${sessionId} has ended`);
    } else this.#check(session, 'answers', problem);
  }

  async #act(): Promise<void> {
    const { ledger, random } = this.#world;
    const sessions = [...ledger.sessions.values()];
    const living = sessions.filter(({ isDeleted }) => !isDeleted);
    const asking = living.filter(({ open }) => open.size > 0);
    const choice = random.number();
    if (living.length === 0 || (choice < 0.25 && sessions.length < MAX_SESSIONS)) return this.#create();
    const session = random.pick(living);
    if (choice < 0.35) return this.#race(session);
    if (choice < 0.8) {
      if (asking.length === 0) return undefined;
      const asked = random.pick(asking);
      return this.answer(asked, random.pick([...asked.open.keys()]));
    }
    if (choice < 0.86) return this.#cancel(session);
    if (choice < 0.9) return this.#delete(session);
    return this.#label(
      session,
      random.chance(0.5) ? { title: `T${random.below(9)}` } : { pinned: random.chance(0.5) },
    );
  }

  /** Two people do the same at once, at any two processes. */
  async #race(session: LoggedSession): Promise<void> {
    const { random } = this.#world;
    const [question] = session.open.keys();
    const choice = random.below(question === undefined ? 2 : 6);
    const act = (): Promise<void> => {
      if (choice === 0) return this.#label(session, { title: `T${random.below(9)}` });
      if (choice === 1) return this.#delete(session);
      return question === undefined ? this.#cancel(session) : this.answer(session, question);
    };
    await Promise.all([act(), act()]);
  }

  async #create(): Promise<void> {
    const { ledger, random } = this.#world;
    // Two people have some keys in common.
    this.#keys += 1;
    const key = random.chance(0.5) ? `${this.#name}${this.#keys}` : `shared${this.#keys}`;
    const nodes = Array.from({ length: 1 + random.below(3) }, (_, position) => ({
      id: `n${position}`,
      type: random.chance(0.5) ? 'worker' : 'repeatable',
      configuration: { steps: 1 + random.below(4), asks: random.below(3), paceMs: 5 + random.below(150) },
    }));
    const [first, second] = nodes;
    const edges =
      first !== undefined && second !== undefined && random.chance(0.5)
        ? [{ from: first.id, to: second.id }]
        : [];
    const request = {
      principal: PRINCIPAL,
      graphId: random.pick(GRAPHS),
      graph: { nodes, edges },
      mode: 'interactive' as const,
      inputs: {},
      receipt: { key, digest: key.startsWith('shared') ? 'same' : key },
    };
    const outcome = await this.#repeat('creates', (sessions) => sessions.create(request));
    if ('result' in outcome) ledger.created(key, outcome.result.sessionId);
    else if (
      !['too-many-sessions', 'idempotency-in-progress', 'unavailable', 'lost'].includes(outcome.problem)
    )
      ledger.violate(`a creation gets: ${outcome.problem}`);
  }

  async #cancel(session: LoggedSession): Promise<void> {
    const outcome = await this.#request(session, 'cancels', (sessions, found) => sessions.cancel(found));
    if ('problem' in outcome) this.#check(session, 'cancels', outcome.problem);
    else if (outcome.result !== session.status && !session.isDeleted) {
      this.#world.ledger.violate(
        `the status after a cancellation is ${outcome.result}, not ${session.status}`,
      );
    }
  }

  async #delete(session: LoggedSession): Promise<void> {
    const outcome = await this.#request(session, 'deletes', (sessions, found) => sessions.delete(found));
    if ('problem' in outcome) this.#check(session, 'deletes', outcome.problem);
    else if (!session.isDeleted) this.#world.ledger.violate(`${session.sessionId} is not deleted`);
  }

  async #label(session: LoggedSession, change: JsonObject): Promise<void> {
    const outcome = await this.#request(session, 'labels', (sessions, found) =>
      sessions.label(found, change),
    );
    if ('problem' in outcome) this.#check(session, 'labels', outcome.problem);
  }

  #check({ sessionId, isDeleted }: LoggedSession, what: string, problem: string): void {
    const isGone = problem === 'session-deleted' || problem === 'session-not-found';
    if ((isGone && isDeleted) || problem === 'unavailable' || problem === 'lost') return;
    this.#world.ledger.violate(`a person who ${what} ${sessionId} gets: ${problem}`);
  }

  #request<Result>(
    { sessionId, record }: LoggedSession,
    label: string,
    work: (sessions: SessionManager, session: Session, code: ServerCode) => Promise<Result>,
  ): Promise<Outcome<Result>> {
    return this.#repeat(label, async (sessions, code) =>
      work(sessions, await sessions.get(record.principal, sessionId), code),
    );
  }

  /** Makes a request at one process, and again at others while there is no answer. */
  async #repeat<Result>(
    label: string,
    work: (sessions: SessionManager, code: ServerCode) => Promise<Result>,
  ): Promise<Outcome<Result>> {
    const { time, world, random, anyProcess } = this.#world;
    let problem = 'lost';
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const process = anyProcess({ mayLeave: true });
      if (process !== undefined) {
        try {
          return { result: await process.request(`${this.#name} ${label}`, work) };
        } catch (error) {
          problem = problemOf(error);
          if (problem !== 'lost' && problem !== 'unavailable') return { problem };
        }
      }
      await time.sleep(world, 20 + random.number() * 400);
    }
    return { problem };
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
