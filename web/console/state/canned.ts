// Prepared answers, read once an organisation.

import { signal } from "@preact/signals";
import * as kept from "../server/canned.ts";
import type { CannedAnswer } from "../server/types.ts";
import { fitting, type Values } from "../logic/canned.ts";
import { organisationName, person, queueName } from "./session.ts";
import { thread } from "./thread.ts";

const known = signal<ReadonlyMap<string, readonly CannedAnswer[]>>(new Map());

/** What cannot be read now is asked for again with the next stroke. */
export async function learnCanned(org: string): Promise<void> {
  if (known.peek().has(org)) return;
  await readCanned(org).catch(() => {});
}

/** Reads them anew, for the one who changes them. */
export async function readCanned(org: string): Promise<void> {
  known.value = new Map(known.peek()).set(org, await kept.list(org));
}

export const cannedOf = (org: string): readonly CannedAnswer[] | undefined => known.value.get(org);

export const cannedFor = (org: string, words: string): CannedAnswer[] =>
  fitting(known.value.get(org) ?? [], words, thread.value?.conversation.language ?? "uk");

/** What the variables stand for in the open conversation. */
export function cannedValues(): Values {
  const open = thread.peek();
  const queue = open?.conversation.queue;
  return {
    name: open?.conversation.citizen.name ?? "",
    operator: person.peek()?.name ?? "",
    organisation: open ? organisationName(open.org) : "",
    queue: open && queue ? queueName(open.org, queue) : "",
  };
}
