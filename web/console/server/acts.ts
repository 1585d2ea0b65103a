// What an operator does to a conversation. Each act carries an id of its own: the same again has no second effect.

import { call } from "./http.ts";
import type { Conversation, Media } from "./types.ts";

export interface Place {
  org: string;
  id: string;
}

export interface Answer {
  client_id: string;
  text?: string;
  media?: string;
}

export type Target = { queue: string; reason?: string } | { org: string; reason?: string };

const act = (place: Place, verb: string, json: object) =>
  call<Conversation>("POST", `/${place.org}/operator/conversations/${encodeURIComponent(place.id)}/${verb}`, { json });

export const newId = () => `k_${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;

export const take = (place: Place) => act(place, "take", { client_id: newId() });
export const answer = (place: Place, said: Answer) => act(place, "messages", said);
export const note = (place: Place, text: string) => act(place, "notes", { client_id: newId(), text });
export const close = (place: Place, reason: string) =>
  act(place, "close", { client_id: newId(), ...(reason ? { reason } : {}) });
export const reopen = (place: Place) => act(place, "reopen", { client_id: newId() });
export const transfer = (place: Place, target: Target) => act(place, "transfer", { client_id: newId(), ...target });
export const assign = (place: Place, operator: string) => act(place, "assign", { client_id: newId(), operator });
export const typing = (place: Place) => act(place, "typing", {});
export const setLabels = (place: Place, labels: readonly string[]) =>
  call<Conversation>("PUT", `/${place.org}/operator/conversations/${encodeURIComponent(place.id)}/labels`, { json: { labels } });
export const labels = async (org: string) => (await call<{ labels: string[] }>("GET", `/${org}/operator/labels`)).labels;
export const upload = (org: string, file: File) => call<Media>("POST", `/${org}/operator/uploads`, { file });
