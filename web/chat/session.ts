// One session of the chat API: opened or resumed, polled at the pace the server asks for, opened again when it has ended.

import { call, posted, Refusal, type Opened, type Page, type Said } from "./api.ts";
import { lasting, passing, type Store } from "./store.ts";

const PAUSE_HIDDEN_MS = 15_000;
const PAUSE_FAILED_MAX_MS = 30_000;
const PAUSE_SENT_MS = 250;

export interface Listener {
  heard(page: Page): void;
  failed(): void;
  /** The portal's word for this person was not believed: they go on as a guest. */
  doubted(): void;
  /** There is no such organisation. */
  gone(): void;
}

export class Session {
  readonly #org: string;
  readonly #listener: Listener;
  #language: string;
  #identity: string | null;
  #token: string | null;
  #cursor: string | null = null;
  #timer = 0;
  #busy = false;
  #failures = 0;

  constructor(org: string, language: string, identity: string | null, listener: Listener) {
    this.#org = org;
    this.#language = language;
    this.#identity = identity;
    this.#listener = listener;
    this.#token = this.store.get(this.key("token"));
    document.addEventListener("visibilitychange", () => document.hidden || this.#soon(0));
    window.addEventListener("online", () => this.#soon(0));
  }

  /** Where this person's things are kept. */
  get store(): Store {
    return this.#identity ? passing : lasting;
  }

  key(what: string): string {
    return `vikno.chat.${this.#org}.${what}`;
  }

  get isOpen(): boolean {
    return this.#cursor !== null;
  }

  start(): Promise<void> {
    return this.#turn();
  }

  /** Tells the server the language of what it says from now on. */
  async speak(language: string): Promise<void> {
    this.#language = language;
    if (this.isOpen) await this.#call("sessions", posted({ language }));
  }

  /** Safe to repeat with the same id. */
  async send(clientId: string, said: Said): Promise<void> {
    await this.#call("messages", posted({ client_id: clientId, ...said }));
    this.#soon(PAUSE_SENT_MS);
  }

  /** Tells that the citizen is writing. Nothing is lost when it is not heard. */
  typing(): void {
    this.#call("typing", { method: "POST" }).catch(() => {});
  }

  /** Uploads a file and gives back its id. */
  async upload(file: File): Promise<string> {
    const name = encodeURIComponent(file.name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
    const headers = { "Content-Type": "application/octet-stream", "Content-Disposition": `attachment; filename*=UTF-8''${name}` };
    return (await this.#call<{ id: string }>("uploads", { method: "POST", body: file, headers })).id;
  }

  /** The server knows this session no more: the next turn opens another. */
  forget(): void {
    this.#token = null;
    this.#cursor = null;
    this.store.set(this.key("token"), null);
    this.#soon(0);
  }

  #call<Answer>(path: string, init?: RequestInit): Promise<Answer> {
    return call<Answer>(this.#org, path, this.#token, init);
  }

  async #open(): Promise<void> {
    const identity = this.#identity ? { identity: this.#identity } : {};
    try {
      const opened = await this.#call<Opened>("sessions", posted({ language: this.#language, ...identity }));
      this.#token = opened.token;
      this.store.set(this.key("token"), opened.token);
      this.#cursor = opened.cursor;
    } catch (failure) {
      if (!this.#mayOpenOtherwise(failure)) throw failure;
      await this.#open();
    }
  }

  /** A refusal that names what to leave out: the portal's word, or the token of an ended or another person's session. */
  #mayOpenOtherwise(failure: unknown): boolean {
    if (!(failure instanceof Refusal)) return false;
    if (failure.code === "identity_refused" && this.#identity) {
      this.#identity = null;
      this.#token = this.store.get(this.key("token"));
      this.#listener.doubted();
      return true;
    }
    const foreign = failure.status === 401 || failure.code === "another_person";
    const left = foreign && this.#token !== null;
    if (left) this.#token = null;
    return left;
  }

  #soon(pause: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#turn(), pause);
  }

  async #turn(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const pause = await this.#poll();
      this.#soon(document.hidden ? Math.max(pause, PAUSE_HIDDEN_MS) : pause);
    } catch (failure) {
      this.#fail(failure);
    } finally {
      this.#busy = false;
    }
  }

  async #poll(): Promise<number> {
    if (this.#cursor === null) await this.#open();
    const page = await this.#call<Page>(`messages?after=${encodeURIComponent(this.#cursor ?? "")}`);
    this.#failures = 0;
    this.#cursor = page.cursor;
    this.#listener.heard(page);
    return page.poll_ms;
  }

  #fail(failure: unknown): void {
    const refusal = failure instanceof Refusal ? failure : null;
    if (refusal?.status === 404 && !this.isOpen) {
      this.#listener.gone();
      return;
    }
    this.#failures += 1;
    if (refusal?.status === 401) this.forget();
    else this.#listener.failed();
    const wait = Math.min(1000 * 2 ** this.#failures, PAUSE_FAILED_MAX_MS);
    this.#soon(refusal?.retryAfterS ? refusal.retryAfterS * 1000 : wait * (0.5 + Math.random() / 2));
  }
}
