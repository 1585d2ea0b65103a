// Where the keyboard is after an act: never nowhere.

const ANSWER = "answer";
const LIST = "list";

/** As long the answer field is waited for, while the conversation is being read. */
const WAIT_MS_MAX = 3000;

/** After what is being drawn is there. */
const soon = (act: () => void) => requestAnimationFrame(() => requestAnimationFrame(act));

/** Where one answers; after `taken` only the field counts, which may take a moment to come. Whoever goes elsewhere meanwhile is left there. */
export function focusAnswer(taken = false): void {
  const from = document.activeElement;
  const until = performance.now() + WAIT_MS_MAX;
  const look = () => {
    const there = document.getElementById(ANSWER);
    const elsewhere = document.activeElement !== from && document.activeElement !== document.body;
    if (there && (!taken || there instanceof HTMLTextAreaElement)) there.focus();
    else if (!elsewhere && performance.now() < until) requestAnimationFrame(look);
  };
  soon(look);
}

/** On the row that is open, else on the list. */
export function focusList(): void {
  soon(() => {
    const list = document.getElementById(LIST);
    const row = list?.querySelector<HTMLElement>("[aria-current=true]") ?? list?.querySelector<HTMLElement>("a");
    const back = document.querySelector<HTMLElement>(".back");
    const shown = [row, list, back].find((one) => one && one.offsetParent !== null);
    shown?.focus();
  });
}
