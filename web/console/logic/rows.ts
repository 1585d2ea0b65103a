// The lists of conversations: what the feed changes, who stands where, what is new. Pure.

import type { DeskAnswer, Listed } from "../server/types.ts";

export type Rows = ReadonlyMap<string, Listed>;
export type Tab = "mine" | "waiting" | "all";

export const keyOf = (place: { org: string; id: string }) => `${place.org}/${place.id}`;

const onDesk = (row: Listed) => !row.moved_to && (row.status === "waiting" || row.status === "with_operator");

/** The rows after an answer of the feed: those that left the desk are gone; the same rows when nothing changed. */
export function merged(rows: Rows, answer: DeskAnswer): Rows {
  if (!answer.reset && answer.conversations.length === 0) return rows;
  const next = new Map(answer.reset ? [] : rows);
  for (const row of answer.conversations) {
    if (onDesk(row)) next.set(keyOf(row), row);
    else next.delete(keyOf(row));
  }
  return next;
}

const early = (one: string | null | undefined, other: string | null | undefined) =>
  (one ?? "").localeCompare(other ?? "");

/** Who comes first: the more urgent, then the one who waits longer. */
const byTurn = (one: Listed, other: Listed) =>
  other.priority - one.priority || early(one.queued_at ?? one.last_at, other.queued_at ?? other.last_at);

/** Those who wait for my answer first, the longest on top; then by what was said last. */
const byNeed = (one: Listed, other: Listed) => {
  if (one.asked_at && other.asked_at) return early(one.asked_at, other.asked_at);
  if (one.asked_at || other.asked_at) return one.asked_at ? -1 : 1;
  return early(other.last_at, one.last_at);
};

export const mine = (rows: Rows, me: string): Listed[] =>
  [...rows.values()].filter((row) => row.status === "with_operator" && row.operator?.id === me).sort(byNeed);

export const waiting = (rows: Rows): Listed[] =>
  [...rows.values()].filter((row) => row.status === "waiting").sort(byTurn);

/** Nobody has it, and it is here. */
export const takeable = (row: Listed) => !row.moved_to && !row.operator && (row.status === "waiting" || row.status === "open");

export const closable = (row: Listed, me: string) => row.status === "with_operator" && row.operator?.id === me;

export interface Loaded {
  rows: Listed[];
  /** Where the organisation's list goes on; null at its end. */
  cursor: string | null;
}

/**
 * The lists of several organisations as one, latest first. A row is shown only when nothing unread can stand before
 * it: not below the last row of a list that goes on.
 */
export function together(lists: readonly Loaded[], live: Rows): Listed[] {
  const open = lists.filter((list) => list.cursor !== null);
  const floor = open.map((list) => list.rows.at(-1)?.last_at ?? "").sort().at(-1) ?? "";
  const known = new Map(lists.flatMap((list) => list.rows).map((row) => [keyOf(row), row]));
  for (const [key, row] of live) known.set(key, row);
  return [...known.values()].filter((row) => row.last_at >= floor).sort((one, other) => early(other.last_at, one.last_at));
}

/** The lists that have to be read further to show more. */
export function behind(lists: ReadonlyMap<string, Loaded>): string[] {
  const open = [...lists].filter(([, list]) => list.cursor !== null);
  const floor = open.map(([, list]) => list.rows.at(-1)?.last_at ?? "").sort().at(-1);
  return open.filter(([, list]) => (list.rows.at(-1)?.last_at ?? "") === floor).map(([org]) => org);
}

export interface News {
  /** Conversations of mine in which the citizen wrote. */
  wrote: Listed[];
  /** Conversations that were handed to me or began to wait while nobody else did. */
  came: Listed[];
}

/** What deserves a sound: compared with how things stood before. */
export function news(before: Rows, after: Rows, me: string): News {
  const wrote = mine(after, me).filter((row) => {
    const old = before.get(keyOf(row));
    return row.last?.from === "citizen" && old !== undefined && row.last.at > (old.last?.at ?? "");
  });
  const came = waiting(before).length === 0 ? waiting(after).filter((row) => !before.has(keyOf(row))) : [];
  return { wrote, came };
}

/** The row to go to when one moves by `step` from the row `key`; the first when that is not in the list. */
export function neighbour(rows: readonly Listed[], key: string | null, step: number): Listed | undefined {
  const at = rows.findIndex((row) => keyOf(row) === key);
  if (at < 0) return rows[0];
  return rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
}
