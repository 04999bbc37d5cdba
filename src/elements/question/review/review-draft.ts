import { parseExactJson } from '../../../protocol/values/exact-number.js';
import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import {
  REVIEW_DECISIONS,
  type ReviewAction,
  type ReviewDecision,
  type ReviewDecisionType,
} from '../../../protocol/questions/review.js';
import type { FieldProblem, FieldProblems } from '../../form/schema/field-problem.js';

/** The input about one action so far. What was typed for another decision stays. */
export interface ActionDraft {
  readonly type?: ReviewDecisionType;
  /** The changed arguments, as typed. */
  readonly args?: string;
  readonly reason?: string;
  readonly response?: string;
}

/** The input of a review so far, in the order of the actions. */
export interface ReviewDraft {
  readonly kind: 'review';
  readonly decisions: readonly ActionDraft[];
}

/** The draft that a review starts with. */
export function emptyReview(actions: readonly ReviewAction[]): ReviewDraft {
  return { kind: 'review', decisions: actions.map(() => ({})) };
}

/** Parses a stored draft; undefined when it is not one of these actions. */
export function parseReview(actions: readonly ReviewAction[], value: JsonValue | undefined) {
  if (!Array.isArray(value) || value.length !== actions.length) return undefined;
  const decisions = actions.map(({ allowed }, position): ActionDraft => {
    const stored: unknown = value[position];
    if (!isJsonObject(stored)) return {};
    const { type, args, reason, response } = stored;
    const known = REVIEW_DECISIONS.find((each) => each === type && allowed.includes(each));
    return {
      ...(known === undefined ? {} : { type: known }),
      ...(isText(args) ? { args } : {}),
      ...(isText(reason) ? { reason } : {}),
      ...(isText(response) ? { response } : {}),
    };
  });
  return { kind: 'review', decisions } as const;
}

/** True if nothing was entered. */
export function isBlankReview({ decisions }: ReviewDraft): boolean {
  return decisions.every((decision) => Object.keys(decision).length === 0);
}

/** Pointers of the fields of an action: its decision, and the text that belongs to it. */
export function actionPointers(position: number): { readonly decision: string; readonly text: string } {
  return { decision: `/${position}`, text: `/${position}/text` };
}

/** Checks a review: each action is decided, changed arguments are an object, an answer is not empty. */
export function checkReview({ decisions }: ReviewDraft): FieldProblems {
  const problems = new Map<string, FieldProblem>();
  for (const [position, { type, args = '', response = '' }] of decisions.entries()) {
    const { decision, text } = actionPointers(position);
    if (type === undefined) problems.set(decision, { kind: 'required' });
    if (type === 'edit' && argsOf(args) === undefined)
      problems.set(text, { kind: 'format', format: 'object' });
    if (type === 'respond' && response.trim() === '') problems.set(text, { kind: 'required' });
  }
  return problems;
}

/** The decisions of a draft; undefined while one is missing. */
export function reviewDecisions({ decisions }: ReviewDraft): readonly ReviewDecision[] | undefined {
  const decided = decisions.flatMap(({ type, args = '', reason = '', response = '' }): ReviewDecision[] => {
    if (type === 'approve') return [{ type }];
    if (type === 'reject') return [{ type, message: reason.trim() }];
    if (type === 'respond') return [{ type, message: response }];
    const changed = type === 'edit' ? argsOf(args) : undefined;
    return changed === undefined ? [] : [{ type: 'edit', args: changed }];
  });
  return decided.length === decisions.length ? decided : undefined;
}

/** Typed arguments; undefined for text that is not a JSON object, or has a number that parsing would change. */
function argsOf(text: string): JsonObject | undefined {
  const value = parseExactJson(text);
  return isJsonObject(value) ? value : undefined;
}

/** The draft with another input about one action; the arguments start as they are when a person begins to change them. */
export function withDecision(
  draft: ReviewDraft,
  action: ReviewAction,
  position: number,
  change: ActionDraft,
): ReviewDraft {
  return {
    ...draft,
    decisions: draft.decisions.map((decision, at) => {
      if (at !== position) return decision;
      const next = { ...decision, ...change };
      return next.type === 'edit' && next.args === undefined
        ? { ...next, args: JSON.stringify(action.args, null, 2) }
        : next;
    }),
  };
}
