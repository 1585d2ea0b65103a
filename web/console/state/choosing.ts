// Conversations of the list that are chosen together, and what is done to all of them.

import { computed, signal } from "@preact/signals";
import * as acts from "../server/acts.ts";
import { Refusal } from "../server/http.ts";
import type { Listed } from "../server/types.ts";
import { closable, keyOf, takeable } from "../logic/rows.ts";
import { refusal } from "./acts.ts";
import { lookNow } from "./desk.ts";
import { opened } from "./route.ts";
import { myId } from "./session.ts";
import { shownRows } from "./tab.ts";
import { readOn } from "./thread.ts";
import { t } from "./words.ts";

/** Rows show whether they are chosen. */
export const choosing = signal(false);
const keys = signal<ReadonlySet<string>>(new Set());

/** Those that are still in the list. */
export const chosen = computed(() => shownRows.value.filter((row) => keys.value.has(keyOf(row))));
export const isChosen = (row: Listed) => keys.value.has(keyOf(row));

/** How many were done, and why the others were not. */
export const outcome = signal<{ done: number; refused: readonly string[] } | null>(null);
export const busy = signal(false);

export function toggle(row: Listed): void {
  choosing.value = true;
  outcome.value = null;
  const next = new Set(keys.peek());
  if (!next.delete(keyOf(row))) next.add(keyOf(row));
  keys.value = next;
}

export function chooseAll(): void {
  outcome.value = null;
  keys.value = new Set(shownRows.peek().map(keyOf));
}

export function stop(): void {
  choosing.value = false;
  keys.value = new Set();
  outcome.value = null;
}

/** What can be done to some of the chosen ones. */
export const toTake = computed(() => chosen.value.filter(takeable));
export const toClose = computed(() => chosen.value.filter((row) => closable(row, myId.value)));

export const takeAll = () => each(toTake.peek(), (row) => acts.take(row));
export const closeAll = (reason: string) => each(toClose.peek(), (row) => acts.close(row, reason));
export const transferAll = (queue: string, reason: string) =>
  each(toClose.peek(), (row) => acts.transfer(row, { queue, ...(reason ? { reason } : {}) }));
export const labelAll = (label: string) =>
  each(chosen.peek(), (row) => acts.setLabels(row, [...new Set([...(row.labels ?? []), label])]));

/** One after the other: what one refuses holds no other up. */
async function each(rows: readonly Listed[], act: (row: Listed) => Promise<unknown>): Promise<void> {
  busy.value = true;
  const refused: string[] = [];
  for (const row of rows) {
    try {
      await act(row);
    } catch (failure) {
      refused.push(`${row.citizen.name ?? t("no_name")}: ${failure instanceof Refusal ? refusal(failure) : t("act_unreachable")}`);
    }
  }
  busy.value = false;
  keys.value = new Set();
  outcome.value = { done: rows.length - refused.length, refused };
  const open = opened.peek();
  if (open && rows.some((row) => keyOf(row) === keyOf(open))) await readOn(open).catch(() => {});
  lookNow();
}
