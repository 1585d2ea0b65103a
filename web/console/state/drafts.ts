// What was begun to be written, by person and conversation: it outlives reloads, lost networks and ended sessions.

import { keep, keptKeys, recall } from "./keep.ts";
import { myId } from "./session.ts";
import type { Place } from "../server/acts.ts";

/** Drafts kept at most; the oldest go first. */
const KEPT_MAX = 200;

const prefix = () => `vikno.draft.${myId.peek()}.`;
const storageKey = ({ org, id }: Place) => `${prefix()}${org}.${id}`;

interface Draft {
  text: string;
  at: number;
}

function read(key: string): Draft | null {
  try {
    return JSON.parse(recall(key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

export const draftOf = (place: Place): string => read(storageKey(place))?.text ?? "";

export function keepDraft(place: Place, text: string): void {
  keep(storageKey(place), text === "" ? null : JSON.stringify({ text, at: Date.now() } satisfies Draft));
}

/** Lets the oldest drafts go. */
export function pruneDrafts(): void {
  const kept = keptKeys(prefix()).map((key) => ({ key, at: read(key)?.at ?? 0 }));
  kept.sort((one, other) => other.at - one.at);
  for (const { key } of kept.slice(KEPT_MAX)) keep(key, null);
}
