import { isFilledText, isJsonObject, isText, type JsonObject } from '../../protocol/values/json.js';
import { parseReviewDecisions } from '../../protocol/questions/review.js';

/** The call of a tool that an agent has made. */
export interface ToolCall {
  readonly name: string;
  readonly args: JsonObject;
}

/** Members of an answer that may hold why a call was rejected; the first one that the schema has counts. */
const REASONS = ['reason', 'message', 'comment', 'feedback'] as const;

/**
 * The review that an interrupt asks for, as the payload of `reviewActions`: whether a call of a tool may be made, with other
 * arguments where the schema takes them. Undefined for an interrupt that asks for anything else.
 */
export function approvalOf(interrupt: JsonObject, call: ToolCall | undefined): JsonObject | undefined {
  const { reason, responseSchema: schema = {}, message } = interrupt;
  if (reason !== 'tool_call' || call === undefined || !isJsonObject(schema)) return undefined;
  const { properties = {}, required = [] } = schema;
  if (!isJsonObject(properties) || !Array.isArray(required)) return undefined;
  const { approved, editedArgs } = properties;
  const isDecision =
    interrupt['responseSchema'] === undefined || (isJsonObject(approved) && approved['type'] === 'boolean');
  if (!isDecision || required.some((name) => name !== 'approved')) return undefined;
  const allowed = ['approve', ...(editedArgs === undefined ? [] : ['edit']), 'reject'];
  const description = isFilledText(message) ? { description: message } : {};
  return { actions: [{ ...call, ...description, allowed }] };
}

/** The member of an answer that holds why a call was rejected; undefined where the schema takes none. */
export function reasonMember({ responseSchema: schema }: JsonObject): string | undefined {
  const properties = isJsonObject(schema) && isJsonObject(schema['properties']) ? schema['properties'] : {};
  const named = REASONS.find((name) => properties[name] !== undefined);
  const isClosed = isJsonObject(schema) && schema['additionalProperties'] === false;
  return named ?? (isClosed ? undefined : REASONS[0]);
}

/** The answer to a review, as the agent expects it; undefined for one that decides nothing. */
export function approvalPayload(response: JsonObject, reason: unknown): JsonObject | undefined {
  const [decision] = parseReviewDecisions(response);
  switch (decision?.type) {
    case 'approve':
      return { approved: true };
    case 'edit':
      return { approved: true, editedArgs: decision.args };
    case 'reject': {
      const { message } = decision;
      return { approved: false, ...(isText(reason) && message !== '' ? { [reason]: message } : {}) };
    }
    default:
      return undefined;
  }
}
