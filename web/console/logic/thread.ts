// What was said in a conversation, as it grows in both directions. Pure.

import type { Conversation, Deliveries, Dialogue, Message, Note } from "../server/types.ts";

export interface Thread {
  org: string;
  conversation: Conversation;
  messages: readonly Message[];
  notes: readonly Note[];
  /** From here on it is new. */
  cursor: string;
  /** Before here it is older; null at the beginning. */
  earlier: string | null;
  /** The citizen is writing. */
  isTyping: boolean;
}

/** The conversation alone; `org` comes with the feed only. */
function conversationOf(told: Dialogue & { org?: string }): Conversation {
  const { messages: _m, notes: _n, cursor: _c, earlier: _e, deliveries: _d, typing: _t, org: _o, ...conversation } = told;
  return conversation;
}

export function begun(org: string, told: Dialogue): Thread {
  const { messages, notes, cursor, earlier = null } = told;
  return { org, conversation: conversationOf(told), messages, notes, cursor, earlier, isTyping: false };
}

/**
 * With what is new in it; the same thread when nothing is, so that nothing is drawn anew. An answer that was overtaken
 * by another brings nothing twice and leads nowhere back.
 */
export function extended(thread: Thread, told: Dialogue): Thread {
  const conversation = conversationOf(told);
  const grown: Thread = {
    ...thread,
    conversation: JSON.stringify(conversation) === JSON.stringify(thread.conversation) ? thread.conversation : conversation,
    messages: delivered(joined(thread.messages, told.messages), told.deliveries ?? {}),
    notes: joined(thread.notes, told.notes),
    cursor: later(told.cursor, thread.cursor),
    isTyping: told.typing ?? thread.isTyping,
  };
  const changed = (["conversation", "messages", "notes", "cursor", "isTyping"] as const).some((part) => grown[part] !== thread[part]);
  return changed ? grown : thread;
}

/** With an earlier page before it. */
export const preceded = (thread: Thread, told: Dialogue): Thread => ({
  ...thread,
  messages: joined(told.messages, thread.messages),
  notes: joined(told.notes, thread.notes),
  earlier: told.earlier ?? null,
});

/** Cursors are positions that only grow. */
const later = (one: string, other: string) => (Number(one) < Number(other) ? other : one);

/** The same list where nothing changed, so that nothing is drawn anew. */
function delivered(messages: readonly Message[], deliveries: Deliveries): readonly Message[] {
  const news = ({ id, delivery }: Message) => deliveries[id] !== undefined && deliveries[id] !== delivery;
  if (!messages.some(news)) return messages;
  return messages.map((message) => (news(message) ? { ...message, delivery: deliveries[message.id]! } : message));
}

/** Both lists, each id once; the later copy wins, with the earlier one's link, so that a picture is not read again. */
function joined<T extends { id: string; media?: Message["media"] }>(first: readonly T[], second: readonly T[]): readonly T[] {
  if (second.length === 0) return first;
  const all = new Map(first.map((one) => [one.id, one]));
  for (const one of second) {
    const url = all.get(one.id)?.media?.url;
    all.set(one.id, url && one.media ? { ...one, media: { ...one.media, url } } : one);
  }
  return [...all.values()];
}
