// Answers on their way: shown at once, sent in order, tried again until the server takes or refuses them. Pure.

import type { Message } from "../server/types.ts";

/** Longest text the server takes. */
const TEXT_CHARS_MAX = 4000;
const PAUSE_FIRST_MS = 1000;
const PAUSE_MAX_MS = 30_000;

export interface Outgoing {
  clientId: string;
  org: string;
  id: string;
  text: string;
  file: { name: string; type: string; size: number } | null;
  /** The upload, once the file is there. */
  mediaId: string | null;
  state: "sending" | "failed";
  attempts: number;
  /** Not before this instant. */
  nextMs: number;
  writtenMs: number;
  /** The last message that stood in the conversation when this was written. */
  afterId: string | null;
  /** Why the server refused it. */
  reason: string | null;
}

/** The next answer to send: the first of each conversation, none behind one that failed or is under way. */
export function due(items: readonly Outgoing[], busy: ReadonlySet<string>, nowMs: number): Outgoing[] {
  const met = new Set<string>();
  return items.filter((item) => {
    const conversation = `${item.org}/${item.id}`;
    if (met.has(conversation)) return false;
    met.add(conversation);
    return item.state === "sending" && !busy.has(conversation) && item.nextMs <= nowMs;
  });
}

/** When to look again; null when nothing is on its way. */
export function wakeMs(items: readonly Outgoing[]): number | null {
  const times = items.filter((item) => item.state === "sending").map((item) => item.nextMs);
  return times.length > 0 ? Math.min(...times) : null;
}

/** Put off after a failure that may pass: twice as long each time. */
export const putOff = (item: Outgoing, nowMs: number, askedS: number | null): Outgoing => ({
  ...item,
  attempts: item.attempts + 1,
  nextMs: nowMs + (askedS ? askedS * 1000 : Math.min(PAUSE_FIRST_MS * 2 ** item.attempts, PAUSE_MAX_MS)),
});

/** A text in pieces that the server takes, broken where the writer broke it. */
export function pieces(text: string): string[] {
  const chars = [...text.trim()];
  const found: string[] = [];
  while (chars.length > TEXT_CHARS_MAX) {
    const end = breakAt(chars);
    found.push(chars.splice(0, end).join("").trim());
  }
  if (chars.length > 0) found.push(chars.join("").trim());
  return found.filter((piece) => piece.length > 0);
}

function breakAt(chars: readonly string[]): number {
  for (const sign of ["\n", " "]) {
    const at = chars.lastIndexOf(sign, TEXT_CHARS_MAX - 1);
    if (at > TEXT_CHARS_MAX / 2) return at + 1;
  }
  return TEXT_CHARS_MAX;
}

/** Those that do not stand in the conversation yet; an answer may be there before its sending is acknowledged. */
export function unmatched(items: readonly Outgoing[], messages: readonly Message[]): Outgoing[] {
  const taken = new Set<string>();
  return items.filter((item) => {
    const from = item.afterId ? messages.findIndex(({ id }) => id === item.afterId) + 1 : 0;
    const found = messages.slice(from).find((message) => !taken.has(message.id) && says(message, item));
    if (found) taken.add(found.id);
    return !found;
  });
}

const says = (message: Message, item: Outgoing) =>
  message.from === "operator" && (message.text ?? "") === item.text && (message.media?.id ?? null) === item.mediaId;
