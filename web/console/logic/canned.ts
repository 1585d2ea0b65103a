// Prepared answers: which fit what is typed, and what stands for their variables. Pure.

import type { CannedAnswer } from "../server/types.ts";

const SHOWN_MAX = 8;

/** What is typed after the stroke at the start of the field; null when the field holds something else. */
export function wanted(field: string): string | null {
  return field.startsWith("/") && !field.includes("\n") ? field.slice(1).trim().toLocaleLowerCase() : null;
}

/** Those that fit, the citizen's language first, then what begins with the words before what only holds them. */
export function fitting(all: readonly CannedAnswer[], words: string, language: string): CannedAnswer[] {
  const ranked = all.map((one) => ({ one, rank: rank(one, words) })).filter(({ rank }) => rank < MISS);
  const foreign = ({ one }: { one: CannedAnswer }) => (one.language === language ? 0 : 1);
  ranked.sort((a, b) => foreign(a) - foreign(b) || a.rank - b.rank || a.one.shortcut.localeCompare(b.one.shortcut));
  return ranked.slice(0, SHOWN_MAX).map(({ one }) => one);
}

const MISS = 3;

function rank(one: CannedAnswer, words: string): number {
  if (words === "" || one.shortcut.toLocaleLowerCase().startsWith(words)) return 0;
  if (one.title.toLocaleLowerCase().includes(words)) return 1;
  return one.text.toLocaleLowerCase().includes(words) ? 2 : MISS;
}

export interface Values {
  name: string;
  operator: string;
  organisation: string;
  queue: string;
}

/** A variable without a value is left out together with the space and the comma before it. */
export function filled(text: string, values: Values): string {
  return text.replace(/(,?\s?)\{(name|operator|organisation|queue)\}/g, (_, before: string, name: keyof Values) =>
    values[name] ? `${before}${values[name]}` : "",
  );
}
