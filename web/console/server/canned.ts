// Prepared answers as shift heads keep them.

import { call } from "./http.ts";
import type { CannedAnswer } from "./types.ts";

export type CannedFields = Omit<CannedAnswer, "id">;

const path = (org: string, id?: string) => `/${org}/operator/canned${id ? `/${encodeURIComponent(id)}` : ""}`;

export const list = async (org: string) => (await call<{ canned: CannedAnswer[] }>("GET", path(org))).canned;

/** A new one, or an existing one changed. */
export const keep = (org: string, id: string | null, fields: CannedFields) =>
  id ? call<CannedAnswer>("PUT", path(org, id), { json: fields }) : call<CannedAnswer>("POST", path(org), { json: fields });

export const remove = (org: string, id: string) => call<void>("DELETE", path(org, id));
