// The chat page: shows a conversation and sends what the citizen writes, presses, attaches and votes.

import { buttonsNode, element, messageNode, ratingNode } from "./message.js";
import { Refusal, Session } from "./session.js";
import { language, languageSwitch, preferred, speak, text, when } from "./texts.js";

const FILE_BYTES_MAX = 20 * 1024 * 1024;
const WAIT_MINUTES_MAX = 90;
const ORGANISATION = /^[a-z][a-z0-9-]{1,31}$/;

const log = document.getElementById("log");
const field = document.getElementById("text");
const chosenFile = document.getElementById("file");
const below = document.getElementById("below");
const again = document.getElementById("again");
const org = new URLSearchParams(location.search).get("org") ?? "";
const session = ORGANISATION.test(org) ? new Session(org, hear) : null;

let names = {};
let standing = null;
let lastOffer = null;

const note = (id, words) => {
  const place = document.getElementById(id);
  place.textContent = words ?? "";
  place.hidden = !words;
};

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

function toEnd() {
  log.scrollTo({ top: log.scrollHeight });
  below.hidden = true;
}

function put(node, own) {
  const follow = own || atEnd();
  log.append(node);
  if (!follow) {
    below.hidden = false;
    return;
  }
  toEnd();
  // A picture takes its room only when it is there.
  node.querySelector("img")?.addEventListener("load", toEnd, { once: true });
}

/** A message that came: in place of our own copy of it, if there is one. */
function add(message) {
  if (log.querySelector(`[data-id="${CSS.escape(message.id)}"]`)) return;
  const node = messageNode(message);
  const copy = message.client_id && log.querySelector(`.pending[data-client="${CSS.escape(message.client_id)}"]`);
  if (copy) copy.replaceWith(node);
  else put(node, message.from === "citizen");
  if (message.from === "citizen" || message.buttons.length > 0) offer(message.buttons);
}

/** Only the newest buttons can be pressed, until the citizen says something: older ones belong to what is past. */
function offer(buttons) {
  lastOffer?.remove();
  lastOffer = null;
  if (buttons.length === 0) return;
  const votes = buttons.every((button) => /^vote:[1-5]$/.test(button.id));
  lastOffer = element("li", { class: "offer" }, votes ? ratingNode(rate) : buttonsNode(buttons, press));
  put(lastOffer, false);
}

function hear(page) {
  if (page === null) {
    note("banner", text("offline"));
    return;
  }
  for (const message of page.messages) add(message);
  log.removeAttribute("aria-busy");
  standing = page;
  showStanding();
}

/** A short wait in minutes, a long one (outside working hours) by the clock. */
function place({ position, estimate_s: seconds }) {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes <= WAIT_MINUTES_MAX) return text("queue", { position, minutes });
  return text("queue_until", { position, time: when(new Date(Date.now() + seconds * 1000)) });
}

function showStanding() {
  if (!standing) return;
  const { status, queue } = standing;
  document.getElementById("status").textContent = text(`status_${status}`);
  document.body.dataset.status = status;
  note("banner", queue ? place(queue) : null);
  again.hidden = status !== "closed";
  if (status === "closed" && lastOffer?.querySelector(".rating")) offer([]);
}

const newId = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("-");

/** Shows what is on its way; a failed one can be sent again under the same id, so it never counts twice. */
async function send(what, shown) {
  const clientId = newId();
  const copy = shown && messageNode({ id: clientId, from: "citizen", at: new Date().toISOString(), client_id: clientId, text: shown });
  if (copy) {
    copy.classList.add("pending");
    copy.querySelector("time").textContent = text("sending");
    put(copy, true);
  }
  offer([]);
  await trySend(clientId, what, copy);
}

async function trySend(clientId, what, copy) {
  note("error", null);
  try {
    await session.send(clientId, what);
    if (copy?.isConnected) copy.querySelector("time").textContent = "";
  } catch (failure) {
    note("error", explained(failure));
    if (!copy?.isConnected) return;
    const retry = element("button", { type: "button", class: "retry" }, text("retry"));
    retry.addEventListener("click", () => {
      copy.querySelector("time").textContent = text("sending");
      trySend(clientId, what, copy);
    });
    copy.querySelector("time").replaceChildren(`${text("not_sent")} · `, retry);
  }
}

function explained(failure) {
  if (!(failure instanceof Refusal)) return text("offline");
  if (failure.status === 429) return text("too_fast", { seconds: failure.retryAfter ?? 5 });
  if (failure.status === 413) return text("file_too_large");
  if (failure.status === 415) return text("file_refused");
  return failure.message;
}

function press(button) {
  send({ click: button.id }, button.label);
  field.focus({ preventScroll: true });
}

function rate(score, comment) {
  offer([]);
  put(element("li", { class: "message system" }, element("div", { class: "bubble" }, text("rated", { score }))), true);
  trySend(newId(), comment ? { vote: score, comment } : { vote: score }, null);
}

async function attach(file) {
  if (file.size > FILE_BYTES_MAX) {
    note("error", text("file_too_large"));
    return;
  }
  note("error", null);
  note("banner", text("uploading", { name: file.name }));
  try {
    const media = await session.upload(file);
    await send({ media }, null);
  } catch (failure) {
    note("error", failure instanceof Refusal ? explained(failure) : text("file_failed"));
  } finally {
    showStanding();
  }
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
}

function submit() {
  const words = field.value.trim();
  if (!words) return;
  field.value = "";
  grow();
  send({ text: words }, words);
}

function named() {
  const name = names[language()] ?? Object.values(names)[0] ?? org;
  document.getElementById("name").textContent = name;
  document.title = text("chat_title", { name });
}

async function learnName() {
  try {
    const { organisations } = await (await fetch("/organisations.json")).json();
    names = organisations.find((one) => one.id === org)?.name ?? {};
  } catch {
    names = {};
  }
  named();
}

async function changeLanguage(id) {
  if (!session) {
    lost();
    return;
  }
  named();
  showStanding();
  await session.speak(id).catch(() => {});
  // Only the robot can go on in another language; an operator has been told which one the citizen began in.
  if (standing?.status === "open") send({ click: `lang:${id}` }, null);
}

function listen() {
  document.getElementById("form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", grow);
  field.addEventListener("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    attach(file);
  });
  document.getElementById("attach").addEventListener("click", () => chosenFile.click());
  chosenFile.addEventListener("change", () => {
    if (chosenFile.files[0]) attach(chosenFile.files[0]);
    chosenFile.value = "";
  });
  below.addEventListener("click", toEnd);
  log.addEventListener("scroll", () => {
    if (atEnd()) below.hidden = true;
  });
  again.addEventListener("click", () => send({ click: "menu" }, null));
}

async function open() {
  try {
    await session.open(language());
    toEnd();
    field.focus({ preventScroll: true });
  } catch (failure) {
    if (failure instanceof Refusal && failure.status === 404) {
      lost();
      return;
    }
    note("error", explained(failure));
    setTimeout(open, 5000);
  }
}

function lost() {
  document.getElementById("form").hidden = true;
  document.getElementById("status").textContent = "";
  document.getElementById("name").textContent = text("brand");
  note("error", text("no_organisation"));
}

async function start() {
  languageSwitch(changeLanguage);
  await speak(preferred());
  if (!session) {
    lost();
    return;
  }
  document.getElementById("status").textContent = text("status_connecting");
  listen();
  learnName();
  await open();
}

start();
