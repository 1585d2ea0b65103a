// The list of conversations: mine, those that wait, all.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Listed } from "../server/types.ts";
import { allFailed, allGoOn, readAll, readingAll, readMore } from "../state/all.ts";
import { takeNext } from "../state/acts.ts";
import { choosing } from "../state/choosing.ts";
import { mineRows, ready, waitingRows } from "../state/desk.ts";
import { focusRow, move } from "../state/moving.ts";
import { choose, shownRows, tab, TABS } from "../state/tab.ts";
import { t } from "../state/words.ts";
import { keyOf, type Tab } from "../logic/rows.ts";
import { Chosen } from "./Chosen.tsx";
import { Row } from "./Row.tsx";

export function List() {
  return (
    <section class="pane list" aria-labelledby="list-title">
      <div class="list-head">
        <div class="tabs" role="group" aria-label={t("list_choice")}>
          {TABS.map((one) => <TabButton key={one} name={one} />)}
        </div>
        {waitingRows.value.length > 0 && (
          <button type="button" class="main-button next" aria-keyshortcuts="N" onClick={takeNext}>
            {t("take_next")} <kbd>n</kbd>
          </button>
        )}
        {!choosing.value && shownRows.value.length > 1 && (
          <button type="button" class="plain several" aria-keyshortcuts="V" onClick={() => { choosing.value = true; }}>{t("choose_several")}</button>
        )}
        <Chosen />
      </div>
      <Rows />
    </section>
  );
}

function TabButton({ name }: { name: Tab }) {
  const counts = { mine: mineRows.value.length, waiting: waitingRows.value.length, all: null };
  const count = counts[name];
  return (
    <button type="button" aria-pressed={tab.value === name} onClick={() => choose(name)}>
      {t(`tab_${name}`)}
      {count !== null && <span class="count">{count}</span>}
    </button>
  );
}

function Rows() {
  const rows = shownRows.value;
  const focused = useFocusKept(rows);
  return (
    <div class="rows" id="list" tabIndex={-1} onKeyDown={byArrows} onFocusIn={focused}>
      <ul aria-busy={!ready.value}>
        {rows.map((row) => <Row key={keyOf(row)} row={row} />)}
      </ul>
      {rows.length === 0 && <p class="empty">{emptyWords()}</p>}
      {tab.value === "all" && <Further />}
    </div>
  );
}

/** When the row that has the focus leaves the list, its place in the list keeps it. */
function useFocusKept(rows: readonly Listed[]) {
  const was = useRef<{ key: string; place: number } | null>(null);
  useLayoutEffect(() => {
    const known = was.current;
    if (!known) return;
    const place = rows.findIndex((row) => keyOf(row) === known.key);
    if (place >= 0) {
      known.place = place;
    } else if (document.activeElement === document.body) {
      const next = rows[Math.min(known.place, rows.length - 1)];
      focusRow(next ? keyOf(next) : null);
    }
  }, [rows]);
  return (event: FocusEvent) => {
    const key = (event.target as Element).closest<HTMLElement>("[data-row]")?.dataset["row"];
    was.current = key === undefined ? null : { key, place: rows.findIndex((row) => keyOf(row) === key) };
  };
}

function emptyWords(): string {
  if (!ready.value || (tab.value === "all" && readingAll.value)) return t("reading");
  return t(`empty_${tab.value}`);
}

function Further() {
  if (allFailed.value) {
    return <button type="button" class="plain further" onClick={readAll}>{t("read_failed_again")}</button>;
  }
  if (!allGoOn.value) return null;
  return (
    <button type="button" class="plain further" disabled={readingAll.value} onClick={readMore}>
      {readingAll.value ? t("reading") : t("show_more")}
    </button>
  );
}

function byArrows(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  move(step);
}
