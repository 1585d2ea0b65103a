// How long people may wait, until the server has rules of its own. Pure.

import type { Listed } from "../server/types.ts";

const MINUTE_MS = 60_000;
/** In the queue. */
const QUEUE_SOON_MS = 3 * MINUTE_MS;
const QUEUE_LATE_MS = 10 * MINUTE_MS;
/** For an answer of the operator who has the conversation. */
const ANSWER_SOON_MS = 2 * MINUTE_MS;
const ANSWER_LATE_MS = 5 * MINUTE_MS;

export type Mark = "none" | "soon" | "late";

export function mark(row: Pick<Listed, "status" | "queued_at" | "asked_at">, nowMs: number): Mark {
  if (row.status === "waiting") return over(row.queued_at, nowMs, QUEUE_SOON_MS, QUEUE_LATE_MS);
  if (row.status === "with_operator") return over(row.asked_at, nowMs, ANSWER_SOON_MS, ANSWER_LATE_MS);
  return "none";
}

function over(since: string | null | undefined, nowMs: number, soonMs: number, lateMs: number): Mark {
  if (!since) return "none";
  const passedMs = nowMs - Date.parse(since);
  if (passedMs > lateMs) return "late";
  return passedMs > soonMs ? "soon" : "none";
}

/** Since when the conversation is in its state. */
export function since(row: Listed): string {
  if (row.status === "waiting") return row.queued_at ?? row.last_at;
  if (row.status === "with_operator") return row.taken_at ?? row.last_at;
  if (row.status === "closed") return row.closed_at ?? row.last_at;
  return row.status === "open" ? row.opened_at : row.last_at;
}
