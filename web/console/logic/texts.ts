// Which texts a search in the administration shows. Pure.

import type { SaidText } from "../server/administration.ts";

export const isMissing = (text: SaidText) => Object.values(text.values).some((value) => value === null);

/** By id or words, in any language; only those that miss a language or were changed here if so wished. */
export function chosenTexts(texts: readonly SaidText[], words: string, only: "all" | "missing" | "own"): SaidText[] {
  const wanted = words.trim().toLowerCase();
  return texts.filter((text) => {
    const values = Object.values(text.values);
    if (only === "missing" && !isMissing(text)) return false;
    if (only === "own" && !values.some((value) => value?.own)) return false;
    return text.id.includes(wanted) || values.some((value) => value?.text.toLowerCase().includes(wanted));
  });
}
