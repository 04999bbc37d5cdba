import { exactFormat } from './exact-format.js';

const format = exactFormat('en');

/** “1,234”: a number in English format. */
export function number(value: number): string {
  return format(value);
}

/** “1 session”, “2 sessions”. */
export function plural(count: number, one: string, many: string): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
