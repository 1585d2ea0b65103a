// How this browser shows the console: kept here only, never sent anywhere.

import { effect, signal } from "@preact/signals";
import { keep, recallJson } from "./keep.ts";

export const THEMES = ["system", "light", "dark", "contrast"] as const;
export const TEXT_SIZES = [100, 110, 125, 150] as const;

export interface Settings {
  theme: (typeof THEMES)[number];
  textSize: number;
  sound: boolean;
  notices: boolean;
  letters: boolean;
}

const KEY = "vikno.console.settings";
const USUAL: Settings = { theme: "system", textSize: 100, sound: true, notices: false, letters: true };

export const settings = signal<Settings>({ ...USUAL, ...recallJson<Partial<Settings>>(KEY, {}) });

export function set(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
  keep(KEY, JSON.stringify(settings.value));
}

/** Keeps the page looking as chosen. */
export function applySettings(): void {
  effect(() => {
    const root = document.documentElement;
    root.dataset["theme"] = settings.value.theme;
    root.style.fontSize = settings.value.textSize === 100 ? "" : `${settings.value.textSize}%`;
  });
}
