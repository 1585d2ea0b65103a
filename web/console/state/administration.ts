// Which sections of the administration a person has, and the organisation they look at.

import { signal } from "@preact/signals";
import type { Permission } from "../logic/permissions.ts";
import { mayInAll, whereMay } from "./session.ts";

/** Sections in their order, with what each asks for; those of people are for all organisations at once. */
const ASKED = {
  people: "manage_people",
  roles: "manage_people",
  groups: "manage_people",
  organisations: "manage_settings",
  hours: "manage_settings",
  queues: "manage_settings",
  general: "manage_settings",
  texts: "manage_settings",
  replies: "manage_settings",
  channels: "manage_channels",
  versions: "view_processes",
  history: "manage_settings",
  journal: "read_audit",
  audit: "read_audit",
} as const satisfies Record<string, Permission>;

export type Section = keyof typeof ASKED;

const IN_ALL: readonly Section[] = ["people", "roles", "groups", "organisations", "audit"];

/** Those that the person may open. */
export const sections = (): Section[] =>
  (Object.keys(ASKED) as Section[]).filter((section) =>
    IN_ALL.includes(section) ? mayInAll(ASKED[section]) : organisationsOf(section).length > 0,
  );

/** The organisations whose section the person may open. */
export const organisationsOf = (section: Section): string[] => whereMay(ASKED[section]);

const chosen = signal("");

/** The organisation that a section shows: the one chosen last where it may be shown. */
export function organisationOf(section: Section): string {
  const all = organisationsOf(section);
  return all.includes(chosen.value) ? chosen.value : (all[0] ?? "");
}

export function chooseOrganisation(org: string): void {
  chosen.value = org;
}
