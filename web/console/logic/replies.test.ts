import { expect, test } from "vitest";
import type { AutomaticReply } from "../server/administration.ts";
import { changeOf, emptyReply, fieldsOf, possibleParents } from "./replies.ts";

const reply = (id: string, under: string | null, written: object = {}): AutomaticReply => ({
  id, under, depth: under ? 1 : 0, label: { uk: "Так", en: null }, answer: { uk: "Ось" }, text: `answer-${id}`, variants: 0,
  written: { ...(under ? { under } : {}), ...written }, own_topic: under ? null : { queue: "general", priority: 2 },
});

test("a reply comes back from its form as it was", () => {
  const written = { id: "apply", words: { uk: ["подати", "заяв*"] }, hints: { en: ["apply for"] }, weight: 120, priority: 1, variants: [{ when: { did_not_help: true }, text: "again" }] };
  const change = changeOf(fieldsOf(reply("apply", "subsidies", written)));
  expect(change).toEqual({
    reply: { under: "subsidies", words: written.words, hints: written.hints, weight: 120, priority: 1, variants: written.variants },
    label: { uk: "Так" },
    answer: { uk: "Ось" },
  });
});

test("a topic keeps its queue and urgency apart from its reply", () => {
  const change = changeOf({ ...fieldsOf(reply("subsidies", null)), words: { uk: " субсидія ,, пільг*", ru: "" } });
  expect(change.topic).toEqual({ queue: "general", priority: 2 });
  expect(change.reply).toEqual({ words: { uk: ["субсидія", "пільг*"] }, hints: {} });
});

test("what is no JSON object is not sent", () => {
  for (const more of ["{", "[]", "1", "null"]) expect(() => changeOf({ ...emptyReply("", "general"), more })).toThrow();
});

test("no reply stands under itself or what is below it", () => {
  const all = [reply("a", null), reply("b", "a"), reply("c", "b"), reply("d", null)];
  expect(possibleParents(all, "b").map(({ id }) => id)).toEqual(["a", "d"]);
});
