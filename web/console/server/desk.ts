// The live feed: what changed in all organisations of a person, and in the conversation that is open.

import type { Place } from "./acts.ts";
import { call } from "./http.ts";
import type { DeskAnswer } from "./types.ts";

export interface Asked {
  /** The cursor of the answer before; null for everything. */
  after: string | null;
  open: (Place & { seen: string }) | null;
}

export function desk({ after, open }: Asked): Promise<DeskAnswer> {
  const fields = { ...(after ? { after } : {}), ...(open ? { org: open.org, open: open.id, seen: open.seen } : {}) };
  return call<DeskAnswer>("GET", `/core/operator/desk?${new URLSearchParams(fields)}`);
}
