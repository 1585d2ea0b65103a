// The lists of conversations.

import { describe, expect, test } from "vitest";
import type { DeskAnswer, Listed } from "../server/types.ts";
import { behind, keyOf, merged, mine, neighbour, news, type Rows, together, waiting } from "./rows.ts";

const AT = "2026-11-28T10:00:00.000Z";
const later = (minutes: number) => new Date(Date.parse(AT) + minutes * 60_000).toISOString();

const row = (id: string, change: Partial<Listed> = {}): Listed => ({
  org: "ukc", id, status: "waiting", queue: "general", topic: null, channel: "web", language: "uk", priority: 0,
  citizen: { name: "Оля" }, opened_at: AT, queued_at: AT, last_at: AT, ...change,
});
const held = (id: string, by: string, change: Partial<Listed> = {}) =>
  row(id, { status: "with_operator", operator: { id: by, name: by }, ...change });
const answer = (conversations: Listed[], reset = false): DeskAnswer => ({ cursor: "1", reset, poll_ms: 2000, conversations });
const rowsOf = (...all: Listed[]): Rows => new Map(all.map((one) => [keyOf(one), one]));
const ids = (rows: readonly Listed[]) => rows.map(({ id }) => id);

describe("the feed", () => {
  test("changes what it names and leaves the rest", () => {
    const after = merged(rowsOf(row("a"), row("b")), answer([row("b", { priority: 3 })]));
    expect(after.get("ukc/b")?.priority).toBe(3);
    expect(after.size).toBe(2);
  });

  test("leaves everything as it is when nothing changed", () => {
    const rows = rowsOf(row("a"));
    expect(merged(rows, answer([]))).toBe(rows);
  });

  test("takes away what left the desk", () => {
    expect(merged(rowsOf(row("a")), answer([row("a", { status: "voting" })])).size).toBe(0);
  });

  test("begins anew after a reset", () => {
    expect([...merged(rowsOf(row("a")), answer([row("b")], true)).keys()]).toEqual(["ukc/b"]);
  });

  test("keeps the same number in two organisations apart", () => {
    expect(merged(rowsOf(row("a")), answer([row("a", { org: "mou" })])).size).toBe(2);
  });
});

describe("the order", () => {
  test("of those who wait is by urgency, then by time in the queue", () => {
    const rows = rowsOf(row("young", { queued_at: later(5) }), row("old"), row("urgent", { priority: 2, queued_at: later(9) }));
    expect(ids(waiting(rows))).toEqual(["urgent", "old", "young"]);
  });

  test("of mine begins with who waits longest for my answer", () => {
    const rows = rowsOf(
      held("quiet", "me", { last_at: later(9) }),
      held("asked now", "me", { asked_at: later(6) }),
      held("asked before", "me", { asked_at: later(2) }),
      held("of another", "other"),
    );
    expect(ids(mine(rows, "me"))).toEqual(["asked before", "asked now", "quiet"]);
  });
});

describe("several lists together", () => {
  const list = (cursor: string | null, ...rows: Listed[]) => ({ rows, cursor });

  test("show nothing below the end of a list that goes on", () => {
    const short = list("more", row("a", { last_at: later(9) }), row("b", { last_at: later(8) }));
    const long = list(null, row("c", { org: "mou", last_at: later(7) }), row("d", { org: "mou", last_at: later(8.5) }));
    expect(ids(together([short, long], new Map()))).toEqual(["a", "d", "b"]);
    expect(behind(new Map([["ukc", short], ["mou", long]]))).toEqual(["ukc"]);
  });

  test("show what the feed knows better", () => {
    const old = list(null, row("a"));
    expect(together([old], rowsOf(held("a", "me")))[0]?.status).toBe("with_operator");
  });
});

describe("news", () => {
  const wrote = (at: string) => held("a", "me", { last: { from: "citizen", text: "?", at } });

  test("are a citizen's new words in a conversation of mine", () => {
    expect(ids(news(rowsOf(wrote(AT)), rowsOf(wrote(later(1))), "me").wrote)).toEqual(["a"]);
    expect(news(rowsOf(wrote(AT)), rowsOf(wrote(AT)), "me").wrote).toEqual([]);
    expect(news(rowsOf(wrote(AT)), rowsOf(wrote(later(1))), "other").wrote).toEqual([]);
  });

  test("are those who begin to wait, unless somebody waited already", () => {
    expect(ids(news(rowsOf(), rowsOf(row("a")), "me").came)).toEqual(["a"]);
    expect(news(rowsOf(row("a")), rowsOf(row("a"), row("b")), "me").came).toEqual([]);
  });
});

test("moving through the list stops at its ends and begins at its top", () => {
  const rows = [row("a"), row("b")];
  expect(neighbour(rows, null, 1)?.id).toBe("a");
  expect(neighbour(rows, "ukc/a", 1)?.id).toBe("b");
  expect(neighbour(rows, "ukc/b", 1)?.id).toBe("b");
  expect(neighbour([], null, 1)).toBeUndefined();
});
