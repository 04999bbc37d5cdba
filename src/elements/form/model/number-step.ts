import type { NumberField } from './fields.js';

/**
 * The number that an arrow key leads to: the next multiple within the limits. Without a number, it is the one closest to
 * zero.
 */
export function steppedNumber(field: NumberField, value: number | undefined, direction: 1 | -1): number {
  const { multipleOf, isInteger } = field;
  const grid = multipleOf ?? (isInteger ? 1 : undefined);
  const lowest = onGrid(lowestOf(field), grid, Math.ceil);
  const highest = onGrid(highestOf(field), grid, Math.floor);
  const next = value === undefined ? 0 : nextNumber(value, multipleOf, direction);
  return exact(Math.min(highest, Math.max(lowest, next)));
}

function nextNumber(value: number, multipleOf: number | undefined, direction: 1 | -1): number {
  if (multipleOf === undefined) return value + direction;
  const steps = exact(value / multipleOf);
  return (direction === 1 ? Math.floor(steps) + 1 : Math.ceil(steps) - 1) * multipleOf;
}

function lowestOf({ minimum, exclusiveMinimum, ...field }: NumberField): number {
  const { NEGATIVE_INFINITY } = Number;
  const above = exclusiveMinimum === undefined ? NEGATIVE_INFINITY : exclusiveMinimum + inside(field);
  return Math.max(minimum ?? NEGATIVE_INFINITY, above);
}

function highestOf({ maximum, exclusiveMaximum, ...field }: NumberField): number {
  const { POSITIVE_INFINITY } = Number;
  const below = exclusiveMaximum === undefined ? POSITIVE_INFINITY : exclusiveMaximum - inside(field);
  return Math.min(maximum ?? POSITIVE_INFINITY, below);
}

/** The distance from a limit that is not a value itself; a part of a step, so that the next multiple is not passed. */
function inside({ multipleOf, isInteger }: Pick<NumberField, 'multipleOf' | 'isInteger'>): number {
  if (multipleOf !== undefined) return multipleOf / 1000;
  return isInteger ? 0.001 : 1;
}

function onGrid(limit: number, grid: number | undefined, round: (steps: number) => number): number {
  return grid === undefined || !Number.isFinite(limit) ? limit : round(exact(limit / grid)) * grid;
}

/** Twelve digits are enough for people, and hide that 0.1 + 0.2 is not exactly 0.3. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
