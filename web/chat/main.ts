// The citizen's chat with one organisation, on its own page and in the widget's frame: brings the parts together.

import { Refusal, type Page, type Said } from "./api.ts";
import { Composer } from "./composer.ts";
import { Frame } from "./frame.ts";
import { Log } from "./log.ts";
import { newId, Outbox, type Item, type State } from "./outbox.ts";
import { byId, explained, note, organisationName, showName, showStanding } from "./page.ts";
import { Session } from "./session.ts";
import { language, languageSwitch, preferred, speak, text } from "./texts.ts";

const FILE_BYTES_MAX = 20 * 1024 * 1024;
/** Half as long as the server believes it. */
const TYPING_EVERY_MS = 4000;

class Chat {
  readonly #org: string;
  readonly #frame: Frame;
  readonly #session: Session;
  readonly #outbox: Outbox;
  readonly #log: Log;
  readonly #composer: Composer;
  #standing: Page | null = null;
  #isConnected = navigator.onLine;
  #typedAt = 0;

  constructor(org: string, frame: Frame, identity: string | null) {
    this.#org = org;
    this.#frame = frame;
    this.#session = new Session(org, language(), identity, {
      heard: (page) => this.#hear(page),
      failed: () => this.#connected(false),
      doubted: () => this.#doubted(),
      gone: () => this.#gone(),
    });
    this.#outbox = new Outbox(this.#session, (item, state, failure) => this.#fares(item, state, failure));
    this.#log = new Log(byId("log"), byId("below"), {
      press: (button) => this.#press(button.id, button.label),
      rate: (score, comment) => this.#rate(score, comment),
    });
    this.#composer = new Composer({
      say: (words) => this.#say({ text: words }, words),
      attach: (file) => this.#attach(file),
      typing: () => this.#typing(),
    });
    byId("again").addEventListener("click", () => this.#say({ click: "menu" }, null));
    window.addEventListener("offline", () => this.#connected(false));
  }

  async start(): Promise<void> {
    this.#named();
    this.#showStanding();
    this.#takeUp();
    await this.#session.start();
    this.#log.toEnd();
    this.focus();
  }

  focus(): void {
    this.#composer.focus();
  }

  speakOn(): void {
    this.#named();
    this.#showStanding();
    this.#session.speak(language()).catch(() => this.#connected(false));
    // Only the robot can go on in another language; an operator has been told which one the citizen began in.
    if (this.#standing?.status === "open") this.#say({ click: `lang:${language()}` }, null);
  }

  /** What an earlier visit left: words half written, and words not sent. */
  #takeUp(): void {
    this.#composer.keepIn(this.#session.store, this.#session.key("draft"));
    for (const item of this.#outbox.restore()) this.#log.pending(item, text("waiting"));
  }

  /** What belongs to somebody whom we do not know now stays where it lies; the guest goes on with their own. */
  #doubted(): void {
    this.#log.clear();
    this.#takeUp();
    this.#log.line(text("guest"));
  }

  #hear(page: Page): void {
    const isFirst = this.#standing === null;
    this.#standing = page;
    const fresh = page.messages.filter((message) => this.#log.add(message) && message.from !== "citizen");
    if (!isFirst) this.#frame.came(fresh.length);
    this.#log.ready();
    if (page.status === "closed") this.#log.endRating();
    this.#connected(true);
    void this.#outbox.flush();
  }

  #connected(isConnected: boolean): void {
    this.#isConnected = isConnected;
    this.#showStanding();
  }

  #showStanding(): void {
    showStanding(this.#standing, this.#isConnected, !this.#outbox.isEmpty);
  }

  #named(): void {
    const name = organisationName() || this.#org;
    showName(name);
    this.#frame.named(name, language());
  }

  #gone(): void {
    this.#composer.hide();
    byId("status").textContent = "";
    note("banner", null);
    note("error", text("no_organisation"));
  }

  #say(said: Said | null, shown: string | null, file?: File): void {
    note("error", null);
    const item: Item = { id: newId(), at: new Date().toISOString(), said, shown, ...(file ? { file } : {}) };
    this.#log.offer([]);
    this.#log.pending(item, text(this.#isConnected ? "sending" : "waiting"));
    this.#outbox.add(item);
  }

  #press(id: string, label: string): void {
    this.#say({ click: id }, label);
    this.focus();
  }

  #rate(score: number, comment: string): void {
    this.#log.line(text("rated", { score }));
    this.#say(comment ? { vote: score, comment } : { vote: score }, null);
    this.focus();
  }

  /** Only an operator sees it. */
  #typing(): void {
    const now = Date.now();
    if (this.#standing?.status !== "with_operator" || now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#session.typing();
  }

  #attach(file: File): void {
    if (file.size > FILE_BYTES_MAX) note("error", text("file_too_large"));
    else this.#say(null, file.name, file);
  }

  #fares(item: Item, state: State, failure: unknown): void {
    const problem = failure instanceof Refusal ? explained(failure) : null;
    if (state === "refused") {
      this.#log.refused(item, text("not_sent"));
      note("error", problem);
      return;
    }
    this.#log.fares(item, stateWords(item, state));
    if (state === "sent" || problem) note("error", problem);
    else if (failure) this.#connected(false);
  }
}

function stateWords(item: Item, state: "sending" | "waiting" | "sent"): string {
  if (state === "sent") return "";
  return text(state === "sending" && item.file ? "uploading" : state);
}

/** Lets the page be opened without a connection. Not in a frame: there it would belong to the page around. */
function keepShell(org: string): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/service-worker.js", { scope: `/${org}/` }).catch(() => {
    // The chat works without it.
  });
}

async function start(): Promise<void> {
  const org = location.pathname.split("/")[1] ?? "";
  const query = new URLSearchParams(location.search);
  const frame = new Frame(query.get("embedded") === "1");
  document.body.classList.toggle("embedded", frame.isFramed);
  let chat: Chat | null = null;
  languageSwitch(() => chat?.speakOn());
  speak(preferred(query.get("language")));
  if (!frame.isFramed) keepShell(org);
  const { identity } = await frame.hello(() => chat?.focus());
  chat = new Chat(org, frame, identity);
  await chat.start();
}

void start();
