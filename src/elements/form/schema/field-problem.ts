import type { JsonValue } from '../../../protocol/values/json.js';

/** A problem of a field; the view puts it into words. */
export type FieldProblem =
  | { readonly kind: 'required' | 'number' | 'integer' | 'json' | 'type' | 'pattern' }
  /** `allowed` lists the allowed values when the field does not show them. */
  | { readonly kind: 'option'; readonly allowed?: readonly JsonValue[] }
  /** A name that another member has. */
  | { readonly kind: 'doubled' }
  /** Found only by the check against the whole schema. */
  | { readonly kind: 'unique' | 'unwanted' | 'contains' | 'excluded' | 'unfit' }
  /** None of the alternatives fits the value at `pointer`; `alternatives` has the problems in each, by its position. */
  | {
      readonly kind: 'none';
      readonly pointer: string;
      readonly alternatives: ReadonlyMap<number, FieldProblems>;
    }
  /** Several alternatives fit, but only one may; `names` are the members that make them fit, if it is that simple. */
  | { readonly kind: 'several'; readonly names: readonly string[] }
  /** Members that may not be there together. */
  | { readonly kind: 'together'; readonly names: readonly string[] }
  /** Members of which one group has to be there. */
  | { readonly kind: 'missing'; readonly groups: readonly (readonly string[])[] }
  /** A member has a name that is not allowed. */
  | { readonly kind: 'name'; readonly name: string }
  /** A problem within a value that is entered as JSON; `path` lists the keys that lead to it. */
  | { readonly kind: 'inside'; readonly path: readonly string[]; readonly problem: FieldProblem }
  | { readonly kind: 'format'; readonly format: string }
  /** A number, as typed, that parsing would change. */
  | { readonly kind: 'inexact'; readonly number: string }
  | {
      readonly kind:
        | 'minimum'
        | 'maximum'
        | 'above'
        | 'below'
        | 'multiple'
        | 'minLength'
        | 'maxLength'
        | 'minItems'
        | 'maxItems'
        | 'minProperties'
        | 'maxProperties'
        | 'minContains'
        | 'maxContains';
      readonly limit: number;
    }
  /** Reported by the server, in its own words. */
  | { readonly kind: 'server'; readonly message: string };
/** Problems by the JSON pointer of their field, in the order of the form. */

export type FieldProblems = ReadonlyMap<string, FieldProblem>;
