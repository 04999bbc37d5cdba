import {
  isFilledText,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import {
  parseReviewDecisions,
  REVIEW_DECISIONS,
  reviewResponse,
  type ReviewDecision,
  type ReviewDecisionType,
} from '../../protocol/questions/review.js';

/** The two ways in which agents ask whether an action may be done. */
export type ActionReview = {
  /** `list`: a list of requests, each with its own permissions. `agent`: actions and their permissions side by side. */
  readonly form: 'list' | 'agent';
  /** The actions as `reviewActions` has them. */
  readonly actions: readonly JsonObject[];
};

/** What the members of `config` of a request permit. */
const PERMISSIONS: readonly (readonly [string, ReviewDecisionType])[] = [
  ['allow_accept', 'approve'],
  ['allow_edit', 'edit'],
  ['allow_ignore', 'reject'],
  ['allow_respond', 'respond'],
];

/** Reads a request for a review; undefined for any other question. */
export function parseActionReview(value: JsonValue): ActionReview | undefined {
  if (Array.isArray(value)) {
    const actions = value.flatMap((request: JsonValue) => parseRequest(request));
    return value.length > 0 && actions.length === value.length ? { form: 'list', actions } : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  // Python writes the same members with underscores.
  const requests = value['actionRequests'] ?? value['action_requests'];
  const configs = value['reviewConfigs'] ?? value['review_configs'];
  if (!Array.isArray(requests) || requests.length === 0 || !Array.isArray(configs)) return undefined;
  const actions = requests.flatMap((request: JsonValue, position: number) =>
    parseAgentRequest(request, configs, position),
  );
  return actions.length === requests.length ? { form: 'agent', actions } : undefined;
}

function parseRequest(request: JsonValue): readonly JsonObject[] {
  if (!isJsonObject(request)) return [];
  const { action_request: action, config, description } = request;
  if (!isJsonObject(action) || !isFilledText(action['action']) || !isJsonObject(config)) return [];
  const allowed = PERMISSIONS.filter(([name]) => config[name] === true).map(([, type]) => type);
  return actionOf(action['action'], action['args'], description, allowed);
}

function parseAgentRequest(
  request: JsonValue,
  configs: readonly JsonValue[],
  position: number,
): readonly JsonObject[] {
  if (!isJsonObject(request) || !isFilledText(request['name'])) return [];
  const { name, args, arguments: otherArgs, description } = request;
  const isOfIt = (config: JsonValue): config is JsonObject =>
    isJsonObject(config) && (config['actionName'] ?? config['action_name']) === name;
  const config = configs.find(isOfIt) ?? configs[position];
  const words = isJsonObject(config)
    ? (config['allowedDecisions'] ?? config['allowed_decisions'])
    : undefined;
  const allowed = Array.isArray(words) ? REVIEW_DECISIONS.filter((type) => words.includes(type)) : [];
  return actionOf(name, args ?? otherArgs, description, allowed);
}

function actionOf(
  name: string,
  args: JsonValue | undefined,
  description: JsonValue | undefined,
  allowed: readonly ReviewDecisionType[],
): readonly JsonObject[] {
  if (allowed.length === 0) return [];
  return [
    {
      name,
      args: isJsonObject(args) ? args : {},
      ...(isFilledText(description) ? { description } : {}),
      allowed,
    },
  ];
}

/** The value that decisions resume with, in the words of the agent that asked. */
export function reviewValue({ form, actions }: ActionReview, response: JsonObject): JsonValue {
  const decisions = parseReviewDecisions(response);
  const nameOf = (position: number): string => String(actions[position]?.['name'] ?? '');
  if (form === 'list')
    return decisions.map((decision, position) => toListDecision(decision, nameOf(position)));
  return { decisions: decisions.map((decision, position) => toAgentDecision(decision, nameOf(position))) };
}

function toListDecision(decision: ReviewDecision, action: string): JsonObject {
  switch (decision.type) {
    case 'approve':
      return { type: 'accept', args: null };
    case 'edit':
      return { type: 'edit', args: { action, args: decision.args } };
    case 'reject':
      return { type: 'ignore', args: decision.message === '' ? null : decision.message };
    case 'respond':
      return { type: 'response', args: decision.message };
  }
}

function toAgentDecision(decision: ReviewDecision, name: string): JsonObject {
  switch (decision.type) {
    case 'approve':
      return { type: 'approve' };
    case 'edit':
      return { type: 'edit', editedAction: { name, args: decision.args } };
    case 'reject':
      return { type: 'reject', ...(decision.message === '' ? {} : { message: decision.message }) };
    case 'respond':
      return { type: 'respond', message: decision.message };
  }
}

/** The decisions that a resumed value was, the reverse of `reviewValue`; undefined for any other value. */
export function reviewResponseOf({ form }: ActionReview, resumed: JsonValue): JsonObject | undefined {
  const list = form === 'list' ? resumed : isJsonObject(resumed) ? resumed['decisions'] : undefined;
  if (!Array.isArray(list)) return undefined;
  const decisions = list.flatMap((decision: JsonValue) => parseDecision(decision));
  return decisions.length === list.length ? reviewResponse(decisions) : undefined;
}

function parseDecision(decision: JsonValue): readonly ReviewDecision[] {
  if (!isJsonObject(decision)) return [];
  const { type, args, message } = decision;
  const text = [message, args].find(isText) ?? '';
  switch (type) {
    case 'accept':
    case 'approve':
      return [{ type: 'approve' }];
    case 'edit': {
      const edited = decision['editedAction'] ?? decision['edited_action'] ?? args;
      const changed = isJsonObject(edited) ? edited['args'] : undefined;
      return [{ type, args: isJsonObject(changed) ? changed : {} }];
    }
    case 'ignore':
    case 'reject':
      return [{ type: 'reject', message: text }];
    case 'response':
    case 'respond':
      return [{ type: 'respond', message: text }];
    default:
      return [];
  }
}
