import { plainName } from '../values/plain-name.js';
import { isFilledText, isJsonObject, isText, type JsonObject, type JsonValue } from '../values/json.js';

/** What a person may decide about an action: to do it, to do it otherwise, not to do it, or to answer in its place. */
export type ReviewDecisionType = 'approve' | 'edit' | 'reject' | 'respond';

/** All decisions, in the order in which they are offered. */
export const REVIEW_DECISIONS: readonly ReviewDecisionType[] = ['approve', 'edit', 'reject', 'respond'];

/** An action that an agent is about to do. */
export interface ReviewAction {
  readonly name: string;
  readonly args: JsonObject;
  /** Why, or what it does; empty when the agent does not say. */
  readonly description: string;
  /** The decisions to choose from; never empty. */
  readonly allowed: readonly ReviewDecisionType[];
}

/** The decision about one action. */
export type ReviewDecision =
  | { readonly type: 'approve' }
  /** The arguments in place of those of the action. */
  | { readonly type: 'edit'; readonly args: JsonObject }
  /** `message`: why; may be empty. */
  | { readonly type: 'reject'; readonly message: string }
  | { readonly type: 'respond'; readonly message: string };

/** Reads the actions of a question; undefined unless there is at least one, and each can be decided. */
export function parseReviewActions(value: JsonValue | undefined): readonly ReviewAction[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const actions = value.flatMap((action: JsonValue) => parseAction(action));
  return actions.length === value.length ? actions : undefined;
}

function parseAction(value: JsonValue): readonly ReviewAction[] {
  if (!isJsonObject(value) || !isFilledText(value['name'])) return [];
  const { name, args, description, allowed } = value;
  const types = Array.isArray(allowed) ? REVIEW_DECISIONS.filter((type) => allowed.includes(type)) : [];
  if (types.length === 0 || (args !== undefined && !isJsonObject(args))) return [];
  return [
    {
      // It is approved by its name, which must not read as another.
      name: plainName(name) || name,
      args: args ?? {},
      description: isText(description) ? description : '',
      allowed: types,
    },
  ];
}

/** Reads the decisions of a response, in the order of the actions; what cannot be read is left out. */
export function parseReviewDecisions(response: JsonObject): readonly ReviewDecision[] {
  const { decisions } = response;
  if (!Array.isArray(decisions)) return [];
  return decisions.flatMap((decision: JsonValue): readonly ReviewDecision[] => {
    if (!isJsonObject(decision)) return [];
    const { type, args, message } = decision;
    const text = isText(message) ? message : '';
    if (type === 'approve') return [{ type }];
    if (type === 'edit') return [{ type, args: isJsonObject(args) ? args : {} }];
    return type === 'reject' || type === 'respond' ? [{ type, message: text }] : [];
  });
}

/** The response with decisions, in the order of the actions. */
export function reviewResponse(decisions: readonly ReviewDecision[]): JsonObject {
  return {
    decisions: decisions.map((decision): JsonObject => {
      const { type } = decision;
      if (type === 'edit') return { type, args: decision.args };
      if (type === 'approve' || decision.message === '') return { type };
      return { type, message: decision.message };
    }),
  };
}
