// A soft sound and the browser's notices; neither tells what was said.

import type { News } from "../logic/rows.ts";
import { keyOf } from "../logic/rows.ts";
import { go, linkTo, opened } from "./route.ts";
import { organisationName } from "./session.ts";
import { settings } from "./settings.ts";
import { t } from "./words.ts";

let audio: AudioContext | null = null;


export function announce({ wrote, came }: News): void {
  const unseen = wrote.filter((row) => document.hidden || keyOf(row) !== openKey());
  if (unseen.length === 0 && came.length === 0) return;
  if (settings.peek().sound) ring(unseen.length > 0);
  if (!settings.peek().notices || !document.hidden || !("Notification" in window)) return;
  for (const row of unseen) show(t("notice_wrote"), organisationName(row.org), linkTo(row));
  if (came[0]) show(t("notice_waits"), organisationName(came[0].org), linkTo(came[0]));
}

const openKey = () => {
  const place = opened.peek();
  return place ? keyOf(place) : null;
};

function show(title: string, body: string, link: string): void {
  const notice = made(title, { body, tag: link });
  if (!notice) return;
  notice.onclick = () => {
    window.focus();
    go(link);
    notice.close();
  };
}

/** Browsers of phones have the word, but show none to pages. */
function made(title: string, options: NotificationOptions): Notification | null {
  try {
    return new Notification(title, options);
  } catch {
    return null;
  }
}

/** Two tones for an answer of a citizen, one lower tone for somebody who begins to wait. */
export function ring(answer: boolean): void {
  // Browsers let a page sound only after the person has done something there.
  if (!navigator.userActivation.hasBeenActive) return;
  audio ??= new AudioContext();
  const context = audio;
  const tones = answer ? [660, 880] : [440];
  tones.forEach((frequency, place) => tone(context, frequency, context.currentTime + place * 0.13));
}

function tone(context: AudioContext, frequency: number, at: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.08, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.4);
}
