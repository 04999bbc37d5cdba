import type { JsonValue } from '../../../protocol/values/json.js';
import { pointerKeys } from '../../../protocol/schema/json-pointer.js';
import type { FieldProblem, FieldProblems } from './field-problem.js';

type NoneProblem = Extract<FieldProblem, { readonly kind: 'none' }>;

/**
 * Explains that a value fits none of its alternatives, as simply as possible, by JSON pointer: with the problems in the
 * chosen alternative, or in the only one that is meant; with the members that are missing, the types or the values
 * that are allowed. `chosen` is the position of the alternative that a person chose. Undefined when there is no simpler
 * way to say it.
 */
export function explainNone(
  pointer: string,
  { alternatives }: NoneProblem,
  chosen: number | undefined,
): FieldProblems | undefined {
  const ofChosen = chosen === undefined ? undefined : alternatives.get(chosen);
  if (ofChosen !== undefined) return ofChosen;
  const all = [...alternatives.values()];
  const meant = all.filter((problems) => !isOther(problems, pointer));
  const [only] = meant;
  if (meant.length === 1) return only;
  const common = commonProblem(all, pointer);
  return common && new Map([[pointer, common]]);
}

/** Explains each problem of kind `none`, where no alternative was chosen. */
export function explainAll(problems: FieldProblems): FieldProblems {
  const explained = new Map<string, FieldProblem>();
  const rest = [...problems].reverse();
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const [pointer, problem] = next;
    const simpler = problem.kind === 'none' ? explainNone(pointer, problem, undefined) : undefined;
    if (simpler !== undefined) rest.push(...[...simpler].reverse());
    else if (!explained.has(pointer)) explained.set(pointer, problem);
  }
  return explained;
}

/** True for an alternative that was not meant: the value is of another type, or a listed value is another one. */
function isOther(problems: FieldProblems, pointer: string): boolean {
  return [...problems].some(
    ([place, { kind }]) => kind === 'option' || kind === 'unwanted' || (kind === 'type' && place === pointer),
  );
}

/** The problem that all alternatives share; undefined when they differ. */
function commonProblem(alternatives: readonly FieldProblems[], pointer: string): FieldProblem | undefined {
  const problems = alternatives.flatMap((each) => [...each]);
  if (problems.length === 0) return undefined;
  if (problems.every(([place, { kind }]) => place === pointer && kind === 'type')) return { kind: 'type' };
  const depth = pointerKeys(pointer).length;
  const isMissing = ([place, { kind }]: readonly [string, FieldProblem]) =>
    kind === 'required' && pointerKeys(place).length === depth + 1;
  if (problems.every(isMissing)) {
    const groups = alternatives.map((each) =>
      [...each.keys()].map((place) => pointerKeys(place).at(-1) ?? ''),
    );
    return { kind: 'missing', groups };
  }
  const allowed: JsonValue[] = [];
  for (const [place, problem] of problems) {
    if (place !== pointer || problem.kind !== 'option' || problem.allowed === undefined) return undefined;
    allowed.push(...problem.allowed);
  }
  return { kind: 'option', allowed };
}
