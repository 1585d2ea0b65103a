// The messages on the page: what came, what is on its way (always last), and the buttons that can be pressed now.

import type { Button, Message } from "./api.ts";
import { buttonsNode, element, lineNode, messageNode, ratingNode } from "./message.ts";
import type { Item } from "./outbox.ts";
import { when } from "./texts.ts";

/** Who is nearer to the end than this many pixels reads along. */
const END_NEAR_PX = 80;

export interface Answers {
  press(button: Button): void;
  rate(score: number, comment: string): void;
}

export class Log {
  readonly #list: HTMLElement;
  readonly #below: HTMLElement;
  readonly #answers: Answers;
  #offer: HTMLElement | null = null;

  constructor(list: HTMLElement, below: HTMLElement, answers: Answers) {
    this.#list = list;
    this.#below = below;
    this.#answers = answers;
    below.addEventListener("click", () => this.toEnd());
    list.addEventListener("scroll", () => {
      if (this.#atEnd()) below.hidden = true;
    });
    // A keyboard that comes up, or a banner: who was at the end stays there.
    let height = list.clientHeight;
    new ResizeObserver(() => {
      const shrunk = height - list.clientHeight;
      height = list.clientHeight;
      if (shrunk > 0 && list.scrollHeight - list.scrollTop - height - shrunk < END_NEAR_PX) this.toEnd();
    }).observe(list);
  }

  ready(): void {
    this.#list.removeAttribute("aria-busy");
  }

  clear(): void {
    this.#list.replaceChildren();
  }

  /** To what was said last; a greeting alone is read from its beginning. */
  toEnd(): void {
    const isGreeting = this.#list.querySelectorAll(".message").length === 1;
    this.#list.scrollTo({ top: isGreeting ? 0 : this.#list.scrollHeight });
    this.#below.hidden = true;
  }

  /** A message that came, in place of our own copy of it. Says whether it is new here. */
  add(message: Message): boolean {
    if (this.#list.querySelector(`[data-id="${CSS.escape(message.id)}"]`)) return false;
    const own = message.from === "citizen";
    const copy = message.client_id ? this.#copy(message.client_id) : null;
    if (!copy || !became(copy, message)) {
      this.#put(messageNode(message), own);
      copy?.remove();
    }
    if (own || message.buttons.length > 0) this.offer(message.buttons);
    return true;
  }

  /** Shows what is on its way, and how it fares. */
  pending(item: Item, state: string): void {
    if (item.shown === null) return;
    const node = messageNode({ id: item.id, from: "citizen", at: item.at, client_id: item.id, text: item.shown });
    node.classList.add("pending");
    this.#list.append(node);
    this.fares(item, state);
    this.toEnd();
  }

  /** Says below our own copy how it fares. */
  fares(item: Item, state: string): void {
    this.#copy(item.id)?.querySelector("time")?.replaceChildren(state);
  }

  /** What was not taken keeps its place: its words can still be read and copied. */
  refused(item: Item, state: string): void {
    this.fares(item, state);
    this.#copy(item.id)?.classList.replace("pending", "refused");
  }

  line(words: string): void {
    this.#put(lineNode(words), true);
  }

  /** Only the newest buttons can be pressed, until the citizen says something: older ones belong to what is past. */
  offer(buttons: Button[]): void {
    this.#offer?.remove();
    this.#offer = null;
    if (buttons.length === 0) return;
    const votes = buttons.every((button) => /^vote:[1-5]$/.test(button.id));
    const form = votes ? ratingNode(this.#answers.rate) : buttonsNode(buttons, this.#answers.press);
    this.#offer = element("li", { class: "offer" }, form);
    this.#put(this.#offer, false);
  }

  /** There is nothing to rate any more. */
  endRating(): void {
    if (this.#offer?.querySelector(".rating")) this.offer([]);
  }

  #copy(clientId: string): HTMLElement | null {
    return this.#list.querySelector(`.pending[data-client="${CSS.escape(clientId)}"]`);
  }

  #atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < END_NEAR_PX;
  }

  #put(node: HTMLElement, own: boolean): void {
    const follow = own || this.#atEnd();
    this.#list.insertBefore(node, this.#list.querySelector(".pending"));
    if (!follow) {
      this.#below.hidden = false;
      return;
    }
    this.toEnd();
    // A picture takes its room only when it is there.
    node.querySelector("img")?.addEventListener("load", () => this.toEnd(), { once: true });
  }
}

/** Makes our copy of a text the message itself, so that nobody hears it read out twice. */
function became(copy: HTMLElement, message: Message): boolean {
  const isSame = copy.querySelector(".words")?.textContent === message.text;
  const isNext = !copy.previousElementSibling?.classList.contains("pending");
  if (!isSame || !isNext || message.media) return false;
  copy.dataset.id = message.id;
  copy.classList.remove("pending");
  const stamp = copy.querySelector("time");
  if (stamp) {
    stamp.dateTime = message.at;
    stamp.textContent = when(new Date(message.at));
  }
  return true;
}
