// Moving through the list by keyboard: the next row is focused and, where both are seen, opened beside it.

import { keyOf, neighbour } from "../logic/rows.ts";
import { isOnePane } from "./layout.ts";
import { go, linkTo, opened } from "./route.ts";
import { shownRows } from "./tab.ts";

/** On a row, or on the list as a whole. */
export function focusRow(key: string | null): void {
  const row = key === null ? null : rowOf(key);
  (row ?? document.getElementById("list"))?.focus();
}

const rowOf = (key: string) => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);

export function move(step: number): void {
  const focused = document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset["row"] ?? null;
  const place = opened.peek();
  const next = neighbour(shownRows.peek(), focused ?? (place ? keyOf(place) : null), step);
  if (!next) return;
  rowOf(keyOf(next))?.focus();
  if (!isOnePane()) go(linkTo(next), true);
}
