// Working hours as a person writes them: "09:00-13:00, 14:00-18:00". Pure.

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The spans of a day in one line. */
export function lineOf(hours: Readonly<Record<string, unknown>>, weekday: Weekday): string {
  const spans = hours[weekday];
  return Array.isArray(spans) ? spans.join(", ") : "";
}

/** The spans of a line; dashes of all lengths and single-digit hours are understood, what is none is left for the server to refuse. */
export function spansOf(line: string): string[] {
  const spans = line.split(/[,;]/).map((span) => span.trim()).filter(Boolean);
  return spans.map((span) => span.split(/\s*[-–—]\s*/).map(time).join("-"));
}

const time = (text: string) => {
  const [hour, minute = "00"] = text.split(/[:.]/);
  return hour && /^\d{1,2}$/.test(hour) ? `${hour.padStart(2, "0")}:${minute}` : text;
};
