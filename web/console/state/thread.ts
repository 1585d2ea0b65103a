// The conversation that is open.

import { computed, effect, signal } from "@preact/signals";
import type { Place } from "../server/acts.ts";
import { Refusal, passes } from "../server/http.ts";
import { dialogue } from "../server/reading.ts";
import type { Dialogue } from "../server/types.ts";
import { begun, extended, preceded, type Thread } from "../logic/thread.ts";
import { opened } from "./route.ts";
import { myId, phase, whereMay } from "./session.ts";

const PAUSE_FAILED_MS = 3000;

export const thread = signal<Thread | null>(null);
/** Why the conversation cannot be shown. */
export const missing = signal<Refusal | null>(null);
export const readingEarlier = signal(false);
/** The open conversation is with the person who sits here. */
export const isMine = computed(() => {
  const conversation = thread.value?.conversation;
  return conversation?.status === "with_operator" && conversation.operator?.id === myId.value;
});

/** Conversations of the open one's organisation may be given to others by the person. */
const leads = computed(() => thread.value !== null && whereMay("assign_conversations").includes(thread.value.org));

/** The person may give the open conversation to somebody. */
export const mayAssign = computed(() => {
  const status = thread.value?.conversation.status;
  return leads.value && status !== "voting" && status !== "closed";
});

/** The person may take the end of the open conversation back. */
export const mayReopen = computed(() => {
  const conversation = thread.value?.conversation;
  return conversation?.status === "voting" && (leads.value || conversation.operator?.id === myId.value);
});

const isOpen = ({ org, id }: Place) => opened.peek()?.org === org && opened.peek()?.id === id;
const shows = ({ org, id }: Place) => thread.peek()?.org === org && thread.peek()?.conversation.id === id;

/** Follows the address. */
export function followAddress(): void {
  effect(() => {
    const place = opened.value;
    if (phase.value !== "signed_in") return;
    if (place && shows(place)) return;
    thread.value = null;
    missing.value = null;
    if (place) void load(place);
  });
}

async function load(place: Place): Promise<void> {
  try {
    const told = await dialogue(place);
    if (isOpen(place)) thread.value = begun(place.org, told);
  } catch (failure) {
    if (!isOpen(place)) return;
    if (passes(failure)) setTimeout(() => isOpen(place) && load(place), PAUSE_FAILED_MS);
    else if (failure instanceof Refusal) missing.value = failure;
  }
}

/** What the feed tells of it. */
export function hear(org: string, told: Dialogue): void {
  const known = thread.peek();
  if (known && shows({ org, id: told.id })) thread.value = extended(known, told);
}

/** Reads what is new in it now, so that an act is seen at once. */
export async function readOn(place: Place): Promise<void> {
  const known = thread.peek();
  if (known && shows(place)) hear(place.org, await dialogue(place, { after: known.cursor }));
}

export async function readEarlier(): Promise<void> {
  const known = thread.peek();
  if (!known?.earlier || readingEarlier.peek()) return;
  const place = { org: known.org, id: known.conversation.id };
  readingEarlier.value = true;
  try {
    const told = await dialogue(place, { before: known.earlier });
    if (shows(place)) thread.value = preceded(thread.peek()!, told);
  } catch {
    // The button stays: one can ask again.
  } finally {
    readingEarlier.value = false;
  }
}
