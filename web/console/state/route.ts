// Where the reader is, by the address after `#`, so that Back, reload and a second tab work as everywhere.

import { computed, signal } from "@preact/signals";
import type { Place } from "../server/acts.ts";

const PAGES = ["settings", "account", "shift", "canned", "cabinet", "shortcuts", "administration"] as const;
export type PageName = (typeof PAGES)[number];

const address = signal(location.hash);
addEventListener("hashchange", () => {
  address.value = location.hash;
});

const segments = computed(() => address.value.replace(/^#\/?/, "").split("/").map(decoded));

/** Addresses may be written by hand. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

export const page = computed<PageName | null>(() => PAGES.find((name) => name === segments.value[0]) ?? null);

/** The parts of a page's address after its name. */
export const within = computed<readonly string[]>(() => segments.value.slice(1));

export const opened = computed<Place | null>(() => {
  const [kind, org, id] = segments.value;
  return kind === "c" && org && id ? { org, id } : null;
});

export const linkTo = ({ org, id }: Place) => `#/c/${encodeURIComponent(org)}/${encodeURIComponent(id)}`;
export const linkToPage = (name: PageName, ...within: string[]) =>
  `#/${[name, ...within.map(encodeURIComponent)].join("/")}`;
export const DESK = "#/";

/** Goes there; `quietly` leaves no trace in the history, for moving through a list. */
export function go(link: string, quietly = false): void {
  if (link === address.value) return;
  if (quietly) {
    history.replaceState(null, "", link);
    address.value = link;
  } else {
    location.hash = link;
    // The event comes later; what is drawn next should already know.
    address.value = link;
  }
}
