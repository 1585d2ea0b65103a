import { expect, test } from "vitest";
import { chosenTexts } from "./texts.ts";

const entry = (id: string, uk: string | null, en: string | null, own = false) => ({
  id,
  values: { uk: uk === null ? null : { text: uk, own }, en: en === null ? null : { text: en, own: false } },
  placeholders: [],
  used_in: [],
});

const TEXTS = [entry("welcome", "Вітаємо!", "Welcome!"), entry("menu", "Меню", null), entry("end", "Кінець", "The end", true)];
const ids = (words: string, only: "all" | "missing" | "own") => chosenTexts(TEXTS, words, only).map(({ id }) => id);

test("texts are found by id and by words of any language", () => {
  expect(ids("", "all")).toEqual(["welcome", "menu", "end"]);
  expect(ids("ВІТ", "all")).toEqual(["welcome"]);
  expect(ids(" the end ", "all")).toEqual(["end"]);
  expect(ids("menu", "all")).toEqual(["menu"]);
});

test("what is missing or changed here can be looked at alone", () => {
  expect(ids("", "missing")).toEqual(["menu"]);
  expect(ids("", "own")).toEqual(["end"]);
});
