// The widget around the chat, when it is shown in its frame. Which pages may frame it at all, the policy of the page says
// (`frame-ancestors`); only what the window around us says is heard, and only that page is answered.

import { isOurs, type ToChat, type ToWidget } from "../widget/protocol.ts";

/** A widget speaks as soon as the frame has loaded; without one the chat goes on by itself. */
const HELLO_WAIT_MS = 5000;
/** The API takes no longer one. */
const IDENTITY_CHARS_MAX = 4096;

export interface Hello {
  identity: string | null;
}

export class Frame {
  readonly isFramed: boolean;
  #origin: string | null = null;
  #isOpen = true;
  #unread = 0;
  #shown: () => void = () => {};

  constructor(isEmbedded: boolean) {
    this.isFramed = isEmbedded && window.parent !== window;
  }

  /** Waits for the widget's first word. `shown` is called whenever the citizen opens the chat. */
  hello(shown: () => void): Promise<Hello> {
    if (!this.isFramed) return Promise.resolve({ identity: null });
    this.#shown = shown;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ identity: null }), HELLO_WAIT_MS);
      window.addEventListener("message", (event) => {
        if (event.source !== window.parent || !isOurs(event.data)) return;
        this.#hear(event.data as unknown as ToChat, event.origin, (hello) => {
          clearTimeout(timer);
          resolve(hello);
        });
      });
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !event.isComposing) this.#tell({ vikno: "close" });
      });
    });
  }

  named(name: string, language: string): void {
    this.#tell({ vikno: "named", name, language });
  }

  /** Counts what came while nobody looked. */
  came(messages: number): void {
    if (this.#isOpen || messages === 0) return;
    this.#unread += messages;
    this.#tell({ vikno: "unread", count: this.#unread });
  }

  #hear(told: ToChat, origin: string, greeted: (hello: Hello) => void): void {
    if (told.vikno === "hello") {
      this.#origin = origin;
      const { identity } = told;
      greeted({ identity: typeof identity === "string" && identity.length <= IDENTITY_CHARS_MAX ? identity : null });
    } else if (told.vikno !== "shown" || origin !== this.#origin) {
      return;
    }
    this.#show(told.open === true);
  }

  #show(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (!isOpen) return;
    this.#unread = 0;
    this.#shown();
  }

  #tell(told: ToWidget): void {
    if (this.#origin) window.parent.postMessage(told, this.#origin);
  }
}
