/** The time from which sessions are listed: the start of a day, named or as `2026-11-29`, in the time of this machine. */
export type SinceFilter = 'today' | '7-days' | '30-days' | (string & {});

const DAYS: Readonly<Record<string, number>> = { today: 0, '7-days': 6, '30-days': 29 };

/** The start of the time of a filter, in seconds since 1970; undefined for a filter that is none. */
export function sinceStart(since: SinceFilter, nowMs: number): number | undefined {
  const days = Object.hasOwn(DAYS, since) ? DAYS[since] : undefined;
  if (days !== undefined) {
    const start = new Date(nowMs);
    start.setHours(0, 0, 0, 0);
    start.setDate(start.getDate() - days);
    return start.getTime() / 1000;
  }
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(since) ?? [];
  if (year === undefined) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(day)).getTime() / 1000;
}
