// One search over several organisations: their answers together, newest first.

import { computed } from "@preact/signals";
import { useState } from "preact/hooks";
import { type Page, type Questions, search } from "../server/reading.ts";
import type { Found } from "../server/types.ts";
import { spanOfDays } from "../logic/times.ts";
import { allRows } from "./all.ts";
import { myOrganisations, person, topics } from "./session.ts";
import { local, type Word } from "./words.ts";

interface Search {
  asked: Questions;
  found: readonly Found[];
  /** Where each organisation's answers go on. */
  cursors: ReadonlyMap<string, string>;
}

/** Oneself, and who has conversations in the lists. */
export const knownOperators = computed<ReadonlyMap<string, string>>(() => {
  const others = allRows.value.flatMap(({ operator }) => (operator ? [operator] : []));
  return new Map([person.value, ...others].flatMap((one) => (one ? [[one.id, one.name]] : [])));
});

/** Topics of all organisations in view; those of one name are one. */
export const knownTopics = computed<ReadonlyMap<string, string>>(
  () => new Map([...topics.value.values()].flat().map(({ id, name }) => [id, local(name, id)])),
);

const NONE: Search = { asked: {}, found: [], cursors: new Map() };

export function useSearch() {
  const [{ asked, found, cursors }, set] = useState<Search>(NONE);
  const [state, setState] = useState<Word | null>(null);
  const read = async (questions: Questions, orgs: readonly (readonly [string, string | null])[], known: readonly Found[]) => {
    setState("searching");
    try {
      const pages = await Promise.all(orgs.map(([org, after]) => search(org, { ...questions, ...(after ? { after } : {}) })));
      const all = [...known, ...pages.flatMap(({ items }) => items)].sort((one, other) => other.at.localeCompare(one.at));
      set({ asked: questions, found: all, cursors: goingOn(orgs, pages) });
      setState(all.length > 0 ? "found_count" : "found_none");
    } catch {
      setState("read_failed");
    }
  };
  return {
    found,
    state,
    more: cursors.size > 0,
    ask: (questions: Questions) => read(spanOfDays(questions), myOrganisations.peek().map((org) => [org, null]), []),
    askMore: () => read(asked, [...cursors], found),
  };
}

function goingOn(orgs: readonly (readonly [string, string | null])[], pages: readonly Page<Found>[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  pages.forEach(({ cursor }, index) => {
    const org = orgs[index]?.[0];
    if (org && cursor) found.set(org, cursor);
  });
  return found;
}
