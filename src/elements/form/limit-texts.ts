import type { PanelStrings } from '../strings/english.js';
import type { Field, NumberField, TextField } from './model/fields.js';
import { suggestionsOf } from './model/suggestions.js';

/** A longer pattern, in characters, says nothing to a person. */
const SHOWN_PATTERN = 40;

/** Up to this many examples are named. */
const SHOWN_EXAMPLES = 3;

/** The limits of a field in words, as far as its description does not state them, and its examples. */
export function limitTexts(field: Field, strings: PanelStrings): readonly string[] {
  if (field.isReadOnly) return [];
  return [...limitsOf(field, strings), ...exampleTexts(field, strings)];
}

function limitsOf(field: Field, strings: PanelStrings): readonly string[] {
  switch (field.kind) {
    case 'number':
      return numberLimits(field, strings);
    case 'text':
      return textLimits(field, strings);
    case 'options':
    case 'array': {
      const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = field;
      return countLimit(field, minItems, maxItems, strings.limitItems);
    }
    case 'object': {
      const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = field.pairs ?? {};
      return field.fields.length > 0
        ? []
        : countLimit(field, minProperties, maxProperties, strings.limitItems);
    }
    default:
      return [];
  }
}

function numberLimits(field: NumberField, strings: PanelStrings): readonly string[] {
  const { exclusiveMinimum, exclusiveMaximum, multipleOf } = field;
  const minimum = sayable(field.minimum);
  const maximum = sayable(field.maximum);
  const isRange = minimum !== undefined && maximum !== undefined;
  const limits = isRange
    ? [{ numbers: [minimum, maximum], text: strings.numberRange(minimum, maximum) }]
    : [
        ...stated(minimum, strings.limitAtLeast),
        ...stated(sayable(exclusiveMinimum), strings.limitAbove),
        ...stated(maximum, strings.limitAtMost),
        ...stated(sayable(exclusiveMaximum), strings.limitBelow),
      ];
  const step = field.isInteger && multipleOf === 1 ? undefined : multipleOf;
  return [...limits, ...stated(step, strings.limitSteps)]
    .filter(({ numbers }) => !isDescribed(field, numbers))
    .map(({ text }) => text);
}

/** Schema generators state the range of exact integers as a limit; a person has no use for it. */
function sayable(limit: number | undefined): number | undefined {
  return limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER ? undefined : limit;
}

function stated(limit: number | undefined, say: (limit: number) => string) {
  return limit === undefined ? [] : [{ numbers: [limit], text: say(limit) }];
}

function textLimits(field: TextField, strings: PanelStrings): readonly string[] {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern = '' } = field;
  const isPatternShown = pattern !== '' && pattern.length <= SHOWN_PATTERN && field.description === '';
  return [
    ...countLimit(field, minLength, maxLength, strings.limitLength),
    ...(isPatternShown ? [strings.limitPattern(pattern)] : []),
  ];
}

function countLimit(
  field: Field,
  minimum: number,
  maximum: number,
  say: (minimum: number, maximum: number) => string,
): readonly string[] {
  const hasMaximum = maximum < Number.MAX_SAFE_INTEGER;
  // That at least one is needed is what a required field says.
  if (minimum <= 1 && !hasMaximum) return [];
  const limits = [minimum, maximum].filter((limit) => limit > 1 && limit < Number.MAX_SAFE_INTEGER);
  if (limits.length > 0 && isDescribed(field, limits)) return [];
  return [say(minimum === 1 && maximum > 1 ? 0 : minimum, hasMaximum ? maximum : Number.POSITIVE_INFINITY)];
}

/** True when the description of a field already names all of these numbers. */
function isDescribed({ description }: Field, limits: readonly number[]): boolean {
  const named = new Set((description.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number));
  return limits.every((limit) => named.has(limit));
}

function exampleTexts(field: Field, strings: PanelStrings): readonly string[] {
  const isNamed =
    ['text', 'number', 'json'].includes(field.kind) && !field.isSecret && suggestionsOf(field).length === 0;
  const examples = field.examples.slice(0, SHOWN_EXAMPLES);
  if (!isNamed || examples.length === 0) return [];
  const texts = examples.map((example) =>
    typeof example === 'number'
      ? example.toLocaleString(strings.locale, { useGrouping: false, maximumFractionDigits: 20 })
      : typeof example === 'string'
        ? example
        : JSON.stringify(example),
  );
  return [strings.examples(texts.join(', '))];
}
