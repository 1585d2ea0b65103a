// What was said, as it grows.

import { expect, test } from "vitest";
import type { Dialogue, Message } from "../server/types.ts";
import { begun, extended, preceded } from "./thread.ts";

const message = (id: string, change: Partial<Message> = {}): Message =>
  ({ id, from: "citizen", text: id, buttons: [], delivery: "none", at: "2026-11-28T10:00:00.000Z", ...change });

const told = (change: Partial<Dialogue>): Dialogue => ({
  id: "c_1", status: "with_operator", queue: null, topic: null, channel: "web", language: "uk", priority: 0,
  citizen: { id: "p_1", name: null, phone: null, phone_verified: false, identified: false, blocked: false, conversations: 1 },
  opened_at: "", last_at: "", close_reason: null, messages: [], notes: [], cursor: "0", ...change,
});
const ids = (messages: readonly Message[]) => messages.map(({ id }) => id);

test("new messages come after, earlier ones before, none twice", () => {
  const first = begun("ukc", told({ messages: [message("3")], cursor: "3", earlier: "3" }));
  const more = extended(first, told({ messages: [message("3"), message("4")], cursor: "4" }));
  expect(ids(more.messages)).toEqual(["3", "4"]);
  const all = preceded(more, told({ messages: [message("1"), message("2")] }));
  expect(ids(all.messages)).toEqual(["1", "2", "3", "4"]);
  expect(all.earlier).toBeNull();
  expect(all.cursor).toBe("4");
});

test("an answer that was overtaken leads nowhere back", () => {
  const thread = begun("ukc", told({ cursor: "12" }));
  expect(extended(thread, told({ cursor: "9" })).cursor).toBe("12");
});

test("deliveries change their messages, and nothing else is drawn anew", () => {
  const thread = begun("ukc", told({ messages: [message("1"), message("2", { from: "operator", delivery: "queued" })] }));
  const seen = extended(thread, told({ deliveries: { 2: "seen" } }));
  expect(seen.messages[1]?.delivery).toBe("seen");
  expect(seen.messages[0]).toBe(thread.messages[0]);
  expect(extended(seen, told({ deliveries: { 2: "seen" } }))).toBe(seen);
});

test("a picture keeps its link when it is told again", () => {
  const media = (url: string) => ({ id: "f_1", type: "image/png", name: "a.png", size: 1, url });
  const thread = begun("ukc", told({ messages: [message("1", { media: media("/old") })] }));
  const again = extended(thread, told({ messages: [message("1", { media: media("/new") })] }));
  expect(again.messages[0]?.media?.url).toBe("/old");
});
