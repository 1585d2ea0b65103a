// What the operator has not seen yet, and the count of it in the title.

import { computed, effect, signal } from "@preact/signals";
import type { Listed } from "../server/types.ts";
import { keyOf } from "../logic/rows.ts";
import { mineRows, ready } from "./desk.ts";
import { keep, recallJson } from "./keep.ts";
import { page } from "./route.ts";
import { myId, phase } from "./session.ts";
import { thread } from "./thread.ts";
import { t } from "./words.ts";

type Seen = Readonly<Record<string, string>>;

const seen = signal<Seen>({});
const visible = signal(!document.hidden);

export const isUnread = (row: Listed) =>
  row.last?.from === "citizen" && row.operator?.id === myId.value && row.last.at > (seen.value[keyOf(row)] ?? "");

export const unreadCount = computed(() => mineRows.value.filter(isUnread).length);

export function watchUnread(): void {
  document.addEventListener("visibilitychange", () => {
    visible.value = !document.hidden;
  });
  effect(() => {
    seen.value = myId.value ? recallJson<Seen>(storageKey(), {}) : {};
  });
  effect(seeOpenOne);
  effect(() => {
    document.title = `${unreadCount.value > 0 ? `(${unreadCount.value}) ` : ""}${title()}`;
  });
}

function title(): string {
  if (phase.value === "signed_out") return `${t("sign_in_title")} — ${t("brand")}`;
  return page.value ? `${t(`page_${page.value}`)} — ${t("brand")}` : t("brand");
}

const storageKey = () => `vikno.seen.${myId.peek()}`;

/** What stands on the screen is seen, as long as the page is on the screen. */
function seeOpenOne(): void {
  const known = thread.value;
  const last = known?.messages.at(-1);
  if (!known || !last || !visible.value || !myId.value) return;
  const key = keyOf({ org: known.org, id: known.conversation.id });
  if ((seen.peek()[key] ?? "") >= last.at) return;
  seen.value = { ...current(), [key]: last.at };
  keep(storageKey(), JSON.stringify(seen.peek()));
}

/** Without those that are mine no more, once the lists are known. */
function current(): Seen {
  if (!ready.peek()) return seen.peek();
  const keys = new Set(mineRows.peek().map(keyOf));
  return Object.fromEntries(Object.entries(seen.peek()).filter(([key]) => keys.has(key)));
}
