// Spans of time in the units people count in. Pure.

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

export type Part = readonly [unit: "s" | "min" | "h" | "d", count: number];

/** The two largest units of a span, or one where the second would be nothing. */
export function parts(seconds: number): Part[] {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE_S) return [["s", whole]];
  if (whole < HOUR_S) return [["min", Math.floor(whole / MINUTE_S)]];
  if (whole < DAY_S) return filled(["h", Math.floor(whole / HOUR_S)], ["min", Math.floor((whole % HOUR_S) / MINUTE_S)]);
  return filled(["d", Math.floor(whole / DAY_S)], ["h", Math.floor((whole % DAY_S) / HOUR_S)]);
}

const filled = (first: Part, second: Part): Part[] => (second[1] > 0 ? [first, second] : [first]);

/** Days as they begin and end where the reader is, as instants. */
export function spanOfDays<T extends { from?: string; to?: string }>(days: T): T {
  const instant = (day: string, plus: number) => {
    const at = new Date(`${day}T00:00`);
    at.setDate(at.getDate() + plus);
    return at.toISOString();
  };
  return {
    ...days,
    ...(days.from ? { from: instant(days.from, 0) } : {}),
    ...(days.to ? { to: instant(days.to, 1) } : {}),
  };
}

/** The day of an instant where the reader is, for telling days apart. */
export const dayOf = (at: string) => new Date(at).toDateString();
