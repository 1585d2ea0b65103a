// Where the citizen writes and attaches. Half-written words are kept: they survive a reload and a lost connection.

import type { Store } from "./store.ts";
import { byId } from "./page.ts";

const HEIGHT_MAX_PX = 160;

export interface Writer {
  say(words: string): void;
  attach(file: File): void;
  /** A key was touched, and words stand there. */
  typing(): void;
}

export class Composer {
  readonly #field = byId<HTMLTextAreaElement>("text");
  readonly #writer: Writer;
  #keep: (words: string) => void = () => {};

  constructor(writer: Writer) {
    this.#writer = writer;
    byId("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => {
      this.#changed();
      if (this.#field.value.trim()) this.#writer.typing();
    });
    this.#field.addEventListener("paste", (event) => this.#paste(event));
    this.#listenForFiles();
  }

  /** Where half-written words are kept from now on, and perhaps lie. */
  keepIn(store: Store, key: string): void {
    this.#keep = (words) => store.set(key, words || null);
    this.#field.value = store.get(key) ?? "";
    this.#grow();
  }

  focus(): void {
    this.#field.focus({ preventScroll: true });
  }

  hide(): void {
    byId("form").hidden = true;
  }

  #submit(): void {
    const words = this.#field.value.trim();
    if (!words) return;
    this.#field.value = "";
    this.#changed();
    this.#writer.say(words);
  }

  #changed(): void {
    this.#keep(this.#field.value);
    this.#grow();
  }

  #grow(): void {
    this.#field.style.height = "auto";
    this.#field.style.height = `${Math.min(this.#field.scrollHeight, HEIGHT_MAX_PX)}px`;
  }

  #paste(event: ClipboardEvent): void {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    this.#writer.attach(file);
  }

  #listenForFiles(): void {
    const chosen = byId<HTMLInputElement>("file");
    byId("attach").addEventListener("click", () => chosen.click());
    chosen.addEventListener("change", () => {
      const file = chosen.files?.[0];
      if (file) this.#writer.attach(file);
      chosen.value = "";
    });
  }
}
