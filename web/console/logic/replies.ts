// Automatic replies as a form has them: words in one line a language, the rare rest as JSON. Pure.

import type { AutomaticReply, ReplyChange, ReplyTree, WrittenReply } from "../server/administration.ts";

/** Russian is understood also where it is not spoken. */
const ALSO_UNDERSTOOD = "ru";

export interface ReplyFields {
  id: string;
  /** The reply above; empty for a topic. */
  under: string;
  queue: string;
  /** Empty: the topic's. */
  priority: string;
  weight: string;
  words: Record<string, string>;
  hints: Record<string, string>;
  label: Record<string, string>;
  answer: Record<string, string>;
  /** Conditions, variants, buttons and media, as JSON. */
  more: string;
}

/** Languages in which citizens are understood. */
export const understood = (tree: ReplyTree): string[] => [...new Set([...tree.languages, ALSO_UNDERSTOOD])];

const listed = (lists: Record<string, string[]> | undefined) =>
  Object.fromEntries(Object.entries(lists ?? {}).map(([language, words]) => [language, words.join(", ")]));

const spoken = (patterns: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(patterns).map(([language, pattern]) => [language, pattern ?? ""]));

export const emptyReply = (under: string, queue: string): ReplyFields => ({
  id: "", under, queue, priority: under ? "" : "0", weight: "", words: {}, hints: {}, label: {}, answer: {}, more: "",
});

export function fieldsOf(reply: AutomaticReply): ReplyFields {
  const { id: _, under = "", words, hints, priority, weight, ...more } = reply.written;
  const urgency = reply.own_topic?.priority ?? priority;
  return {
    id: reply.id,
    under,
    queue: reply.own_topic?.queue ?? "",
    priority: urgency === undefined ? "" : String(urgency),
    weight: weight === undefined ? "" : String(weight),
    words: listed(words),
    hints: listed(hints),
    label: spoken(reply.label),
    answer: spoken(reply.answer),
    more: Object.keys(more).length > 0 ? JSON.stringify(more, null, 2) : "",
  };
}

const split = (lines: Record<string, string>) => {
  const lists = Object.entries(lines).map(([language, line]) => [language, line.split(",").map((word) => word.trim()).filter(Boolean)] as const);
  return Object.fromEntries(lists.filter(([, words]) => words.length > 0));
};

const filled = (patterns: Record<string, string>) =>
  Object.fromEntries(Object.entries(patterns).map(([language, pattern]) => [language, pattern.trim()]).filter(([, pattern]) => pattern));

/** What is sent; throws where the rest is no JSON object. */
export function changeOf(fields: ReplyFields): ReplyChange {
  const more = fields.more.trim() ? (JSON.parse(fields.more) as unknown) : {};
  if (typeof more !== "object" || more === null || Array.isArray(more)) throw new SyntaxError("no object");
  const isTopic = fields.under === "";
  const priority = fields.priority === "" ? undefined : Number(fields.priority);
  const reply: WrittenReply = {
    ...more,
    ...(isTopic ? {} : { under: fields.under }),
    words: split(fields.words),
    hints: split(fields.hints),
    ...(isTopic || priority === undefined ? {} : { priority }),
    ...(fields.weight === "" ? {} : { weight: Number(fields.weight) }),
  };
  return {
    reply,
    ...(isTopic ? { topic: { queue: fields.queue, priority: priority ?? 0 } } : {}),
    label: filled(fields.label),
    answer: filled(fields.answer),
  };
}

/** The replies that another one may stand under: neither itself nor what stands below it. */
export function possibleParents(replies: readonly AutomaticReply[], id: string): AutomaticReply[] {
  const above = new Map(replies.map((reply) => [reply.id, reply.under]));
  const isBelow = (reply: string | null): boolean => reply !== null && (reply === id || isBelow(above.get(reply) ?? null));
  return replies.filter((reply) => !isBelow(reply.id));
}
