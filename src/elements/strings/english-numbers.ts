/** “1,234”: a number in English format. */
export function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 20 });
}

/** “1 session”, “2 sessions”. */
export function plural(count: number, one: string, many: string): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
