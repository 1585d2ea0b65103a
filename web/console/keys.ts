// The keyboard of the console: key presses become what they ask for.

import { type Command, commandOf } from "./logic/keys.ts";
import { keyOf } from "./logic/rows.ts";
import { reopen, take, takeNext } from "./state/acts.ts";
import { choosing, stop, toggle } from "./state/choosing.ts";
import { cardShown, dialog, type DialogName } from "./state/dialogs.ts";
import { focusAnswer, focusList, focusNote } from "./state/focus.ts";
import { isCardDrawer } from "./state/layout.ts";
import { move } from "./state/moving.ts";
import { DESK, go, linkToPage, opened, page } from "./state/route.ts";
import { phase } from "./state/session.ts";
import { settings } from "./state/settings.ts";
import { choose, shownRows } from "./state/tab.ts";
import { isMine, mayAssign, mayReopen, thread } from "./state/thread.ts";

const WRITTEN_INTO = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])";
const ACTED_UPON = "a, button, summary, input, select, [role=option]";

export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || phase.peek() !== "signed_in") return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    const target = event.target instanceof Element ? event.target : null;
    const press = {
      key: event.key,
      code: event.code,
      ctrl: event.ctrlKey || event.metaKey,
      alt: event.altKey,
      writing: target?.closest(WRITTEN_INTO) !== null,
      acting: target?.closest(ACTED_UPON) !== null,
    };
    const command = commandOf(press, settings.peek().letters);
    if (command && obey(command)) event.preventDefault();
  });
}

/** Carries a command out; false when there is nothing to do. */
function obey(command: Command): boolean {
  if (command === "search") return lay("search");
  if (command === "help") return leave(linkToPage("shortcuts"));
  if (command === "back") return back();
  if (page.peek() !== null) return false;
  const act = ON_DESK[command];
  act();
  return true;
}

const ON_DESK: Readonly<Record<Exclude<Command, "search" | "help" | "back">, () => void>> = {
  next: () => move(1),
  previous: () => move(-1),
  next_waiting: takeNext,
  mine: () => choose("mine"),
  waiting: () => choose("waiting"),
  all: () => choose("all"),
  answer: () => focusAnswer(),
  note: showNotes,
  take: takeOpen,
  assign: () => mayAssign.peek() && lay("assign"),
  transfer: () => isMine.peek() && lay("transfer"),
  close: () => isMine.peek() && lay("close"),
  reopen: reopenOpen,
  choose: chooseFocused,
};

function lay(name: DialogName): boolean {
  dialog.value = name;
  return true;
}

function leave(link: string): boolean {
  go(link);
  return true;
}

function takeOpen(): void {
  const place = opened.peek();
  const status = thread.peek()?.conversation.status;
  if (place && (status === "waiting" || status === "open")) void take(place);
}

function reopenOpen(): void {
  const place = opened.peek();
  if (place && mayReopen.peek()) void reopen(place);
}

/** The row that has the focus, else the conversation that is open. */
function chooseFocused(): void {
  const focused = document.activeElement?.closest<HTMLElement>("[data-row]")?.dataset["row"];
  const place = opened.peek();
  const key = focused ?? (place ? keyOf(place) : null);
  const row = shownRows.peek().find((one) => keyOf(one) === key);
  if (row) toggle(row);
}

function showNotes(): void {
  cardShown.value = true;
  focusNote();
}

/** One step out: of the card, of the field, of the page or the conversation. */
function back(): boolean {
  const isDrawn = cardShown.peek() && isCardDrawer();
  if (isDrawn || document.activeElement?.closest(".card")) {
    cardShown.value = false;
    focusAnswer();
  } else if (page.peek() !== null) {
    go(DESK);
    focusList();
  } else if (choosing.peek()) {
    stop();
  } else if (document.activeElement?.id === "answer") {
    focusList();
  } else if (opened.peek()) {
    go(DESK);
    focusList();
  } else {
    return false;
  }
  return true;
}
