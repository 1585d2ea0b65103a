// The parts of the page around the messages: name, status, banner, error.

import { Refusal, type Page, type Place } from "./api.ts";
import { language, text, when } from "./texts.ts";

const WAIT_MINUTES_MAX = 90;

/** A part of the page that its markup has. */
export const byId = <Kind extends HTMLElement = HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;

export function note(id: "banner" | "error", words: string | null): void {
  const place = byId(id);
  if (place.textContent !== (words ?? "")) place.textContent = words ?? "";
  place.hidden = !words;
}

/** The organisation's name in the language that is spoken; the server wrote all of them into the page. */
export function organisationName(): string {
  const told = document.querySelector<HTMLMetaElement>('meta[name="names"]')?.content ?? "";
  const names = JSON.parse(told) as Record<string, string>;
  return names[language()] ?? Object.values(names)[0] ?? "";
}

export function showName(name: string): void {
  byId("name").textContent = name;
  document.title = text("chat_title", { name });
  document.querySelector('link[rel="manifest"]')?.setAttribute("href", `manifest.webmanifest?language=${language()}`);
}

/** A short wait in minutes, a long one (outside working hours) by the clock. */
function place({ position, estimate_s: seconds }: Place): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes <= WAIT_MINUTES_MAX) return text("queue", { position, minutes });
  return text("queue_until", { position, time: when(new Date(Date.now() + seconds * 1000)) });
}

/** How the dialogue stands. `isWaiting`: there is something the server does not have yet. */
export function showStanding(standing: Page | null, isConnected: boolean, isWaiting: boolean): void {
  const status = standing?.status;
  byId("status").textContent = text(standing?.typing ? "status_typing" : status ? `status_${status}` : "status_connecting");
  if (status) document.body.dataset.status = status;
  byId("again").hidden = status !== "closed";
  if (!isConnected) note("banner", text(isWaiting ? "offline_waiting" : "offline"));
  else note("banner", standing?.queue ? place(standing.queue) : null);
}

/** Why something was not taken, in the citizen's language where we have words for it. */
export function explained(refusal: Refusal): string {
  if (refusal.status === 429) return text("too_fast", { seconds: refusal.retryAfterS ?? 5 });
  if (refusal.status === 413) return text("file_too_large");
  if (refusal.status === 415) return text("file_refused");
  return refusal.message;
}
