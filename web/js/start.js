// The start page: the organisations with live counts.

import { clockTime, language, languageSwitch, preferred, speak, text, when } from "./texts.js";

const REFRESH_MS = 5000;
const COUNTS = ["open", "waiting", "with_operator"];

const list = document.getElementById("organisations");
const fresh = document.getElementById("fresh");
let shown = null;

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const nameOf = (organisation) => organisation.name[language()] ?? Object.values(organisation.name)[0] ?? organisation.id;

function hours(organisation) {
  if (organisation.open_now) {
    return organisation.closes_at ? text("open_until", { time: when(new Date(organisation.closes_at)) }) : text("open_now");
  }
  return organisation.opens_at ? text("closed_until", { time: when(new Date(organisation.opens_at)) }) : text("closed_now");
}

function count(label, value) {
  return element("div", {}, element("dd", {}, String(value)), element("dt", {}, label));
}

function card(organisation) {
  const name = nameOf(organisation);
  const chat = `/${encodeURIComponent(organisation.id)}/`;
  const counts = element("dl", { class: "counts" });
  for (const id of COUNTS) counts.append(count(text(`count_${id}`), organisation.counts[id]));
  counts.append(count(text("count_today"), organisation.counts.messages_today));
  const pane = element("span", { class: organisation.open_now ? "pane lit" : "pane", "aria-hidden": "true" });
  return element(
    "li",
    {},
    pane,
    element("div", { class: "about" }, element("h3", {}, element("a", { href: chat }, name)), element("p", { class: "hours" }, hours(organisation)), element("p", { class: "try", "aria-hidden": "true" }, text("try_chat"))),
    counts,
  );
}

function show() {
  if (!shown) return;
  const focused = document.activeElement?.getAttribute?.("href");
  list.replaceChildren(...shown.organisations.map(card));
  list.removeAttribute("aria-busy");
  fresh.textContent = text("updated", { time: clockTime(new Date(shown.at)) });
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

async function refresh() {
  try {
    const answer = await fetch("/organisations.json");
    if (!answer.ok) throw new Error(String(answer.status));
    shown = await answer.json();
    show();
  } catch {
    fresh.textContent = text("unreachable");
  }
}

async function start() {
  languageSwitch(show);
  await speak(preferred());
  await refresh();
  setInterval(() => document.hidden || refresh(), REFRESH_MS);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}

start();
