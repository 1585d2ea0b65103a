// Where the keyboard is after an act: never nowhere.

const ANSWER = "answer";
const LIST = "list";
const NOTE = "note";

/** As long the answer field is waited for, while the conversation is being read. */
const WAIT_MS_MAX = 3000;

/** After what is being drawn is there. */
const soon = (act: () => void) => requestAnimationFrame(() => requestAnimationFrame(act));

/** Where one answers; after `taken` only the field counts, which may take a moment to come. Whoever goes elsewhere meanwhile is left there. */
export function focusAnswer(taken = false): void {
  const from = document.activeElement;
  const until = performance.now() + WAIT_MS_MAX;
  const look = () => {
    const found = there(taken);
    const elsewhere = document.activeElement !== from && document.activeElement !== document.body;
    if (found) found.focus();
    else if (!elsewhere && performance.now() < until) requestAnimationFrame(look);
  };
  if (there(taken)) look();
  else soon(look);
}

const there = (taken: boolean) => {
  const found = document.getElementById(ANSWER);
  return found && (!taken || found instanceof HTMLTextAreaElement) ? found : null;
};

/** At once where the card is seen, so that no sign of a quick writer goes elsewhere. */
export function focusNote(): void {
  const focus = () => document.getElementById(NOTE)?.focus();
  focus();
  if (document.activeElement?.id !== NOTE) soon(focus);
}

/** On the row that is open, else on the list; again when what closes meanwhile takes the focus with it. */
export function focusList(): void {
  const focused = tryList();
  soon(() => (focused && document.activeElement !== document.body) || tryList());
}

function tryList(): boolean {
  const list = document.getElementById(LIST);
  const row = list?.querySelector<HTMLElement>("[aria-current=true]") ?? list?.querySelector<HTMLElement>("a");
  const back = document.querySelector<HTMLElement>(".back");
  const shown = [row, list, back].find((one) => one && one.offsetParent !== null);
  shown?.focus();
  return shown !== undefined;
}
