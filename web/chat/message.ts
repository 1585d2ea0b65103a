// One message as a list item. Everything that people wrote is put in as text, never as markup.

import type { Button, Media, Message } from "./api.ts";
import { text, when } from "./texts.ts";

const ADDRESS = /https:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

type Attributes = Record<string, string | number | undefined>;

export function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

function link(href: string, label: string, className?: string): HTMLElement {
  const outside = new URL(href, location.href).origin !== location.origin;
  const hint = outside ? element("span", { class: "hidden" }, ` (${text("opens_new_window")})`) : "";
  return element("a", { href, class: className, target: "_blank", rel: "noopener noreferrer" }, label, hint);
}

function words(content: string): HTMLElement {
  const paragraph = element("p", { class: "words" });
  let from = 0;
  for (const found of content.matchAll(ADDRESS)) {
    paragraph.append(content.slice(from, found.index), link(found[0], found[0]));
    from = found.index + found[0].length;
  }
  paragraph.append(content.slice(from));
  return paragraph;
}

function size(bytes: number): string {
  const megabytes = bytes / 1024 / 1024;
  return megabytes >= 1 ? `${megabytes.toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

function media({ url, type, name, size: bytes }: Media): HTMLElement {
  if (!url) return element("p", { class: "file" }, `${name} · ${text("file_not_ready")}`);
  if (type.startsWith("image/")) {
    const picture = element("img", { src: url, alt: name });
    return element("a", { href: url, class: "picture", target: "_blank", rel: "noopener" }, picture);
  }
  if (type.startsWith("audio/")) {
    return element("audio", { src: url, controls: "", preload: "none", "aria-label": name });
  }
  return element("p", { class: "file" }, link(url, `${name} · ${size(bytes)}`));
}

/** The list item of a message; its id and the client's id are on the node. */
export function messageNode(message: Omit<Message, "buttons">): HTMLLIElement {
  const { id, from, at } = message;
  const author = message.name ?? text(`from_${from}`);
  const isOwnOrSystem = from === "citizen" || from === "system";
  const stamp = element("time", { datetime: at }, when(new Date(at)));
  const head = element("p", { class: "head" }, element("span", { class: isOwnOrSystem ? "hidden" : "author" }, author), " ", stamp);
  const bubble = element("div", { class: "bubble" });
  if (message.media) bubble.append(media(message.media));
  if (message.text) bubble.append(words(message.text));
  return element("li", { class: `message ${from}`, "data-id": id, "data-client": message.client_id }, bubble, head);
}

/** A line of the page itself between the messages. */
export function lineNode(content: string): HTMLLIElement {
  return element("li", { class: "message system" }, element("div", { class: "bubble" }, content));
}

/** The buttons below a message; `press` is called with the button. Votes are a form of their own. */
export function buttonsNode(buttons: Button[], press: (button: Button) => void): HTMLElement {
  const row = element("div", { class: "buttons" });
  for (const button of buttons) {
    if (button.url) {
      row.append(link(button.url, button.label, "button"));
      continue;
    }
    const node = element("button", { type: "button", class: "button" }, button.label);
    node.addEventListener("click", () => press(button));
    row.append(node);
  }
  return row;
}

/** The form for a rating with a comment. */
export function ratingNode(rate: (score: number, comment: string) => void): HTMLElement {
  const scale = element("div", { class: "scale" });
  for (let score = 1; score <= 5; score += 1) {
    const input = element("input", { type: "radio", name: "score", value: score, id: `score-${score}`, required: "" });
    const label = element("label", { for: `score-${score}` }, element("span", { "aria-hidden": "true" }, String(score)));
    label.append(element("span", { class: "hidden" }, text("rate_value", { score })));
    scale.append(input, label);
  }
  const comment = element("textarea", { rows: 2, maxlength: 1000, id: "comment", placeholder: text("rate_comment") });
  const form = element(
    "form",
    { class: "rating" },
    element("fieldset", {}, element("legend", {}, text("rate_title")), scale),
    element("label", { class: "hidden", for: "comment" }, text("rate_comment")),
    comment,
    element("button", { type: "submit", class: "button" }, text("rate_send")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    rate(Number(new FormData(form).get("score")), comment.value.trim());
  });
  return form;
}
