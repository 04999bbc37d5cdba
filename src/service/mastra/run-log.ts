import type { GraphRunEvent, GraphRunEventBody } from '../../protocol/events.js';
import type { JsonObject } from '../../protocol/values/json.js';
import { pieceEvent, type PieceStore } from './mastra-pieces.js';
import { END_KEY, type DerivedEvent } from './snapshot-converter.js';

/** A question that is open in a log. */
interface OpenQuestion {
  readonly interactionId: string;
  readonly nodeId: string;
}

/**
 * The log of a run as one connection has made it. Each state of the run adds what it shows for the first time; what a later
 * state no longer shows stays.
 */
export class RunLog {
  readonly #events: GraphRunEvent[] = [];
  readonly #marks: number[] = [];
  readonly #keys = new Set<string>();
  readonly #openNodes = new Set<string>();
  readonly #openQuestions = new Map<string, OpenQuestion>();
  readonly #questionCounts = new Map<string, number>();
  readonly #taken = new Map<string, number>();
  #lastMs: number | undefined;

  /** All events so far. */
  get events(): readonly GraphRunEvent[] {
    return this.#events;
  }

  /**
   * Says what the first events were, in any order: the same text for the same ones. The record forgets what was asked, so only
   * what does not change counts. Undefined for more events than there are.
   */
  markOf(count: number): string | undefined {
    return count === 0 ? '' : this.#marks[count - 1]?.toString(36);
  }

  /** Adds what a state of the run shows for the first time, and what its steps have streamed. */
  take(derived: readonly DerivedEvent[], store: PieceStore): void {
    for (const event of derived) if (!this.#keys.has(event.key)) this.#add(event, store);
    this.takePieces(store);
  }

  /** Adds what the running steps have streamed. */
  takePieces(store: PieceStore): void {
    for (const nodeId of this.#openNodes) this.#addPieces(nodeId, store);
  }

  /** Ends the log because the run was deleted. */
  endDeleted(sessionId: string): void {
    this.#push({ type: 'graphCancelled', sessionId, synthetic: true }, Date.now());
  }

  #add({ key, body, ts, answer }: DerivedEvent, store: PieceStore): void {
    if (body.type === 'nodeStart' && this.#openNodes.has(body.nodeId)) {
      // The step ran again between two looks: its end was not seen.
      this.#end(body.nodeId, answer, ts, store);
      this.#push({ type: 'nodeEnd', nodeId: body.nodeId }, ts);
    }
    if (body.type === 'inputRequired') {
      this.#addPieces(body.nodeId, store, (this.#questionCounts.get(body.nodeId) ?? 0) + 1);
    }
    if (body.type === 'nodeEnd' || body.type === 'nodeError') this.#end(body.nodeId, answer, ts, store);
    if (key === END_KEY) this.takePieces(store);
    this.#keys.add(key);
    this.#push(body, ts);
  }

  /** What belongs before the end of a node: the rest of what it streamed, and answers that no look has seen. */
  #end(nodeId: string, answer: JsonObject | undefined, ts: number, store: PieceStore): void {
    this.#addPieces(nodeId, store);
    const open = [...this.#openQuestions.values()];
    // The record has the last answer only: whose it is shows when no other instance of the step can have it.
    const isOnly = open.filter((question) => stepOf(question.nodeId) === stepOf(nodeId)).length === 1;
    for (const { interactionId } of open.filter((question) => question.nodeId === nodeId)) {
      const response = answer !== undefined && isOnly ? { response: answer } : {};
      this.#push({ type: 'inputResolved', nodeId, interactionId, by: 'response', ...response }, ts);
    }
  }

  #addPieces(nodeId: string, store: PieceStore, questions?: number): void {
    const taken = this.#taken.get(nodeId) ?? 0;
    const pieces = store.piecesOf(nodeId, taken, questions);
    this.#taken.set(nodeId, taken + pieces.length);
    for (const piece of pieces) this.#push({ type: 'agentEvent', nodeId, event: pieceEvent(piece) });
  }

  /** Adds an event. Times never go backwards; a piece has that of the event before it. */
  #push(body: GraphRunEventBody & { readonly synthetic?: true }, ts?: number): void {
    this.#follow(body);
    if (ts !== undefined) this.#lastMs = Math.max(this.#lastMs ?? ts, ts);
    const time = this.#lastMs === undefined ? {} : { ts: this.#lastMs };
    this.#events.push({ ...body, index: this.#events.length, ...time });
    this.#marks.push(((this.#marks.at(-1) ?? 0) + hashOf(wordsOf(body))) >>> 0);
  }

  #follow(body: GraphRunEventBody): void {
    if (body.type === 'nodeStart') this.#openNodes.add(body.nodeId);
    else if (body.type === 'nodeEnd' || body.type === 'nodeError') this.#openNodes.delete(body.nodeId);
    else if (body.type === 'inputRequired') {
      const { interactionId, nodeId } = body;
      this.#openQuestions.set(interactionId, { interactionId, nodeId });
      this.#questionCounts.set(nodeId, (this.#questionCounts.get(nodeId) ?? 0) + 1);
    } else if (body.type === 'inputResolved') this.#openQuestions.delete(body.interactionId);
  }
}

/** The step of a node: several nodes are instances of one. */
function stepOf(nodeId: string): string {
  return nodeId.replace(/#\d+$/, '');
}

/** What does not change of an event, whatever the record still has of it. */
function wordsOf(body: GraphRunEventBody): string {
  const nodeId = 'nodeId' in body ? body.nodeId : '';
  return `${body.type} ${nodeId} ${'interactionId' in body ? body.interactionId : ''}`;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
