import { isJsonObject, isText, type JsonValue } from '../../protocol/json.js';
import type { GraphRunError } from '../../protocol/problems.js';
import type { FieldProblem, FieldProblems } from './model/validate.js';
import { pointerKeys } from './model/resolve-schema.js';
import { jsonErrorOffset } from './json-error.js';
import type { PanelStrings } from '../strings/english.js';

/** What is wrong with a field, in words. */
export function problemText(problem: FieldProblem, strings: PanelStrings): string {
  switch (problem.kind) {
    case 'required':
      return strings.fieldRequired;
    case 'type':
      return strings.fieldType;
    case 'number':
      return strings.fieldNotANumber;
    case 'integer':
      return strings.fieldNotAnInteger;
    case 'json':
      return strings.invalidJson;
    case 'option':
      return problem.allowed === undefined
        ? strings.fieldOption
        : strings.fieldOneOf(allowedText(problem.allowed));
    case 'pattern':
      return strings.fieldPattern;
    case 'unique':
      return strings.fieldNotUnique;
    case 'unwanted':
      return strings.fieldUnwanted;
    case 'unfit':
      return strings.fieldUnfit;
    case 'inside':
      return strings.problemInside(problem.path.join(' › '), problemText(problem.problem, strings));
    case 'format':
      return formatText(problem.format, strings);
    case 'inexact':
      return strings.numberInexact(cut(problem.number));
    case 'server':
      return problem.message;
    default:
      return limitText(problem.kind, problem.limit, strings);
  }
}

/** So many of the values that are allowed are named, each with so many characters. */
const NAMED_VALUES = 8;
const VALUE_LENGTH = 40;

function allowedText(allowed: readonly JsonValue[]): string {
  const named = allowed.slice(0, NAMED_VALUES).map((value) => {
    return cut(JSON.stringify(value));
  });
  return [...named, ...(allowed.length > NAMED_VALUES ? ['…'] : [])].join(', ');
}

function cut(text: string): string {
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text;
}

/** What is wrong within a value that is entered as one text, the place before each; not more than one can take in. */
export function problemLines(problems: FieldProblems, strings: PanelStrings): readonly string[] {
  const lines = [...problems].slice(0, SHOWN_PROBLEMS).map(([pointer, problem]) => {
    const path = pointerKeys(pointer);
    return problemText(path.length === 0 ? problem : { kind: 'inside', path, problem }, strings);
  });
  const rest = problems.size - lines.length;
  return rest === 0 ? lines : [...lines, strings.moreProblems(rest)];
}

const SHOWN_PROBLEMS = 5;

type LimitKind = Extract<FieldProblem, { readonly limit: number }>['kind'];

function limitText(kind: LimitKind, limit: number, strings: PanelStrings): string {
  switch (kind) {
    case 'minimum':
      return strings.fieldTooSmall(limit);
    case 'maximum':
      return strings.fieldTooLarge(limit);
    case 'above':
      return strings.fieldNotAbove(limit);
    case 'below':
      return strings.fieldNotBelow(limit);
    case 'multiple':
      return strings.fieldNotAMultiple(limit);
    case 'minLength':
      return strings.fieldTooShort(limit);
    case 'maxLength':
      return strings.fieldTooLong(limit);
    case 'minItems':
      return strings.fieldTooFew(limit);
    case 'maxItems':
      return strings.fieldTooMany(limit);
  }
}

function formatText(format: string, strings: PanelStrings): string {
  switch (format) {
    case 'email':
      return strings.fieldEmail;
    case 'uri':
      return strings.fieldUri;
    case 'date':
      return strings.fieldDate;
    case 'time':
      return strings.fieldTime;
    case 'date-time':
      return strings.fieldDateTime;
    case 'object':
      return strings.mustBeObject;
    case 'array':
      return strings.mustBeArray;
    default:
      return strings.fieldPattern;
  }
}

/** That a text is no JSON, and where it stops to be. */
export function jsonProblemText(text: string, strings: PanelStrings): string {
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return strings.invalidJson;
  const lines = text.slice(0, offset).split('\n');
  return strings.invalidJsonAt(lines.length, (lines.at(-1)?.length ?? 0) + 1);
}

/** Why an answer was refused, in words for the person who gave it. */
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

const FINAL = new Set([
  'interaction-conflict',
  'interaction-not-found',
  // Sent again, an answer that did arrive would be taken for another one by a server of before version 1.
  'resume-unknown',
  'session-terminal',
  'session-not-found',
  'session-deleted',
]);

/** True when no other answer would be accepted either. */
export function isFinalRefusal(error: GraphRunError): boolean {
  return FINAL.has(error.code);
}

/**
 * The fields that a server found wrong, from the `errors` of its problem document (RFC 9457, section 3):
 * `[{detail, pointer: "#/city"}]`.
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
