// By when somebody is to be served, as the server says by the queue's service times. Pure.

import type { Listed } from "../server/types.ts";

export type Mark = "none" | "soon" | "late";

export function mark(row: Pick<Listed, "due">, nowMs: number): Mark {
  if (!row.due) return "none";
  if (nowMs > Date.parse(row.due.at)) return "late";
  return nowMs > Date.parse(row.due.warn_at) ? "soon" : "none";
}

/** Since when the conversation is in its state. */
export function since(row: Listed): string {
  if (row.status === "waiting") return row.queued_at ?? row.last_at;
  if (row.status === "with_operator") return row.taken_at ?? row.last_at;
  if (row.status === "closed") return row.closed_at ?? row.last_at;
  return row.status === "open" ? row.opened_at : row.last_at;
}
