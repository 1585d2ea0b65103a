// What the console reads beside the live feed.

import type { Place } from "./acts.ts";
import { call } from "./http.ts";
import type { Dialogue, Found, Listed, Organisation, Queue, Topic } from "./types.ts";

export interface Page<T> {
  items: T[];
  cursor: string | null;
}

export type Questions = Partial<Record<"q" | "from" | "to" | "operator" | "topic" | "rating" | "channel" | "label" | "after", string>>;

const query = (fields: Record<string, string | undefined>) => {
  const given = Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1]));
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
};

/** The conversations of one organisation, told apart from those of others. */
const of = <T extends Listed>(org: string, rows: Omit<T, "org">[]) => rows.map((row) => ({ ...row, org }) as T);

export async function organisations(): Promise<Organisation[]> {
  return (await call<{ organisations: Organisation[] }>("GET", "/organisations.json", { open: true })).organisations;
}

export const queues = (org: string) => call<{ queues: Queue[]; topics: Topic[]; moves_to: string[] }>("GET", `/${org}/operator/queues`);

export const dialogue = ({ org, id }: Place, span: { after?: string; before?: string } = {}) =>
  call<Dialogue>("GET", `/${org}/operator/conversations/${encodeURIComponent(id)}${query(span)}`);

export async function listed(org: string, fields: { status?: string; after?: string }): Promise<Page<Listed>> {
  const path = `/${org}/operator/conversations${query(fields)}`;
  const page = await call<{ conversations: Omit<Listed, "org">[]; cursor: string | null }>("GET", path);
  return { items: of<Listed>(org, page.conversations), cursor: page.cursor };
}

export async function ofCitizen(org: string, citizen: string): Promise<Listed[]> {
  const path = `/${org}/operator/citizens/${encodeURIComponent(citizen)}/conversations`;
  return of<Listed>(org, (await call<{ conversations: Omit<Listed, "org">[] }>("GET", path)).conversations);
}

export async function search(org: string, questions: Questions): Promise<Page<Found>> {
  const path = `/${org}/operator/search${query(questions)}`;
  const page = await call<{ found: Omit<Found, "org">[]; cursor?: string | null }>("GET", path);
  return { items: of<Found>(org, page.found), cursor: page.cursor ?? null };
}
