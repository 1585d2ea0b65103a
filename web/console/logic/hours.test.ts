import { expect, test } from "vitest";
import { lineOf, spansOf } from "./hours.ts";

test.each([
  ["09:00-18:00", ["09:00-18:00"]],
  ["9-13, 14.00 – 18:30", ["09:00-13:00", "14:00-18:30"]],
  [" 9:00—12:00 ; 13-17 ", ["09:00-12:00", "13:00-17:00"]],
  ["", []],
  ["morning", ["morning"]],
])("%j is understood", (line, spans) => {
  expect(spansOf(line)).toEqual(spans);
});

test("a day is written as it is read", () => {
  const hours = { monday: ["09:00-13:00", "14:00-18:00"] };
  expect(spansOf(lineOf(hours, "monday"))).toEqual(hours.monday);
  expect(lineOf(hours, "sunday")).toBe("");
});
