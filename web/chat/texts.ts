// The chat's own words in the citizen's language; they come with the script, so that they are there without a connection.

import en from "./words/en.json";
import uk from "./words/uk.json";
import { lasting } from "./store.ts";

export type WordId = keyof typeof uk;
export type LanguageId = "uk" | "en";

interface Spoken {
  id: LanguageId;
  label: string;
  name: string;
  locale: string;
  words: Record<WordId, string>;
}

const UKRAINIAN: Spoken = { id: "uk", label: "УКР", name: "Українська", locale: "uk-UA", words: uk };
const LANGUAGES: Spoken[] = [UKRAINIAN, { id: "en", label: "ENG", name: "English", locale: "en-GB", words: en }];
/** All pages share the choice. */
const KEY = "vikno.language";

let current = UKRAINIAN;

export const language = (): LanguageId => current.id;

/** A text by id, with {names} filled in. */
export function text(id: WordId, values: Record<string, string | number> = {}): string {
  return current.words[id].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** What the page around wishes, else chosen earlier, else the browser's, else Ukrainian. */
export function preferred(wished: string | null): LanguageId {
  const tags = [wished, lasting.get(KEY), ...navigator.languages];
  for (const tag of tags) {
    const found = LANGUAGES.find(({ id }) => id === tag?.split("-")[0]);
    if (found) return found.id;
  }
  return UKRAINIAN.id;
}

/** Speaks a language from now on, and writes it into the page. */
export function speak(id: LanguageId): void {
  current = LANGUAGES.find((one) => one.id === id) ?? UKRAINIAN;
  document.documentElement.lang = id;
  written("text", (node, words) => (node.textContent = words));
  written("label", (node, words) => node.setAttribute("aria-label", words));
  written("placeholder", (node, words) => node.setAttribute("placeholder", words));
  for (const button of document.querySelectorAll<HTMLElement>(".languages button")) {
    button.setAttribute("aria-pressed", String(button.lang === id));
  }
}

function written(mark: "text" | "label" | "placeholder", write: (node: HTMLElement, words: string) => void): void {
  for (const node of document.querySelectorAll<HTMLElement>(`[data-${mark}]`)) write(node, text(node.dataset[mark] as WordId));
}

/** Fills the language switch; `chosen` is called after the page speaks the new language. */
export function languageSwitch(chosen: () => void): void {
  const place = document.querySelector(".languages");
  for (const { id, label, name } of LANGUAGES) {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = id;
    button.textContent = label;
    button.title = name;
    button.addEventListener("click", () => {
      if (id === current.id) return;
      lasting.set(KEY, id);
      speak(id);
      chosen();
    });
    place?.append(button);
  }
}

/** The time, with the day where it is not today. */
export function when(at: Date): string {
  const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  const today = new Date().toDateString() === at.toDateString();
  const parts: Intl.DateTimeFormatOptions = today ? clock : { day: "numeric", month: "short", ...clock };
  return new Intl.DateTimeFormat(current.locale, parts).format(at);
}
