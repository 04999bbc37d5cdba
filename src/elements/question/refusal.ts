import { isJsonObject, isText, type JsonValue } from '../../protocol/json.js';
import type { GraphRunError } from '../../protocol/problems.js';
import type { FieldProblem, FieldProblems } from '../form/schema/field-problem.js';
import type { PanelStrings } from '../strings/english.js';

/** Explains why an answer was refused, to the person who gave it. */
export function refusalText(error: GraphRunError, strings: PanelStrings): string {
  switch (error.code) {
    case 'interaction-conflict':
      return strings.refusedConflict;
    case 'interaction-not-found':
      return strings.refusedClosed;
    case 'session-terminal':
      return strings.refusedEnded;
    case 'session-not-found':
    case 'session-deleted':
      return strings.refusedGone;
    case 'unauthenticated':
    case 'auth-required':
      return strings.refusedSignedOut;
    case 'forbidden':
      return strings.refusedForbidden;
    case 'payload-too-large':
      return strings.refusedTooLarge;
    case 'resume-unknown':
      return strings.refusedUnknown;
    case 'network':
      return strings.refusedNetwork;
    case 'timeout':
      return strings.refusedTimeout;
    case 'unavailable':
      return strings.refusedUnavailable;
    default:
      return strings.answerRefused(error.message);
  }
}

/**
 * The problems that a server found in the fields of an answer, from the `errors` of its problem document (RFC
 * 9457, section 3): `[{detail, pointer: "#/city"}]`.
 */
export function serverProblems(error: GraphRunError): FieldProblems {
  const { errors } = error.members;
  const problems = new Map<string, FieldProblem>();
  for (const item of Array.isArray(errors) ? (errors as readonly JsonValue[]) : []) {
    if (!isJsonObject(item) || !isText(item['pointer']) || !isText(item['detail'])) continue;
    problems.set(item['pointer'].replace(/^#/, ''), { kind: 'server', message: item['detail'] });
  }
  return problems;
}
