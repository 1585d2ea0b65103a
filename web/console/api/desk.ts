// The live feed: what changed in all organisations of a person, and in the conversation that is open.

import type { Place } from "./acts.ts";
import { dialogue, listed } from "./reading.ts";
import type { DeskAnswer, Dialogue } from "./types.ts";

const PAUSE_MS = 3000;

export interface Wanted {
  after: string | null;
  orgs: readonly string[];
  open: (Place & { seen: string }) | null;
}

/** Reads the lists of every organisation, until the feed is there. */
export async function desk({ orgs, open }: Wanted): Promise<DeskAnswer> {
  const lists = Promise.all(orgs.map((org) => listed(org, { status: "waiting,with_operator" })));
  const [pages, said] = await Promise.all([lists, open ? dialogue(open, { after: open.seen }) : undefined]);
  const answer = { cursor: "", reset: true, poll_ms: PAUSE_MS, conversations: pages.flatMap((page) => page.items) };
  return said ? { ...answer, open: said satisfies Dialogue } : answer;
}
