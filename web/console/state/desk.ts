// The live feed: asks at the pace the server wants, slower while hidden, at once when one comes back.

import { batch, computed, effect, signal } from "@preact/signals";
import { desk } from "../server/desk.ts";
import { Refusal } from "../server/http.ts";
import type { DeskAnswer } from "../server/types.ts";
import { mine, merged, news, type Rows, waiting } from "../logic/rows.ts";
import { announce } from "./notices.ts";
import { opened } from "./route.ts";
import { myId, myOrganisations, phase } from "./session.ts";
import { hear, thread } from "./thread.ts";

const PAUSE_HIDDEN_MS = 15_000;
const PAUSE_FAILED_MS = 1000;
const PAUSE_FAILED_MAX_MS = 15_000;

export const rows = signal<Rows>(new Map());
/** The lists are known. */
export const ready = signal(false);
export const mineRows = computed(() => mine(rows.value, myId.value));
export const waitingRows = computed(() => waiting(rows.value));

let cursor: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;
let askAgain = false;
let failures = 0;

/** Asks now, or right after the question that is under way. */
export function lookNow(): void {
  if (asking) askAgain = true;
  else void ask();
}

/** Lives as long as somebody is signed in. */
export function keepLooking(): void {
  effect(() => {
    if (phase.value === "signed_in" && myOrganisations.value.length > 0) lookNow();
    else forget();
  });
  document.addEventListener("visibilitychange", () => document.hidden || lookNow());
  addEventListener("online", lookNow);
}

function forget(): void {
  clearTimeout(timer);
  cursor = null;
  rows.value = new Map();
  ready.value = false;
}

async function ask(): Promise<void> {
  if (phase.peek() !== "signed_in" || myOrganisations.peek().length === 0) return;
  clearTimeout(timer);
  asking = true;
  askAgain = false;
  const pause = await round();
  asking = false;
  timer = setTimeout(lookNow, askAgain ? 0 : pause);
}

/** One question; gives back how long to wait before the next. */
async function round(): Promise<number> {
  const place = opened.peek();
  const known = thread.peek();
  const shown = place && known?.conversation.id === place.id && known.org === place.org ? known : null;
  const open = place && shown ? { ...place, seen: shown.cursor } : null;
  try {
    const answer = await desk({ after: cursor, open });
    failures = 0;
    take(answer);
    return document.hidden ? Math.max(answer.poll_ms, PAUSE_HIDDEN_MS) : answer.poll_ms;
  } catch (failure) {
    failures += 1;
    const asks = failure instanceof Refusal ? failure.retryAfterS : null;
    return asks ? asks * 1000 : Math.min(PAUSE_FAILED_MS * 2 ** failures, PAUSE_FAILED_MAX_MS);
  }
}

function take(answer: DeskAnswer): void {
  if (phase.peek() !== "signed_in") return;
  const before = rows.peek();
  const after = merged(before, answer);
  batch(() => {
    cursor = answer.cursor;
    rows.value = after;
    if (answer.open) hear(answer.open.org, answer.open);
  });
  if (ready.peek()) announce(news(before, after, myId.peek()));
  ready.value = true;
}
