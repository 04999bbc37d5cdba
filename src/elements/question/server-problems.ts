import { isJsonObject, isText, type JsonValue } from '../../protocol/values/json.js';
import type { GraphRunError } from '../../protocol/problems.js';
import type { FieldProblem, FieldProblems } from '../form/schema/field-problem.js';

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
