import type { RunController } from '../../controller/run/run-controller.js';
import { isReplaying } from './watched-session.js';

/** A node, an event or a moment of the watched session, to which a host or a link leads. */
export interface Target {
  readonly nodeId: string | undefined;
  readonly eventIndex: number | undefined;
  /** Index of the event after which the session is shown as it was. */
  readonly moment: number | undefined;
}

/** Where a target is, once the replay is complete. */
export type TargetState =
  | { readonly kind: 'node'; readonly nodeId: string }
  | { readonly kind: 'event'; readonly index: number }
  /** The session has it not, or not yet. */
  | { readonly kind: 'no-node'; readonly nodeId: string; readonly title: string | undefined }
  | { readonly kind: 'no-event'; readonly index: number };

/** Holds the target until the replay of the session is complete, and gives it out once. */
export class TargetPlace {
  #target: Target | undefined;
  #moment: number | undefined;

  /** Sets the target of the session that is open, or is being opened. */
  set(target: Target): void {
    this.#target = (target.nodeId ?? '') === '' && target.eventIndex === undefined ? undefined : target;
    this.#moment = target.moment;
  }

  /** Returns the moment that is to be shown; undefined without one, before the replay is complete, and the next time. */
  takeMoment(run: RunController): number | undefined {
    const moment = this.#moment;
    if (moment === undefined || !isComplete(run)) return undefined;
    this.#moment = undefined;
    return moment;
  }

  /** Returns what to do with the target; undefined without one, before the replay is complete, and the next time. */
  take(run: RunController): TargetState | undefined {
    const target = this.#target;
    if (target === undefined || !isComplete(run)) return undefined;
    this.#target = undefined;
    const { nodeId, eventIndex: index } = target;
    if (index !== undefined) {
      const { length, dropped } = run.events;
      const isThere = Number.isInteger(index) && index >= dropped && index < dropped + length;
      return isThere ? { kind: 'event', index } : { kind: 'no-event', index };
    }
    if (nodeId === undefined) return undefined;
    const node = run.latest.nodes.get(nodeId);
    const hasBegun = node !== undefined && node.status !== 'waiting';
    return hasBegun ? { kind: 'node', nodeId } : { kind: 'no-node', nodeId, title: node?.title };
  }
}

/** True for a session whose replay is complete. */
function isComplete(run: RunController): boolean {
  return run.sessionId !== undefined && run.events.length > 0 && !isReplaying(run);
}
