// The chat API as the page uses it: one session, repeated safely, polled at the pace the server asks for.

import { recall, remember } from "./texts.js";

const PAUSE_HIDDEN_MS = 15000;
const PAUSE_FAILED_MAX_MS = 30000;

/** An answer that is no success, with the problem the server told. */
export class Refusal extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail ?? String(status));
    this.status = status;
    this.retryAfter = Number(retryAfter) || null;
  }
}

export class Session {
  #org;
  #token;
  #cursor = null;
  #timer = null;
  #polling = false;
  #failures = 0;
  #hear;

  /** `hear` is called with each page of messages, or with null when the server cannot be reached. */
  constructor(org, hear) {
    this.#org = org;
    this.#token = recall(this.#key);
    this.#hear = hear;
    document.addEventListener("visibilitychange", () => document.hidden || this.#soon(0));
    window.addEventListener("online", () => this.#soon(0));
  }

  get #key() {
    return `vikno.chat.${this.#org}`;
  }

  async #call(method, path, { body, headers = {} } = {}) {
    const authorization = this.#token ? { Authorization: `Bearer ${this.#token}` } : {};
    const answer = await fetch(`/${this.#org}/chat/${path}`, { method, body, headers: { ...authorization, ...headers } });
    const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refusal(answer.status, told, answer.headers.get("retry-after"));
    return told;
  }

  #json(path, value) {
    return this.#call("POST", path, { body: JSON.stringify(value), headers: { "Content-Type": "application/json" } });
  }

  /** Resumes the session that this browser had, or opens a new one. */
  async open(language) {
    let opened;
    try {
      opened = await this.#json("sessions", { language });
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.status !== 401 || !this.#token) throw refusal;
      this.#token = null;
      opened = await this.#json("sessions", { language });
    }
    this.#token = opened.token;
    remember(this.#key, opened.token);
    this.#cursor = opened.cursor;
    await this.#poll();
  }

  /** Tells the server the language of what it says from now on. */
  async speak(language) {
    await this.#json("sessions", { language });
  }

  /** Sends one of {text}, {click}, {vote, comment}, {media}; safe to repeat with the same id. */
  async send(clientId, what) {
    await this.#json("messages", { client_id: clientId, ...what });
    this.#soon(250);
  }

  /** Uploads a file and gives back its id. */
  async upload(file) {
    const name = encodeURIComponent(file.name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
    const headers = {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename*=UTF-8''${name}`,
    };
    return (await this.#call("POST", "uploads", { body: file, headers })).id;
  }

  #soon(pause) {
    if (this.#cursor === null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#poll(), pause);
  }

  async #poll() {
    if (this.#polling) return;
    this.#polling = true;
    let pause;
    try {
      const page = await this.#call("GET", `messages?after=${encodeURIComponent(this.#cursor)}`);
      this.#failures = 0;
      this.#cursor = page.cursor;
      this.#hear(page);
      pause = document.hidden ? Math.max(page.poll_ms, PAUSE_HIDDEN_MS) : page.poll_ms;
    } catch (failure) {
      this.#failures += 1;
      this.#hear(null);
      const wait = Math.min(1000 * 2 ** this.#failures, PAUSE_FAILED_MAX_MS);
      pause = failure.retryAfter ? failure.retryAfter * 1000 : wait * (0.5 + Math.random() / 2);
      if (failure.status === 401) {
        // The session has ended: the next page load opens a new one.
        remember(this.#key, null);
      }
    } finally {
      this.#polling = false;
    }
    this.#soon(pause);
  }
}
