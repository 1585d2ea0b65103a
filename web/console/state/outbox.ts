// Answers on their way to the server. What is only words is kept in the browser too, until it has arrived.

import { effect, signal } from "@preact/signals";
import { answer, newId, type Place, upload } from "../server/acts.ts";
import { passes, Refusal } from "../server/http.ts";
import { due, type Outgoing, pieces, putOff, wakeMs } from "../logic/outbox.ts";
import { lookNow } from "./desk.ts";
import { keep, keptKeys, recallJson } from "./keep.ts";
import { myId, phase } from "./session.ts";
import { readOn, thread } from "./thread.ts";

export const outbox = signal<readonly Outgoing[]>([]);

const files = new Map<string, File>();
const busy = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

const prefix = () => `vikno.outbox.${myId.peek()}.`;

export function keepSending(): void {
  effect(() => {
    if (phase.value !== "signed_in") return;
    const known = new Set(outbox.peek().map(({ clientId }) => clientId));
    const kept = keptKeys(prefix()).map((key) => recallJson<Outgoing | null>(key, null));
    const found = kept.filter((item) => item !== null && !known.has(item.clientId)) as Outgoing[];
    outbox.value = [...outbox.peek(), ...found].sort((one, other) => one.writtenMs - other.writtenMs);
    hurry();
  });
  addEventListener("online", hurry);
  addEventListener("beforeunload", (event) => {
    if (outbox.peek().some(({ clientId }) => files.has(clientId))) event.preventDefault();
  });
}

/** Puts an answer on its way; a long one in pieces. */
export function send(place: Place, text: string, file: File | null): void {
  const parts = pieces(text);
  const said = file ? [parts.shift() ?? "", ...parts] : parts;
  said.forEach((piece, index) => add(place, piece, index === 0 ? file : null));
  work();
}

function add({ org, id }: Place, text: string, file: File | null): void {
  const clientId = newId();
  if (file) files.set(clientId, file);
  const item: Outgoing = {
    clientId, org, id, text,
    file: file && { name: file.name, type: file.type, size: file.size },
    mediaId: null, state: "sending", attempts: 0, nextMs: 0, writtenMs: Date.now(),
    afterId: thread.peek()?.messages.at(-1)?.id ?? null, reason: null,
  };
  outbox.value = [...outbox.peek(), item];
  store(item);
}

export function retry(clientId: string): void {
  change(clientId, (item) => ({ ...item, state: "sending", attempts: 0, nextMs: 0, reason: null }));
  work();
}

export function drop(clientId: string): void {
  files.delete(clientId);
  keep(prefix() + clientId, null);
  outbox.value = outbox.peek().filter((item) => item.clientId !== clientId);
  work();
}

function store(item: Outgoing): void {
  if (!item.file || item.mediaId) keep(prefix() + item.clientId, JSON.stringify(item));
}

function change(clientId: string, act: (item: Outgoing) => Outgoing): void {
  outbox.value = outbox.peek().map((item) => (item.clientId === clientId ? act(item) : item));
  const changed = outbox.peek().find((item) => item.clientId === clientId);
  if (changed) store(changed);
}

function hurry(): void {
  outbox.value = outbox.peek().map((item) => (item.state === "sending" ? { ...item, nextMs: 0 } : item));
  work();
}

function work(): void {
  clearTimeout(timer);
  if (phase.peek() !== "signed_in") return;
  for (const item of due(outbox.peek(), busy, Date.now())) void deliver(item);
  const wake = wakeMs(outbox.peek().filter((item) => !busy.has(`${item.org}/${item.id}`)));
  if (wake !== null) timer = setTimeout(work, Math.max(wake - Date.now(), 50));
}

async function deliver(item: Outgoing): Promise<void> {
  const conversation = `${item.org}/${item.id}`;
  busy.add(conversation);
  try {
    await carry(item);
    await readOn(item).catch(() => {});
    drop(item.clientId);
    lookNow();
  } catch (failure) {
    const asked = failure instanceof Refusal ? failure.retryAfterS : null;
    if (passes(failure)) change(item.clientId, (one) => putOff(one, Date.now(), asked));
    else refuse(item, failure instanceof Refusal ? failure.code : "");
  } finally {
    busy.delete(conversation);
    work();
  }
}

async function carry(item: Outgoing): Promise<void> {
  const mediaId = item.mediaId ?? (await bring(item));
  await answer(item, {
    client_id: item.clientId,
    ...(item.text ? { text: item.text } : {}),
    ...(mediaId ? { media: mediaId } : {}),
  });
}

async function bring(item: Outgoing): Promise<string | null> {
  const file = files.get(item.clientId);
  if (!file) return null;
  const { id } = await upload(item.org, file);
  files.delete(item.clientId);
  change(item.clientId, (one) => ({ ...one, mediaId: id }));
  return id;
}

/** Not taken, and no repetition changes that. A session that ended refuses nothing: it goes on after the sign-in. */
function refuse(item: Outgoing, reason: string): void {
  if (phase.peek() !== "signed_in") return;
  change(item.clientId, (one) => ({ ...one, state: "failed", reason }));
  lookNow();
}
