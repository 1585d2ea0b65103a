// What the operator does, with what is shown and focused afterwards.

import { signal } from "@preact/signals";
import * as acts from "../server/acts.ts";
import { Refusal, passes } from "../server/http.ts";
import { keyOf } from "../logic/rows.ts";
import { lookNow, waitingRows } from "./desk.ts";
import { focusAnswer, focusList } from "./focus.ts";
import { go, linkTo, opened } from "./route.ts";
import { readOn, thread } from "./thread.ts";
import { named, t } from "./words.ts";

/** Tried one after the other when others were faster. */
const NEXT_TRIES = 3;

export type Verb = "take" | "note" | "close" | "transfer";

/** What is being done now, by conversation. */
export const doing = signal<ReadonlySet<string>>(new Set());
/** What became of the last act, in words. */
export const said = signal<{ text: string; alarm: boolean } | null>(null);

export async function take(place: acts.Place): Promise<boolean> {
  const done = await perform(place, () => acts.take(place));
  if (done) focusAnswer(true);
  return done;
}

/** Takes the one who waits longest; when somebody else was faster, the next one. */
export async function takeNext(): Promise<void> {
  for (const row of waitingRows.peek().slice(0, NEXT_TRIES)) {
    go(linkTo(row));
    if (await take(row)) return;
  }
  if (waitingRows.peek().length === 0) said.value = { text: t("nobody_waits"), alarm: false };
}

export const note = (place: acts.Place, text: string) => perform(place, () => acts.note(place, text));

export async function close(place: acts.Place, reason: string): Promise<boolean> {
  const done = await perform(place, () => acts.close(place, reason));
  if (done) leave(t("closed_done"));
  return done;
}

/** Takes the end back, as long as the citizen has not rated. */
export async function reopen(place: acts.Place): Promise<boolean> {
  const done = await perform(place, () => acts.reopen(place));
  if (done) focusAnswer(true);
  return done;
}

export const label = (place: acts.Place, labels: readonly string[]) => perform(place, () => acts.setLabels(place, labels));

export async function transfer(place: acts.Place, target: acts.Target): Promise<boolean> {
  const done = await perform(place, () => acts.transfer(place, target));
  if (done) leave(t("transfer_done"));
  return done;
}

export const assign = (place: acts.Place, operator: string) => perform(place, () => acts.assign(place, operator));

function leave(text: string): void {
  said.value = { text, alarm: false };
  focusList();
}

async function perform(place: acts.Place, act: () => Promise<unknown>): Promise<boolean> {
  const key = keyOf(place);
  if (doing.peek().has(key)) return false;
  doing.value = new Set(doing.peek()).add(key);
  said.value = null;
  try {
    await act();
    await readOn(place).catch(() => {});
    return true;
  } catch (failure) {
    await readOn(place).catch(() => {});
    said.value = { text: why(failure, place), alarm: true };
    return false;
  } finally {
    const rest = new Set(doing.peek());
    rest.delete(key);
    doing.value = rest;
    lookNow();
  }
}

/** A refusal in words; who has the conversation is read from its newest state. */
function why(failure: unknown, place: acts.Place): string {
  if (!(failure instanceof Refusal) || passes(failure)) return t("act_unreachable");
  const holder = opened.peek()?.id === place.id ? thread.peek()?.conversation.operator?.name : undefined;
  if (failure.code === "held_by_another" && holder) return t("held_by", { name: holder });
  return refusal(failure);
}

/** A refusal of the server in words. */
export function refusal(failure: Refusal): string {
  const told = named("refused", failure.code);
  return told === failure.code ? t("act_refused", { detail: failure.message }) : told;
}
