// What was said in a conversation, as it grows in both directions. Pure.

import type { Dialogue, Message, Note, Conversation } from "../api/types.ts";

/** How long deliveries of what an operator wrote are looked after. */
const SETTLING_MS = 120_000;

export interface Thread {
  org: string;
  conversation: Conversation;
  messages: readonly Message[];
  notes: readonly Note[];
  /** From here on it is new. */
  cursor: string;
  /** Before here it is older; null at the beginning. */
  earlier: string | null;
  /** A cursor before messages whose delivery is not settled: from there it is read again. */
  held: { cursor: string; sinceMs: number } | null;
}

const conversationOf = ({ messages: _m, notes: _n, cursor: _c, earlier: _e, ...conversation }: Dialogue): Conversation => conversation;

export function begun(org: string, told: Dialogue): Thread {
  const { messages, notes, cursor, earlier = null } = told;
  return { org, conversation: conversationOf(told), messages, notes, cursor, earlier, held: null };
}

/** With what is new after `asked`, the cursor that was asked with. */
export function extended(thread: Thread, told: Dialogue, asked: string, nowMs: number): Thread {
  const messages = joined(thread.messages, told.messages);
  return {
    ...thread,
    conversation: conversationOf(told),
    messages,
    notes: joined(thread.notes, told.notes),
    cursor: later(told.cursor, thread.cursor),
    held: holding(thread, told, asked, nowMs),
  };
}

/** With an earlier page before it. */
export const preceded = (thread: Thread, told: Dialogue): Thread => ({
  ...thread,
  messages: joined(told.messages, thread.messages),
  notes: joined(told.notes, thread.notes),
  earlier: told.earlier ?? null,
});

/** The cursor to ask with. */
export const seenOf = (thread: Thread) => thread.held?.cursor ?? thread.cursor;

/** Cursors are numbers; an answer that was overtaken must not lead back. */
const later = (one: string, other: string) => (Number(one) < Number(other) ? other : one);

function holding(thread: Thread, told: Dialogue, asked: string, nowMs: number): Thread["held"] {
  const unsettled = told.messages.some(({ from, delivery }) => from === "operator" && SETTLES.has(delivery));
  if (!unsettled) return null;
  const held = thread.held ?? { cursor: asked, sinceMs: nowMs };
  return nowMs - held.sinceMs < SETTLING_MS ? held : null;
}

const SETTLES: ReadonlySet<string> = new Set(["queued", "sent", "delivered"]);

/** Both lists, each id once; the later copy wins, with the earlier one's link, so that a picture is not read again. */
function joined<T extends { id: string; media?: Message["media"] }>(first: readonly T[], second: readonly T[]): readonly T[] {
  if (second.length === 0) return first;
  const all = new Map(first.map((one) => [one.id, one]));
  for (const one of second) {
    const known = all.get(one.id);
    const url = known?.media?.url;
    all.set(one.id, url && one.media ? { ...one, media: { ...one.media, url } } : one);
  }
  return [...all.values()];
}
