// Waiting times, spans, prepared answers, keys, permissions, words.

import { describe, expect, test } from "vitest";
import type { CannedAnswer, Me } from "../server/types.ts";
import enAdministration from "../words/administration/en.json";
import ukAdministration from "../words/administration/uk.json";
import en from "../words/en.json";
import uk from "../words/uk.json";
import { device } from "./agent.ts";
import { filled, fitting, wanted } from "./canned.ts";
import { commandOf, type Press } from "./keys.ts";
import { mayEverywhere, permitted } from "./permissions.ts";
import { mark } from "./sla.ts";
import { parts, spanOfDays } from "./times.ts";

const NOW = Date.parse("2026-11-28T10:00:00.000Z");
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

test.each([
  [5, 1, "none"],
  [1, -1, "soon"],
  [-1, -2, "late"],
] as const)("due in %d min, to be warned of in %d: %s", (due, warn, expected) => {
  expect(mark({ due: { kind: "next_answer", at: ago(-due), warn_at: ago(-warn) } }, NOW)).toBe(expected);
});

test("where nothing is due nobody is late", () => {
  expect(mark({}, NOW)).toBe("none");
});

test.each([
  [-5, [["s", 0]]],
  [59, [["s", 59]]],
  [60, [["min", 1]]],
  [3600, [["h", 1]]],
  [3661, [["h", 1], ["min", 1]]],
  [90_000, [["d", 1], ["h", 1]]],
])("%d seconds in the units people count in", (seconds, expected) => {
  expect(parts(seconds)).toEqual(expected);
});

test("a span of days includes its last day", () => {
  const { from, to } = spanOfDays({ from: "2026-11-27", to: "2026-11-27" });
  expect(Date.parse(to) - Date.parse(from)).toBe(24 * 3_600_000);
  expect(spanOfDays({})).toEqual({});
});

describe("prepared answers", () => {
  const one = (shortcut: string, language: string, title = "", text = ""): CannedAnswer =>
    ({ id: `${shortcut}.${language}`, shortcut, language, title, text });
  const all = [one("hello", "en"), one("hello", "uk"), one("wait", "uk", "Зачекайте", "Hello again"), one("bye", "uk")];

  test("are asked for by a stroke at the start of the field", () => {
    expect(wanted("/")).toBe("");
    expect(wanted("/He ")).toBe("he");
    expect(wanted("either / or")).toBeNull();
    expect(wanted("/a\nb")).toBeNull();
  });

  test("come in the citizen's language first, the shortcut before the text", () => {
    expect(fitting(all, "hello", "uk").map(({ id }) => id)).toEqual(["hello.uk", "wait.uk", "hello.en"]);
    expect(fitting(all, "hello", "en")[0]?.id).toBe("hello.en");
  });

  test("leave no gap where a value is missing", () => {
    const values = { name: "", operator: "Олена", organisation: "УКЦ", queue: "" };
    expect(filled("Вітаю, {name}! Я {operator}, {organisation}.", values)).toBe("Вітаю! Я Олена, УКЦ.");
    expect(filled("{unknown}", values)).toBe("{unknown}");
  });
});

describe("keys", () => {
  const press = (change: Partial<Press>): Press =>
    ({ key: "j", code: "KeyJ", ctrl: false, alt: false, writing: false, acting: false, ...change });

  test("count by their place, whatever layout is on", () => {
    expect(commandOf(press({ key: "о" }), true)).toBe("next");
  });

  test("do nothing while somebody writes, or when they are switched off", () => {
    expect(commandOf(press({ writing: true }), true)).toBeNull();
    expect(commandOf(press({}), false)).toBeNull();
    expect(commandOf(press({ key: "Escape", writing: true }), false)).toBe("back");
    expect(commandOf(press({ ctrl: true, code: "KeyK", writing: true }), false)).toBe("search");
  });

  test("leave the browser its own", () => {
    expect(commandOf(press({ ctrl: true, code: "KeyN" }), true)).toBeNull();
    expect(commandOf(press({ key: "Enter", code: "Enter", acting: true }), true)).toBeNull();
  });
});

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36", "Chrome 156, Linux"],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge 156, Windows"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) AppleWebKit/605.1.15 Version/20.0 Mobile/15E148 Safari/604.1", "Safari 20, iOS"],
  ["curl/8", "curl/8"],
])("%s is %s", (agent, expected) => {
  expect(device(agent)).toBe(expected);
});

test("permissions open organisations one by one, or all", () => {
  const me = (permissions: Me["permissions"]): Me => ({ id: "u", name: "О", roles: {}, permissions });
  const seen = (permissions: Me["permissions"]) => permitted(me(permissions), ["ukc", "mou"], "view_conversations");
  expect(seen({ ukc: ["view_conversations"], mou: ["edit_processes"] })).toEqual(["ukc"]);
  expect(seen({ "*": ["view_conversations"] })).toEqual(["ukc", "mou"]);
  expect(seen({})).toEqual([]);
  expect(mayEverywhere(me({ ukc: ["manage_people"] }), "manage_people")).toBe(false);
});

test("a word has one place", () => {
  expect(Object.keys(uk).filter((id) => id in ukAdministration)).toEqual([]);
});

test("both languages have the same words with the same values", () => {
  const values = (words: Record<string, string>) =>
    Object.fromEntries(Object.entries(words).map(([id, text]) => [id, [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()]));
  expect(values(en)).toEqual(values(uk));
  expect(values(enAdministration)).toEqual(values(ukAdministration));
});
