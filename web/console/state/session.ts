// Who is signed in, and what they may see.

import { computed, signal } from "@preact/signals";
import * as auth from "../server/auth.ts";
import { forgetToken, passes, refresh, whenSessionEnds } from "../server/http.ts";
import * as reading from "../server/reading.ts";
import type { Me, Organisation, Queue, Topic } from "../server/types.ts";
import { mayEverywhere, permitted, type Permission } from "../logic/permissions.ts";
import { focusList } from "./focus.ts";
import { local } from "./words.ts";

const RESTORE_PAUSE_MS = 3000;

export type Phase = "restoring" | "signed_out" | "signed_in";

export const phase = signal<Phase>("restoring");
export const person = signal<Me | null>(null);
/** The session was ended by the server, not by the person. */
export const endedByItself = signal(false);
export const organisations = signal<readonly Organisation[]>([]);
export const queues = signal<ReadonlyMap<string, readonly Queue[]>>(new Map());

export const myId = computed(() => person.value?.id ?? "");
/** The organisations where the person may do something. */
export const whereMay = (permission: Permission): string[] =>
  person.value ? permitted(person.value, organisations.value.map(({ id }) => id), permission) : [];
export const mayInAll = (permission: Permission): boolean =>
  person.value !== null && mayEverywhere(person.value, permission);

export const myOrganisations = computed(() => whereMay("view_conversations"));

export const organisationName = (id: string) =>
  local(organisations.value.find((one) => one.id === id)?.name, id);

/** What citizens ask about, by organisation. */
export const topics = signal<ReadonlyMap<string, readonly Topic[]>>(new Map());

/** Where dialogues may be moved, by organisation. */
export const destinations = signal<ReadonlyMap<string, readonly string[]>>(new Map());

export const topicName = (org: string, id: string) =>
  local(topics.value.get(org)?.find((topic) => topic.id === id)?.name, id);

export const queueName = (org: string, id: string) =>
  local(queues.value.get(org)?.find((queue) => queue.id === id)?.name, id);

/** Reads an organisation's queues and topics once; what cannot be read now is asked for again later. */
export async function learnQueues(org: string): Promise<void> {
  if (queues.value.has(org)) return;
  const found = await reading.queues(org).catch(() => null);
  if (!found) return;
  queues.value = new Map(queues.value).set(org, found.queues);
  topics.value = new Map(topics.value).set(org, found.topics);
  destinations.value = new Map(destinations.value).set(org, found.moves_to);
}

/** Goes on with the session of this browser, if there is one. */
export async function restore(): Promise<void> {
  whenSessionEnds(() => leave(true));
  try {
    if (await refresh()) await enter();
    else leave(false);
  } catch (failure) {
    if (passes(failure)) setTimeout(restore, RESTORE_PAUSE_MS);
    else leave(false);
  }
}

/** After the server has given a token. */
export async function enter(): Promise<void> {
  const [me, all] = await Promise.all([auth.me(), reading.organisations()]);
  if (person.peek() && person.peek()?.id !== me.id) {
    // Nothing that somebody else had on this page may stay in its memory.
    location.reload();
    return;
  }
  organisations.value = all;
  person.value = me;
  endedByItself.value = false;
  phase.value = "signed_in";
  for (const org of myOrganisations.value) void learnQueues(org);
  focusList();
}

export async function signOut(): Promise<void> {
  await auth.logout().catch(() => {});
  location.replace(location.pathname);
}

export async function learnMe(): Promise<void> {
  person.value = await auth.me();
}

function leave(byItself: boolean): void {
  forgetToken();
  endedByItself.value = byItself && phase.value === "signed_in";
  phase.value = "signed_out";
}
