// The page of processes: the door, the organisation, the three panes, and what the stage shows.

import { language, languageSwitch, preferred, recall, remember, speak, text } from "../texts.js";
import { me, organisations, processesOf, resume, signOut, whenSignedOut } from "./api.js";
import { dialoguesPane } from "./dialogues.js";
import { openDoor } from "./door.js";
import { byId, h, toast } from "./dom.js";
import { Rehearsal } from "./rehearsal.js";
import { Stage } from "./stage.js";
import { versionsPane } from "./versions.js";

const ORG = "vikno.processes.org";
const TABS = ["processes", "versions", "dialogues", "rehearsal"];

let person = null;
let all = [];
let stage = null;
let rehearsal = null;
let tab = "processes";

const may = (org, permission) => ["*", org].some((scope) => person.permissions[scope]?.includes(permission));

function door() {
  byId("desk").hidden = true;
  byId("sign-out").hidden = true;
  document.querySelector(".org").hidden = true;
  stage?.leave();
  stage = null;
  openDoor(enter);
}

async function enter() {
  person = await me();
  all = (await organisations()).filter((one) => may(one.id, "view_processes"));
  byId("door").hidden = true;
  byId("sign-out").hidden = false;
  if (all.length === 0) {
    toast(text("no_organisation"));
    await signOut();
    return door();
  }
  const [asked, alias, node] = decodeURIComponent(location.hash.slice(1)).split("/");
  const wished = [asked, recall(ORG)].find((id) => all.some((one) => one.id === id)) ?? all[0].id;
  document.querySelector(".org").hidden = false;
  names();
  byId("org").value = wished;
  byId("desk").hidden = false;
  try {
    await choose(wished, asked === wished ? alias : null, node);
  } catch (failure) {
    // What went wrong is told at the door, where one can try again.
    byId("desk").hidden = true;
    byId("door").hidden = false;
    throw failure;
  }
}

function names() {
  const chosen = byId("org").value;
  byId("org").replaceChildren(...all.map((one) => h("option", { value: one.id }, one.name[language()] ?? one.id)));
  if (chosen) byId("org").value = chosen;
}

async function choose(org, alias = null, node = null) {
  stage?.leave();
  remember(ORG, org);
  stage = new Stage(org, processesOf(org), { mayEdit: may(org, "edit_processes"), changed: () => (processesPane(), undefined), forked });
  await stage.load();
  rehearsal = new Rehearsal({
    api: stage.api,
    languages: all.find((one) => one.id === org).languages,
    steps: stage.steps,
    unsaved: () => stage.unsaved,
    passed: (path) => stage.passed(path),
    open: (process, node) => stage.open(process, node).then(toStage),
  });
  await pane(tab);
  await stage.open(alias && stage.aliases.includes(alias) ? alias : (stage.aliases.find((one) => one === "project") ?? stage.aliases[0]), node);
}

/** A real dialogue goes on in a rehearsal. */
async function forked(id) {
  try {
    rehearsal.fork(await stage.api.fork(id), id);
    await stage.back();
    await pane("rehearsal");
    byId("tab-rehearsal").focus();
  } catch (failure) {
    toast(failure.status ? failure.message : text("unreachable"));
  }
}

/** On a phone the stage lies below the panes. */
function toStage() {
  if (matchMedia("(max-width: 900px)").matches) byId("stage").scrollIntoView({ block: "start" });
}

function processesPane() {
  const place = byId("pane-processes");
  // Who goes through the list by keyboard stays where they are when it is drawn anew.
  const held = place.contains(document.activeElement) ? document.activeElement.dataset.alias : null;
  const list = stage.aliases.map((alias) => {
    const state = stage.stateOf(alias);
    return h(
      "li",
      {},
      h("button", { type: "button", class: "row-button", "data-alias": alias, "aria-current": alias === stage.alias ? "true" : null, onclick: () => stage.open(alias).then(toStage) }, h("span", {}, alias), state ? h("span", { class: `tag ${state}` }, text(`state_${state}`)) : null),
    );
  });
  place.replaceChildren(
    ...[
      stage.title ? h("div", { class: "box" }, h("p", {}, stage.title), h("button", { type: "button", class: "quiet", onclick: () => stage.back() }, text("back_to_newest"))) : null,
      h("ul", { class: "aliases" }, list),
    ].filter(Boolean),
  );
  if (held) place.querySelector(`[data-alias="${CSS.escape(held)}"]`)?.focus();
}

async function pane(name) {
  tab = name;
  for (const one of TABS) {
    const own = one === name;
    byId(`tab-${one}`).setAttribute("aria-selected", String(own));
    byId(`tab-${one}`).tabIndex = own ? 0 : -1;
    byId(`pane-${one}`).hidden = !own;
  }
  const place = byId(`pane-${name}`);
  try {
    if (name === "processes") processesPane();
    if (name === "versions") place.replaceChildren(...(await versionsPane(versionsDesk())).filter(Boolean));
    if (name === "rehearsal") await rehearsal.show(place);
    else stage.passed([]);
    if (name === "dialogues") place.replaceChildren(...(await dialoguesPane({ api: stage.api, mayEdit: stage.mayEdit, play: (id) => stage.play(id).then(toStage), refresh: () => pane("dialogues") })));
  } catch (failure) {
    place.replaceChildren(h("p", { class: "error", role: "alert" }, failure.message));
  }
}

function versionsDesk() {
  const then = (act) => async (...given) => {
    try {
      await act(...given);
      processesPane();
      toStage();
    } catch (failure) {
      toast(failure.status ? failure.message : text("unreachable"));
    }
  };
  return {
    api: stage.api,
    mayEdit: stage.mayEdit,
    me: person,
    open: then((alias) => stage.open(alias)),
    show: then((id) => stage.show(id)),
    compare: then((from, to) => stage.compare(from, to)),
    compareProposal: then((id) => stage.compareProposal(id)),
    refresh: async () => {
      await stage.load();
      await stage.back();
      await pane("versions");
    },
  };
}

function tabsByKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
  pane(next);
  byId(`tab-${next}`).focus();
}

async function start() {
  languageSwitch(async () => {
    document.title = text("page_title");
    if (!stage) return;
    names();
    await pane(tab);
    stage.redraw();
  });
  await speak(preferred());
  document.title = text("page_title");
  whenSignedOut(() => {
    toast(text("signed_out"));
    door();
  });
  byId("sign-out").addEventListener("click", async () => {
    stage?.leave();
    await signOut();
    door();
  });
  addEventListener("unhandledrejection", ({ reason }) => toast(reason?.status ? reason.message : text("unreachable")));
  addEventListener("beforeunload", (event) => stage?.hasUnsaved && event.preventDefault());
  byId("org").addEventListener("change", (event) => choose(event.target.value));
  for (const one of TABS) byId(`tab-${one}`).addEventListener("click", () => pane(one));
  document.querySelector(".tabs").addEventListener("keydown", tabsByKey);
  addEventListener("keydown", (event) => stage?.key(event));
  if (!(await resume())) return door();
  return enter().catch((failure) => {
    door();
    toast(failure.status ? failure.message : text("unreachable"));
  });
}

start();
