// Answers on their way.

import { expect, test } from "vitest";
import type { Message } from "../server/types.ts";
import { due, type Outgoing, pieces, putOff, unmatched, wakeMs } from "./outbox.ts";

const item = (clientId: string, change: Partial<Outgoing> = {}): Outgoing => ({
  clientId, org: "ukc", id: "c_1", text: clientId, file: null, mediaId: null, state: "sending", attempts: 0,
  nextMs: 0, writtenMs: 0, afterId: null, reason: null, ...change,
});
const said = (id: string, text: string, from: Message["from"] = "operator"): Message =>
  ({ id, from, text, buttons: [], delivery: "sent", at: "2026-11-28T10:00:00.000Z" });
const ids = (items: readonly Outgoing[]) => items.map(({ clientId }) => clientId);

test("answers of one conversation leave in order, of several side by side", () => {
  const items = [item("1"), item("2"), item("3", { id: "c_2" })];
  expect(ids(due(items, new Set(), 0))).toEqual(["1", "3"]);
  expect(ids(due(items, new Set(["ukc/c_1"]), 0))).toEqual(["3"]);
});

test("nothing leaves behind a refused answer or before its time", () => {
  expect(due([item("1", { state: "failed" }), item("2")], new Set(), 0)).toEqual([]);
  expect(due([item("1", { nextMs: 5 })], new Set(), 4)).toEqual([]);
  expect(wakeMs([item("1", { nextMs: 5 }), item("2", { state: "failed" })])).toBe(5);
});

test("a failure that may pass waits twice as long each time, or as long as the server asks", () => {
  const first = putOff(item("1"), 0, null);
  expect(first).toMatchObject({ attempts: 1, nextMs: 1000 });
  expect(putOff(first, 0, null).nextMs).toBe(2000);
  expect(putOff(item("1", { attempts: 20 }), 0, null).nextMs).toBe(30_000);
  expect(putOff(item("1"), 0, 7).nextMs).toBe(7000);
});

test("a long text is broken where its writer broke it, and loses nothing", () => {
  expect(pieces("  ")).toEqual([]);
  expect(pieces(" коротко ")).toEqual(["коротко"]);
  const text = `${"а".repeat(3000)}\n${"б".repeat(3000)}`;
  expect(pieces(text)).toEqual(["а".repeat(3000), "б".repeat(3000)]);
  expect(pieces("😀".repeat(4001)).map((piece) => [...piece].length)).toEqual([4000, 1]);
});

test("an answer that stands in the conversation is shown once", () => {
  const two = [item("так", { afterId: "m_1" }), item("ні", { afterId: "m_1" })];
  expect(ids(unmatched(two, [said("m_1", "?", "citizen"), said("m_2", "так")]))).toEqual(["ні"]);
});

test("the same words said before or twice are told apart", () => {
  const again = item("так", { afterId: "m_1" });
  expect(ids(unmatched([again], [said("m_1", "так")]))).toEqual(["так"]);
  const twice = [item("так"), { ...item("так"), clientId: "2" }];
  expect(ids(unmatched(twice, [said("m_1", "так")]))).toEqual(["2"]);
});
