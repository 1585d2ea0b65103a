// The page's own words in the reader's language, and times and spans as they are written in it.

import { signal } from "@preact/signals";
import type { LocalName } from "../server/types.ts";
import { type Part, parts } from "../logic/times.ts";
import type administration from "../words/administration/uk.json";
import type uk from "../words/uk.json";
import { keep, recall } from "./keep.ts";

export type Word = keyof typeof uk | keyof typeof administration;
export type Language = "uk" | "en";
type Words = Readonly<Record<string, string>>;

/** Shared with the other pages. */
const KEY = "vikno.language";
export const LANGUAGES: readonly { id: Language; name: string }[] = [
  { id: "uk", name: "Українська" },
  { id: "en", name: "English" },
];
const LOCALES: Readonly<Record<Language, string>> = { uk: "uk-UA", en: "en-GB" };

export const language = signal<Language>("uk");
const words = signal<Words>({});

type Load = Readonly<Record<Language, () => Promise<{ default: Words }>>>;

const load: Load = {
  uk: () => import("../words/uk.json"),
  en: () => import("../words/en.json"),
};
/** Words that only some people need are loaded with what shows them. */
const loadMore: Load = {
  uk: () => import("../words/administration/uk.json"),
  en: () => import("../words/administration/en.json"),
};
let wantsMore = false;

/** Chosen earlier, else the browser's, else Ukrainian. */
export function preferred(): Language {
  const wished = [recall(KEY), ...navigator.languages].map((tag) => tag?.split("-")[0]);
  return LANGUAGES.find(({ id }) => id === wished.find((tag) => tag === "uk" || tag === "en"))?.id ?? "uk";
}

export async function speak(id: Language): Promise<void> {
  const [common, more] = await Promise.all([load[id](), wantsMore ? loadMore[id]() : null]);
  words.value = { ...common.default, ...more?.default };
  language.value = id;
  document.documentElement.lang = id;
  keep(KEY, id);
}

/** Learns the words of the administration, too. */
export async function speakOfAdministration(): Promise<void> {
  wantsMore = true;
  await speak(language.peek());
}

/** A text by its id, with {names} filled in. */
export function t(id: Word, values: Readonly<Record<string, string | number>> = {}): string {
  return (words.value[id] ?? id).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A text whose id is put together from what the server says; what has no text is shown as it came. */
export const named = (group: string, value: string): string => words.value[`${group}_${value}`] ?? value;

export const local = (name: LocalName | undefined, fallback: string) =>
  name?.[language.value] ?? Object.values(name ?? {})[0] ?? fallback;

const UNITS: Readonly<Record<Part[0], Word>> = { s: "unit_s", min: "unit_min", h: "unit_h", d: "unit_d" };

/** As long as seconds do not matter. */
export const about = (seconds: number) => (seconds < 60 ? t("just_now") : span(seconds));

export const span = (seconds: number) => parts(seconds).map(([unit, count]) => t(UNITS[unit], { count })).join(" ");

const format = (at: string | number, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(LOCALES[language.value], options).format(new Date(at));

const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;

export const clock = (at: string | number) => format(at, CLOCK);
export const day = (at: string) => format(at, { weekday: "long", day: "numeric", month: "long" });
export const shortDay = (at: string) => format(at, { day: "numeric", month: "short" });
export const moment = (at: string) => format(at, { day: "numeric", month: "short", year: "numeric", ...CLOCK });

/** The time, with the day where it is not today. */
export const when = (at: string) =>
  new Date(at).toDateString() === new Date().toDateString() ? clock(at) : format(at, { day: "numeric", month: "short", ...CLOCK });

export const decimal = (value: number) =>
  new Intl.NumberFormat(LOCALES[language.value], { maximumFractionDigits: 1 }).format(value);

export function size(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1024
    ? t("size_kb", { count: Math.max(1, Math.round(kilobytes)) })
    : t("size_mb", { count: decimal(kilobytes / 1024) });
}
