// The pane of dialogues: a live or past one is chosen, its way through the processes is played step by step.

import { clockTime, text, when } from "../texts.js";
import { askReason } from "./ask.js";
import { byId, h } from "./dom.js";
import { failuresBox } from "./failures.js";
import { nodesOf } from "./graph.js";
import { titleOf } from "./words.js";

const PACE_MS = 900;

/** `desk`: {api, mayEdit, play(dialogue), refresh()}. */
export async function dialoguesPane(desk) {
  const [{ conversations, cursor }, failures] = await Promise.all([desk.api.conversations(), failuresBox(desk)]);
  const id = h("input", { id: "dialogue-id", placeholder: "c_…", spellcheck: "false", autocapitalize: "none" });
  const list = h("ul", { class: "dialogues" }, conversations.map((one) => item(one, desk)));
  const more = h("button", { type: "button", class: "quiet", hidden: !cursor }, text("earlier"));
  let after = cursor;
  more.addEventListener("click", async () => {
    const page = await desk.api.conversations(after);
    list.append(...page.conversations.map((one) => item(one, desk)));
    after = page.cursor;
    more.hidden = !after;
  });
  return [
    failures,
    h(
      "form",
      { class: "by-id", onsubmit: (event) => (event.preventDefault(), id.value.trim() && desk.play(id.value.trim())) },
      h("label", { for: "dialogue-id" }, text("dialogue_id")),
      h("div", { class: "row" }, id, h("button", { type: "submit", class: "quiet" }, text("show"))),
    ),
    h("h2", {}, text("recent_dialogues")),
    conversations.length ? list : h("p", {}, text("no_dialogues")),
    more,
  ].filter(Boolean);
}

function item(one, desk) {
  return h(
    "li",
    {},
    h("button", { type: "button", class: "row-button", onclick: () => desk.play(one.id) },
      h("strong", {}, one.id),
      h("span", {}, text(`status_${one.status}`), ", ", one.channel, ", ", text("version", { version: one.version })),
      h("time", { datetime: one.last_at }, when(new Date(one.last_at)))),
  );
}

/** A dialogue with all pages of its journal. */
export async function readDialogue(api, id) {
  const dialogue = await api.conversation(id);
  let { cursor } = dialogue;
  while (cursor) {
    const page = await api.conversation(id, cursor);
    dialogue.journal.push(...page.journal);
    ({ cursor } = page);
  }
  return dialogue;
}

/** Steps of the way: {process, node, at, line, trail}; lines without a path are told where they happened. */
export function stepsOf(dialogue) {
  const steps = [];
  let before = [];
  for (const line of dialogue.journal) {
    if (!line.path) {
      before.push(line);
      continue;
    }
    for (const [index, passage] of line.path.entries()) {
      steps.push({ ...passage, at: line.at, told: index === 0 ? before : [], first: index === 0 });
    }
    before = [];
  }
  if (steps.length) steps.at(-1).after = before;
  return steps;
}

export class Player {
  #timer = null;
  #at = 0;

  /** `shown` is called with the index of the step to show. */
  constructor(dialogue, shown) {
    this.dialogue = dialogue;
    this.steps = stepsOf(dialogue);
    this.shown = shown;
    this.place = byId("player");
    this.#draw();
  }

  #draw() {
    const button = (label, act) => h("button", { type: "button", "aria-label": text(label), title: text(label), onclick: act }, { step_first: "|◀", step_back: "◀", step_on: "▶", step_last: "▶|" }[label]);
    this.slider = h("input", { type: "range", min: 0, max: Math.max(0, this.steps.length - 1), value: 0, "aria-label": text("step_slider"), oninput: (event) => this.go(Number(event.target.value)) });
    this.words = h("p", { class: "step-words", role: "status" });
    this.playing = h("button", { type: "button", class: "main", onclick: () => this.toggle() }, text("play"));
    this.place.replaceChildren(
      h("div", { class: "controls" }, button("step_first", () => this.go(0)), button("step_back", () => this.go(this.#at - 1)), this.playing, button("step_on", () => this.go(this.#at + 1)), button("step_last", () => this.go(this.steps.length - 1)), this.slider),
      this.words,
    );
    this.place.hidden = false;
  }

  toggle() {
    if (this.#timer) return this.stop();
    if (this.#at >= this.steps.length - 1) this.go(0);
    this.#timer = setInterval(() => (this.#at < this.steps.length - 1 ? this.go(this.#at + 1) : this.stop()), PACE_MS);
    this.playing.textContent = text("pause");
    return undefined;
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.playing.textContent = text("play");
  }

  go(index) {
    if (this.steps.length === 0) {
      this.words.textContent = text("no_steps");
      return;
    }
    this.#at = Math.max(0, Math.min(this.steps.length - 1, index));
    const step = this.steps[this.#at];
    this.slider.value = String(this.#at);
    this.slider.setAttribute("aria-valuetext", `${step.process}, ${step.node}`);
    this.words.textContent = text("step_words", { n: this.#at + 1, of: this.steps.length, time: clockTime(new Date(step.at)), process: step.process, node: step.node });
    this.shown(this.#at);
  }

  close() {
    this.stop();
    this.place.hidden = true;
    this.place.replaceChildren();
  }
}

/** Asks why, then has it done. `desk`: {act(act)}. */
function intervene(desk, title, act, danger = false) {
  return askReason({ title: text(title), lead: [h("p", {}, text(`${title}_lead`))], action: text(title), danger, act: (reason) => desk.act({ ...act, reason }) });
}

/** What an author may do with a task that waits. */
function taskActs(one, { processes, desk }) {
  const nodes = nodesOf(processes[one.process]);
  const place = h("select", { "aria-label": text("node_to_begin") }, nodes.map((node) => h("option", { value: String(node.id), selected: String(node.id) === one.node }, titleOf(node))));
  return h(
    "div",
    { class: "actions" },
    h("button", { type: "button", class: "quiet", onclick: () => intervene(desk, "move_on", { do: "move_on", task: one.id }) }, text("move_on")),
    place,
    h("button", { type: "button", class: "quiet", onclick: () => intervene(desk, "restart", { do: "restart", task: one.id, node: place.value }) }, text("restart")),
  );
}

/** The panel of a dialogue: how it stands, its live tasks, what was told around a step. `desk` is there for those who may
    intervene: {act(act)}; `fork` takes the dialogue into a rehearsal. */
export function dialoguePanel(dialogue, { open, processes, desk, fork }) {
  const task = (one) =>
    h(
      "li",
      {},
      h("button", { type: "button", class: "link", onclick: () => open(one.process, one.node) }, `${one.process} · ${one.node}`),
      h("p", {}, text(`waits_${one.waits_for}`, { of: one.of ?? "" }), one.wakes_at_ms ? `, ${text("until", { time: when(new Date(one.wakes_at_ms)) })}` : ""),
      h("details", {}, h("summary", {}, text("data")), h("pre", { tabindex: "0" }, JSON.stringify(one.data, null, 2))),
      desk && processes[one.process] ? taskActs(one, { processes, desk }) : null,
    );
  const line = (one) => h("li", {}, h("time", { datetime: one.at }, clockTime(new Date(one.at))), " ", one.what.replaceAll("_", " "), one.path ? null : h("code", {}, brief(one.data)));
  return [
    h("p", { class: "kind" }, text("dialogue")),
    h("h2", {}, dialogue.id),
    h("p", {}, text(`status_${dialogue.status}`), ", ", dialogue.channel, ", ", text("version", { version: dialogue.version })),
    dialogue.masked ? h("p", { class: "note" }, text("masked")) : null,
    dialogue.masked ? null : h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: fork }, text("fork"))),
    h("h3", {}, text("live_tasks")),
    dialogue.tasks.length ? h("ul", { class: "tasks" }, dialogue.tasks.map(task)) : h("p", {}, text("no_tasks")),
    desk && dialogue.tasks.length ? h("div", { class: "actions" }, h("button", { type: "button", class: "quiet danger", onclick: () => intervene(desk, "stop_dialogue", { do: "stop" }, true) }, text("stop_dialogue"))) : null,
    h("h3", {}, text("journal")),
    h("ol", { class: "journal", tabindex: "0", "aria-label": text("journal") }, dialogue.journal.filter((one) => !one.path).map(line)),
  ];
}

const brief = (data) => {
  const shown = Object.entries(data ?? {}).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return shown.length ? ` ${shown.join(", ")}` : "";
};
