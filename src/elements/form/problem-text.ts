import type { JsonValue } from '../../protocol/values/json.js';
import type { PanelStrings } from '../strings/english.js';
import { jsonErrorOffset } from './json-error.js';
import { pointerKeys } from '../../protocol/schema/json-pointer.js';
import { explainAll } from './schema/explain-problem.js';
import type { FieldProblem, FieldProblems } from './schema/field-problem.js';

/** Puts the problem of a field into words. */
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
    case 'doubled':
      return strings.nameDoubled;
    case 'unique':
      return strings.fieldNotUnique;
    case 'unwanted':
      return strings.fieldUnwanted;
    case 'unfit':
      return strings.fieldUnfit;
    case 'contains':
      return strings.fieldLacksItem;
    case 'excluded':
      return strings.fieldExcluded;
    case 'none':
      return noneText(problem, strings);
    case 'several':
      return problem.names.length === 0 ? strings.fieldSeveral : strings.fieldOnlyOne(problem.names);
    case 'together':
      return strings.fieldNotTogether(problem.names);
    case 'missing':
      return strings.fieldMissing(problem.groups);
    case 'name':
      return strings.fieldName(cut(problem.name));
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

/** Up to this many ways to fit one of several alternatives are listed. */
const NAMED_ALTERNATIVES = 4;

/** Says of each alternative what is missing for it. */
function noneText(
  { pointer, alternatives }: Extract<FieldProblem, { readonly kind: 'none' }>,
  strings: PanelStrings,
): string {
  const depth = pointerKeys(pointer).length;
  const texts = [...alternatives.values()].flatMap((problems) => {
    const [first] = explainAll(problems);
    if (first === undefined) return [];
    const path = pointerKeys(first[0]).slice(depth);
    const problem: FieldProblem = path.length === 0 ? first[1] : { kind: 'inside', path, problem: first[1] };
    return [problemText(problem, strings)];
  });
  const named = [...new Set(texts)].slice(0, NAMED_ALTERNATIVES);
  const [only] = named;
  return only === undefined || named.length === 1 ? (only ?? strings.fieldNone) : strings.fieldEither(named);
}

/** Up to this many of the allowed values are listed. */
const NAMED_VALUES = 8;

/** A listed value is cut after this many characters. */
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

/**
 * Puts the problems within a value that is entered as one text into words, each with its place. Beyond the
 * first few they are only counted.
 */
export function problemLines(problems: FieldProblems, strings: PanelStrings): readonly string[] {
  const lines = [...problems].slice(0, SHOWN_PROBLEMS).map(([pointer, problem]) => {
    const path = pointerKeys(pointer);
    return problemText(path.length === 0 ? problem : { kind: 'inside', path, problem }, strings);
  });
  const rest = problems.size - lines.length;
  return rest === 0 ? lines : [...lines, strings.moreProblems(rest)];
}

/** Up to this many problems are listed; people cannot take in more at once. */
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
    case 'minProperties':
      return strings.fieldTooFewMembers(limit);
    case 'maxProperties':
      return strings.fieldTooManyMembers(limit);
    case 'minContains':
      return strings.fieldTooFewSuch(limit);
    case 'maxContains':
      return strings.fieldTooManySuch(limit);
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

/** Says that a text is not JSON, with the line and column of the first error. */
export function jsonProblemText(text: string, strings: PanelStrings): string {
  const offset = jsonErrorOffset(text);
  if (offset === undefined) return strings.invalidJson;
  const lines = text.slice(0, offset).split('\n');
  return strings.invalidJsonAt(lines.length, (lines.at(-1)?.length ?? 0) + 1);
}
