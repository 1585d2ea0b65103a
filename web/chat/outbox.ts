// What the citizen said and the server does not have yet: sent in order, kept while there is no connection, and each
// under one id, so that it counts once however often it is sent.

import { Refusal, type Said } from "./api.ts";
import type { Session } from "./session.ts";

const PAUSE_S = 5;

export interface Item {
  id: string;
  at: string;
  /** How it is shown until it comes back; null: not at all. */
  shown: string | null;
  said: Said | null;
  /** Is uploaded before it can be said. Only this visit can do so: a file is not kept. */
  file?: File;
}

export type State = "sending" | "waiting" | "sent" | "refused";

/** Told of each change; `failure` says why something waits or was refused, as far as there is a reason to tell. */
export type Watcher = (item: Item, state: State, failure: unknown) => void;

export const newId = (): string =>
  crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("-");

export class Outbox {
  readonly #session: Session;
  readonly #watcher: Watcher;
  #items: Item[] = [];
  #busy = false;
  #timer = 0;

  constructor(session: Session, watcher: Watcher) {
    this.#session = session;
    this.#watcher = watcher;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** What an earlier visit could not send; in place of what is here. */
  restore(): Item[] {
    this.#items = kept(this.#session.store.get(this.#key));
    return this.#items;
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#keep();
    void this.flush();
  }

  /** Sends what waits, one after the other, until something cannot be sent. */
  async flush(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      let item = this.#items[0];
      while (item && (await this.#sent(item))) item = this.#items[0];
    } finally {
      this.#busy = false;
    }
  }

  get #key(): string {
    return this.#session.key("waiting");
  }

  /** Whether the next one may go. */
  async #sent(item: Item): Promise<boolean> {
    if (!this.#session.isOpen) return this.#wait(null);
    this.#watcher(item, "sending", null);
    try {
      await this.#session.send(item.id, await this.#ready(item));
    } catch (failure) {
      return this.#held(item, failure);
    }
    this.#drop(item);
    this.#watcher(item, "sent", null);
    return true;
  }

  async #ready(item: Item): Promise<Said> {
    if (item.said) return item.said;
    item.said = { media: item.file ? await this.#session.upload(item.file) : "" };
    return item.said;
  }

  #held(item: Item, failure: unknown): boolean {
    // Without a connection the session tells when there is one again.
    if (!(failure instanceof Refusal)) return this.#wait(failure);
    if (failure.status === 401) {
      this.#session.forget();
      return this.#wait(null);
    }
    if (failure.isPassing) {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.flush(), (failure.retryAfterS ?? PAUSE_S) * 1000);
      return this.#wait(failure);
    }
    this.#drop(item);
    this.#watcher(item, "refused", failure);
    return true;
  }

  /** None may overtake the one that cannot be sent. */
  #wait(failure: unknown): false {
    for (const item of this.#items) this.#watcher(item, "waiting", failure);
    return false;
  }

  #drop(item: Item): void {
    this.#items = this.#items.filter((one) => one !== item);
    this.#keep();
  }

  #keep(): void {
    const items = this.#items.filter((item) => !item.file);
    this.#session.store.set(this.#key, items.length > 0 ? JSON.stringify(items) : null);
  }
}

function kept(text: string | null): Item[] {
  try {
    return text ? (JSON.parse(text) as Item[]) : [];
  } catch {
    return [];
  }
}
