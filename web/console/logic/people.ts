// Which people a search in the administration shows. Pure.

import type { Colleague } from "../server/administration.ts";

export interface Wanted {
  words: string;
  /** With a role in it; empty: wherever. */
  org: string;
  /** Those too who may not sign in any more. */
  inactive: boolean;
}

export function chosenPeople(people: readonly Colleague[], { words, org, inactive }: Wanted): Colleague[] {
  const wanted = words.trim().toLowerCase();
  return people.filter((person) => {
    if (!person.active && !inactive) return false;
    if (org && !person.roles[org] && !person.roles["*"]) return false;
    return [person.name, person.login, person.phone ?? ""].some((value) => value.toLowerCase().includes(wanted));
  });
}

/** The list with one put in or left out. */
export function withOne<T>(all: readonly T[], one: T, held: boolean): T[] {
  const others = all.filter((other) => other !== one);
  return held ? [...others, one] : others;
}

/** The roles with one given or taken; an organisation without any is left out. */
export function withRole(roles: Readonly<Record<string, readonly string[]>>, org: string, role: string, held: boolean) {
  const { [org]: before = [], ...rest } = roles;
  const now = withOne(before, role, held);
  return now.length > 0 ? { ...rest, [org]: now } : rest;
}
