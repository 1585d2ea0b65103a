// Which of the lists is looked at, and its rows.

import { computed, signal } from "@preact/signals";
import type { Tab } from "../logic/rows.ts";
import { allRows, readAll } from "./all.ts";
import { mineRows, waitingRows } from "./desk.ts";

export const TABS: readonly Tab[] = ["mine", "waiting", "all"];

export const tab = signal<Tab>("mine");

export const shownRows = computed(() => ({ mine: mineRows, waiting: waitingRows, all: allRows })[tab.value].value);

export function choose(next: Tab): void {
  tab.value = next;
  if (next === "all") void readAll();
}
