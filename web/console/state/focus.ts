// Where the keyboard is after an act: never nowhere.

const ANSWER = "answer";
const LIST = "list";

/** After what is being drawn is there. */
const soon = (act: () => void) => requestAnimationFrame(() => requestAnimationFrame(act));

export const focusAnswer = () => soon(() => document.getElementById(ANSWER)?.focus());

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
