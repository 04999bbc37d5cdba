import type { Mutation } from './server-code.js';
import type { SimulationOptions } from './run-simulation.js';

/** A server, or a database, with one fault that the simulation must find. */
export interface Mutant extends Pick<SimulationOptions, 'database' | 'claims' | 'store' | 'isCalm'> {
  /** What is wrong, as the end of a sentence. */
  readonly name: string;
  /** A fault of the code of the server. */
  readonly mutation?: Mutation;
  /** Within so many seeds, from 1, it must be found. */
  readonly seeds: number;
  /** True: that takes long, and is left to `npm run test:cluster`. */
  readonly isRare?: true;
}

const SESSIONS = 'src/server/sessions';

/** Deliberately broken implementations. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the fence ignores the epochs of processes and of sessions',
    database: { ignoresEpoch: true, ignoresDeath: true },
    seeds: 250,
    isRare: true,
  },
  { name: 'the fence ignores the last index', database: { ignoresLastIndex: true }, seeds: 40 },
  { name: 'what the dead commit is written', database: { ignoresDeath: true }, seeds: 250, isRare: true },
  { name: 'a session is claimed that is run', database: { claimsWithoutLooking: true }, seeds: 40 },
  { name: 'a key creates two sessions', database: { ignoresReceipts: true }, seeds: 40 },
  { name: 'labels replace others unseen', database: { ignoresLabels: true }, seeds: 40 },
  { name: 'a session is deleted twice', database: { deletesTwice: true }, seeds: 40 },
  { name: 'the dead keep their sessions', database: { keepsOwners: true }, seeds: 40 },
  { name: 'a chore is done by all', database: { givesChoresTwice: true }, seeds: 40 },
  { name: 'answers without an owner are not noted', database: { forgetsUnseen: true }, seeds: 40 },
  {
    name: 'a process judges without beats of its own',
    claims: { judgesAlways: true },
    seeds: 200,
    isRare: true,
  },
  { name: 'the outcome of a lost commit is not found out', store: { forgetsLost: true }, seeds: 40 },
  {
    name: 'no process looks while hints are lost',
    mutation: {
      file: `${SESSIONS}/following/session-following.ts`,
      text: 'this.bus.isDeaf ? DEAF_LOOK_MS : LOOK_MS',
      by: 'Infinity',
    },
    seeds: 40,
  },
  {
    name: 'an owner ignores that it is stale',
    mutation: {
      file: 'src/server/writing/log-writer.ts',
      text: 'else job.unwritten(outcome);',
      by: "else if (outcome.kind === 'stale') job.committed({ kind: 'written' });\n        else job.unwritten(outcome);",
    },
    seeds: 40,
  },
  {
    name: 'an owner does not resume after the answers of others',
    mutation: {
      file: `${SESSIONS}/session-manager.ts`,
      text: 'ownership === undefined || answered.length === 0) return;',
      by: 'ownership === undefined || answered.length >= 0) return;',
    },
    seeds: 40,
  },
  {
    name: 'a cursor is compared with what the process knows',
    mutation: {
      file: 'src/server/http/cursor.ts',
      text: 'if (after > session.lastIndex) await sessions.refresh(session);',
      by: '',
    },
    seeds: 400,
    isRare: true,
  },
  {
    name: 'what was claimed for a request is given up with it',
    mutation: {
      file: `${SESSIONS}/recover-sessions.ts`,
      text: 'if (outageOf(error) !== undefined) void background.runPatiently(() => this.#continue(claim));',
      by: '',
    },
    seeds: 600,
    isRare: true,
  },
  {
    name: 'an owner does not note which answers it has seen',
    mutation: {
      file: `${SESSIONS}/recover-sessions.ts`,
      text: 'const refusal = await this.#writeSeen(session, ownership);',
      by: 'const refusal = (await (this, undefined)) as undefined;',
    },
    seeds: 250,
    isRare: true,
  },
  { name: 'lost claims are not found out', claims: { forgetsClaims: true }, seeds: 400, isRare: true },
  {
    name: 'an owner takes the answers of others for interruptions',
    mutation: {
      file: `${SESSIONS}/recover-sessions.ts`,
      text: 'new Set(unseen.values())',
      by: 'new Set()',
    },
    seeds: 40,
  },
  {
    name: 'what waits for long is not given back',
    mutation: {
      file: `${SESSIONS}/claims/session-claimer.ts`,
      text: 'await claims.release(this.#given);',
      by: '',
    },
    seeds: 40,
  },
  {
    name: 'the deletions of others are not seen',
    mutation: {
      file: `${SESSIONS}/following/log-follower.ts`,
      text: 'onDeleted(session);\n        continue;',
      by: 'continue;',
    },
    seeds: 40,
  },
  {
    name: 'the list is not read on',
    mutation: {
      file: `${SESSIONS}/following/list-follower.ts`,
      text: 'list.wanted = Math.max(list.wanted, revision);',
      by: 'list.wanted = list.seen ?? revision;',
    },
    seeds: 40,
  },
  {
    name: 'the list of all graphs is not read on',
    mutation: {
      file: `${SESSIONS}/following/all-graphs-follower.ts`,
      text: 'list.isDue = true;',
      by: 'list.isDue = list.seen === undefined;',
    },
    seeds: 40,
  },
  {
    name: 'changes of one graph are compared with the revision of the list of all graphs',
    mutation: {
      file: `${SESSIONS}/list-watchers.ts`,
      text: 'return revision > (revisions.get(graphId) ?? 0);',
      by: 'return revision > list.revision;',
    },
    seeds: 40,
  },
  {
    name: 'a process that leaves does not wait for its nodes',
    mutation: {
      file: `${SESSIONS}/claims/session-handover.ts`,
      text: 'await untilIdle(session, untilMs);',
      by: '',
    },
    isCalm: true,
    seeds: 40,
  },
  {
    name: 'a process that leaves keeps what it has given back',
    mutation: { file: `${SESSIONS}/claims/session-handover.ts`, text: 'session.letGo();', by: '' },
    isCalm: true,
    seeds: 150,
    isRare: true,
  },
  {
    name: 'a process that leaves starts more nodes',
    mutation: {
      file: `${SESSIONS}/runner-host.ts`,
      text: 'isLeaving: () => this.#onLate !== undefined,',
      by: 'isLeaving: () => false,',
    },
    isCalm: true,
    seeds: 150,
    isRare: true,
  },
  {
    name: 'a step that finds the log moved is not decided again',
    mutation: {
      file: 'src/server/writing/log-writer.ts',
      text: "if (outcome.kind === 'moved' && moved !== undefined) this.#readOn(job, moved);",
      by: "if (outcome.kind === 'moved' && moved !== undefined) job.committed({ kind: 'written' });",
    },
    seeds: 40,
  },
  {
    name: 'a process that was found dead does not join again',
    claims: { hearsNoLoss: true },
    mutation: {
      file: 'src/server/writing/log-writer.ts',
      text: 'this.#epoch = await this.#rejoin();',
      by: 'this.#epoch += 0;',
    },
    seeds: 100,
    isRare: true,
  },
  {
    name: 'a run fails when its log cannot be read for a moment',
    mutation: {
      file: `${SESSIONS}/runner-host.ts`,
      text: 'if (outageOf(error) === undefined || signal.aborted || log.isClosed)',
      by: 'if (error !== undefined)',
    },
    seeds: 250,
    isRare: true,
  },
];
