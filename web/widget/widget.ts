// The chat on an organisation's own page: a round button, and the chat in a frame of our server behind it. It keeps nothing
// on that page, adds one element to it, and needs no styles of the page's policy (its sheet is adopted by a shadow root).

import { CROSS, DOWN, picture, TALK } from "./picture.ts";
import { isOurs, type ToChat, type ToWidget } from "./protocol.ts";
import css from "./widget.css?inline";
import { wordsOf, type Words } from "./words.ts";

const TAG = "vikno-chat";
/** Narrower windows are filled. */
const NARROW = "(max-width: 480px)";
/** A chat that has not spoken by then is not there: the server is down, or does not let this page frame it. */
const SILENCE_MAX_MS = 10_000;
/** More are told as "99+". */
const UNREAD_SHOWN_MAX = 99;

class Widget {
  readonly #script: HTMLScriptElement;
  readonly #server: string;
  readonly #host = document.createElement(TAG);
  readonly #launcher = document.createElement("button");
  readonly #badge = document.createElement("span");
  readonly #panel = document.createElement("dialog");
  readonly #title = document.createElement("h2");
  readonly #close = document.createElement("button");
  readonly #apart = document.createElement("a");
  readonly #narrow = matchMedia(NARROW);
  #frame: HTMLIFrameElement | null = null;
  #words: Words;
  #unread = 0;
  #isHeard = false;
  #silence = 0;

  constructor(script: HTMLScriptElement) {
    this.#script = script;
    this.#server = new URL(script.src).origin;
    this.#words = wordsOf(this.#language);
    this.#build();
    this.#listen();
    this.#speak();
  }

  get #language(): string {
    return this.#script.dataset.language ?? document.documentElement.lang;
  }

  get #org(): string {
    return this.#script.dataset.org ?? "";
  }

  #build(): void {
    const root = this.#host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    this.#launcher.type = this.#close.type = "button";
    this.#launcher.className = "launcher";
    this.#launcher.setAttribute("aria-haspopup", "dialog");
    this.#launcher.setAttribute("aria-controls", "panel");
    this.#launcher.setAttribute("aria-expanded", "false");
    this.#badge.className = "badge";
    this.#badge.hidden = true;
    this.#badge.setAttribute("aria-hidden", "true");
    this.#launcher.append(picture(TALK, "talk"), picture(DOWN, "down"), this.#badge);
    this.#panel.className = "panel";
    this.#panel.id = "panel";
    this.#panel.setAttribute("aria-labelledby", "title");
    this.#title.id = "title";
    this.#close.className = "close";
    this.#close.append(picture(CROSS));
    const title = document.createElement("div");
    title.className = "title";
    title.append(this.#title, this.#close);
    this.#apart.className = "apart";
    this.#apart.href = `${this.#server}/${encodeURIComponent(this.#org)}/`;
    this.#apart.target = "_blank";
    this.#apart.rel = "noopener";
    this.#apart.hidden = true;
    this.#panel.append(title, this.#apart);
    root.append(this.#panel, this.#launcher);
    document.body.append(this.#host);
  }

  #listen(): void {
    this.#launcher.addEventListener("click", () => (this.#panel.open ? this.#hide() : this.#show()));
    this.#close.addEventListener("click", () => this.#hide());
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#hide();
    });
    // A window that fills the screen closes by the system's gesture, too.
    this.#panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#hide();
    });
    this.#narrow.addEventListener("change", () => {
      if (!this.#panel.open) return;
      this.#panel.close();
      this.#open();
    });
    window.addEventListener("message", (event) => {
      const isChat = event.origin === this.#server && event.source !== null && event.source === this.#frame?.contentWindow;
      if (isChat && isOurs(event.data)) this.#hear(event.data as unknown as ToWidget);
    });
  }

  /** Beside the page, or over all of it where it fills the window: then the page behind cannot be reached. */
  #open(): void {
    if (this.#narrow.matches) this.#panel.showModal();
    else this.#panel.show();
  }

  #show(): void {
    const isFirst = this.#frame === null || this.#isSilent;
    if (isFirst) this.#replaceFrame();
    this.#open();
    this.#count(0);
    this.#expanded(true);
    this.#frame?.focus();
    if (!isFirst) this.#tell({ vikno: "shown", open: true });
  }

  #hide(): void {
    this.#panel.close();
    this.#expanded(false);
    this.#tell({ vikno: "shown", open: false });
    this.#launcher.focus();
  }

  get #isSilent(): boolean {
    return !this.#apart.hidden;
  }

  /** Opens the chat, once more where it did not come the first time. */
  #replaceFrame(): void {
    this.#frame?.remove();
    this.#frame = this.#framed();
    this.#panel.insertBefore(this.#frame, this.#apart);
    this.#apart.hidden = true;
    clearTimeout(this.#silence);
    this.#silence = window.setTimeout(() => (this.#apart.hidden = this.#isHeard), SILENCE_MAX_MS);
  }

  #framed(): HTMLIFrameElement {
    const frame = document.createElement("iframe");
    frame.src = `${this.#apart.href}?embedded=1&language=${encodeURIComponent(this.#language)}`;
    frame.title = this.#words.chat;
    frame.addEventListener("load", () => {
      // The token is read now: the page may have written a fresh one since it was loaded.
      this.#tell({ vikno: "hello", open: this.#panel.open, identity: this.#script.dataset.identity ?? null });
      if (this.#panel.open) frame.focus();
    });
    return frame;
  }

  #hear(told: ToWidget): void {
    if (told.vikno === "close" && this.#panel.open) this.#hide();
    if (told.vikno === "unread" && !this.#panel.open) this.#count(Number(told.count) || 0);
    if (told.vikno === "named") {
      this.#isHeard = this.#apart.hidden = true;
      this.#words = wordsOf(String(told.language));
      this.#title.textContent = String(told.name);
      if (this.#frame) this.#frame.title = `${this.#words.chat}: ${told.name}`;
      this.#speak();
    }
  }

  #count(unread: number): void {
    this.#unread = unread;
    this.#badge.hidden = unread === 0;
    this.#badge.textContent = unread > UNREAD_SHOWN_MAX ? `${UNREAD_SHOWN_MAX}+` : String(unread);
    this.#speak();
  }

  #expanded(isOpen: boolean): void {
    this.#launcher.setAttribute("aria-expanded", String(isOpen));
    this.#speak();
  }

  #speak(): void {
    const { open, close, chat, unread, apart } = this.#words;
    this.#apart.textContent = apart;
    const closed = this.#unread > 0 ? unread.replace("{count}", String(this.#unread)) : open;
    this.#launcher.setAttribute("aria-label", this.#panel.open ? close : closed);
    this.#close.setAttribute("aria-label", close);
    this.#title.textContent ||= chat;
  }

  #tell(told: ToChat): void {
    this.#frame?.contentWindow?.postMessage(told, this.#server);
  }
}

const script = document.currentScript;
const start = () => {
  const isWanted = script instanceof HTMLScriptElement && script.dataset.org && !document.querySelector(TAG);
  if (isWanted) new Widget(script);
};
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
