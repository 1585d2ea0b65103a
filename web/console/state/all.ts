// The list of all conversations, read on demand, a page of each organisation at a time.

import { computed, signal } from "@preact/signals";
import { listed } from "../server/reading.ts";
import { behind, type Loaded, together } from "../logic/rows.ts";
import { rows } from "./desk.ts";
import { myOrganisations } from "./session.ts";

const lists = signal<ReadonlyMap<string, Loaded>>(new Map());

export const readingAll = signal(false);
export const allFailed = signal(false);
export const allRows = computed(() => together([...lists.value.values()], rows.value));
export const allGoOn = computed(() => behind(lists.value).length > 0);

/** Reads the first pages anew. */
export const readAll = () => read(myOrganisations.peek(), new Map());

/** Reads on in the lists that end first. */
export const readMore = () => read(behind(lists.peek()), lists.peek());

async function read(orgs: readonly string[], known: ReadonlyMap<string, Loaded>): Promise<void> {
  if (readingAll.peek()) return;
  readingAll.value = true;
  allFailed.value = false;
  try {
    const pages = await Promise.all(orgs.map((org) => page(org, known.get(org))));
    lists.value = new Map([...known, ...pages]);
  } catch {
    allFailed.value = true;
  } finally {
    readingAll.value = false;
  }
}

async function page(org: string, before: Loaded | undefined): Promise<[string, Loaded]> {
  const { items, cursor } = await listed(org, before?.cursor ? { after: before.cursor } : {});
  return [org, { rows: [...(before?.rows ?? []), ...items], cursor }];
}
