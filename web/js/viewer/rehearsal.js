// A rehearsal: the author plays the citizen, and the consultant, against the drafts. The acts are kept here; each time the
// server plays all of them from the beginning and keeps nothing.

import { text } from "../texts.js";
import { h } from "./dom.js";

const CHANNELS = ["web", "telegram", "viber"];
const FAILURES = ["timeout", "unreachable", "retryable", "terminal"];
const WAITS = ["next timer", "10 minutes", "1 hour", "1 day", "working hours", "closed hours"];

/** A text of JSON is a text of TOML as well. */
const quoted = (value) => (typeof value === "string" ? JSON.stringify(value) : String(value));

function lines(act, before = "") {
  return Object.entries(act).flatMap(([name, value]) => {
    if (Array.isArray(value)) return `${before}${name} = [${value.map(quoted).join(", ")}]`;
    return typeof value === "object" ? lines(value, `${before}${name}.`) : `${before}${name} = ${quoted(value)}`;
  });
}

/** The acts as a scenario, as it could lie among the organisation's. */
export function scenarioOf(acts, { channel, language, starts = null }) {
  const head = [`title = ${quoted(text("rehearsal"))}`, `channels = [${quoted(channel)}]`, `languages = [${quoted(language)}]`, ...(starts ? [`starts = ${quoted(starts)}`] : [])];
  return [...head, ...acts.flatMap((act) => ["", "[[step]]", ...lines(act)]), ""].join("\n");
}

export class Rehearsal {
  #desk;
  #place = null;
  #acts = [{ opens: true }];
  #steps = [];
  #problem = null;
  #channel = "web";
  #language;
  #starts = null;
  #forked = null;
  #speaker = "citizen";
  #failing = { step: "", how: "timeout" };
  #playing = 0;

  /** `desk` has `api`, `languages`, `steps`, `unsaved()`, `passed(path)` and `open(process, node)`. */
  constructor(desk) {
    this.#desk = desk;
    this.#language = desk.languages[0];
  }

  get #told() {
    return { channel: this.#channel, language: this.#language, starts: this.#starts };
  }

  /** Goes on from where a real dialogue stands, with people taken out of it. */
  fork({ acts, channel, language, starts }, id) {
    this.#acts = acts;
    this.#channel = channel;
    this.#language = language;
    this.#starts = starts;
    this.#forked = id;
    this.#steps = [];
  }

  /** Shows itself in a place, and plays what there is: the drafts may have changed. */
  show(place) {
    this.#place = place;
    this.#draw();
    return this.#play();
  }

  #act(act) {
    const { step, how } = this.#failing;
    this.#acts.push(step ? { ...act, failing: { [step]: how } } : act);
    return this.#play();
  }

  async #play() {
    const number = (this.#playing += 1);
    const { api, unsaved, passed } = this.#desk;
    const told = this.#told;
    let problem = null;
    let steps = this.#steps;
    try {
      steps = (await api.rehearse({ channel: this.#channel, language: this.#language, scenario: scenarioOf(this.#acts, told), processes: unsaved() })).steps;
    } catch (failure) {
      problem = failure.status ? failure.message : text("unreachable");
    }
    // Somebody was faster than the answer.
    if (number !== this.#playing) return;
    this.#steps = steps;
    this.#problem = problem;
    passed(problem ? [] : (steps.at(-1)?.path ?? []));
    this.#draw();
  }

  #draw() {
    const words = this.#place.querySelector("#rehearsal-words");
    const typed = words?.value ?? "";
    const hadFocus = document.activeElement?.id;
    const last = this.#steps.at(-1);
    this.#place.replaceChildren(
      this.#settings(),
      this.#forked ? h("p", { class: "note" }, text("forked_from", { id: this.#forked })) : "",
      h("ol", { class: "rehearsal", role: "log", tabindex: "0", "aria-label": text("rehearsal") }, this.#acts.map((act, at) => this.#step(act, this.#steps[at]))),
      h("p", { class: "state", role: "status", "data-status": last?.status }, last ? [text(`status_${last.status}`), last.queue ? `, ${last.queue}` : ""] : ""),
      this.#problem ? h("p", { class: "error", role: "alert" }, this.#problem) : "",
      this.#form(),
      this.#more(),
    );
    this.#place.querySelector("#rehearsal-words").value = typed;
    if (hadFocus && this.#place.querySelector(`#${CSS.escape(hadFocus)}`)) document.getElementById(hadFocus).focus();
    const log = this.#place.querySelector(".rehearsal");
    log.scrollTop = log.scrollHeight;
  }

  #choice(id, label, values, value, set, name = (one) => one) {
    const options = values.map((one) => h("option", { value: one, selected: one === value }, name(one)));
    return h("div", { class: "field" }, h("label", { for: id }, label), h("select", { id, onchange: (event) => set(event.target.value) }, options));
  }

  #settings() {
    const again = (set) => (value) => {
      set(value);
      this.#begin();
    };
    return h(
      "div",
      { class: "rehearsal-settings" },
      this.#choice("rehearsal-channel", text("channel"), CHANNELS, this.#channel, again((value) => (this.#channel = value))),
      this.#choice("rehearsal-language", text("language_choice"), this.#desk.languages, this.#language, again((value) => (this.#language = value))),
    );
  }

  #begin() {
    this.#acts = [{ opens: true }];
    this.#steps = [];
    this.#starts = null;
    this.#forked = null;
    return this.#play();
  }

  #step(act, shown) {
    const own = ownWords(act);
    const buttons = (said) => (said.buttons.length ? h("div", { class: "buttons" }, said.buttons.map((button) => h("button", { type: "button", class: "button", onclick: () => this.#act({ presses_id: button.id }) }, button.label))) : null);
    const said = (one) => [h("div", { class: `message ${one.from}` }, h("div", { class: "bubble" }, h("p", { class: "words" }, one.text ?? "", one.media ? ` 📎 ${text("file")}` : ""))), buttons(one)];
    const failed = Object.keys(act.failing ?? {}).map((step) => h("p", { class: "note" }, text("fails_now", { step })));
    return h(
      "li",
      {},
      h("div", { class: `message ${own.from}` }, h("div", { class: "bubble" }, h("p", { class: "words" }, own.words))),
      failed,
      shown?.problem ? h("p", { class: "error" }, shown.problem) : null,
      (shown?.notes ?? []).map((note) => h("p", { class: "note" }, text("rehearsal_note", { note }))),
      (shown?.said ?? []).map(said),
      shown?.path.length ? this.#way(shown) : null,
    );
  }

  #way({ path, journal }) {
    const data = (changed) => (changed ? h("details", { class: "node-data" }, h("summary", {}, text("data_changed", { names: Object.keys(changed).join(", ") })), h("pre", { tabindex: "0" }, JSON.stringify(changed, null, 2))) : null);
    const link = ({ process, node, changed }) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => this.#desk.open(process, node) }, `${process} · ${node}`), data(changed));
    const told = journal.map((line) => h("li", {}, line.what.replaceAll("_", " ")));
    return h("details", { class: "rehearsal-way" }, h("summary", {}, text("rehearsal_way", { n: path.length })), h("ol", {}, path.map(link)), h("p", {}, text("journal")), h("ul", {}, told));
  }

  #form() {
    const speakers = ["citizen", "operator"];
    const say = (event) => {
      event.preventDefault();
      const words = event.target.querySelector("#rehearsal-words");
      const said = words.value.trim();
      if (!said) return;
      words.value = "";
      this.#act(this.#speaker === "citizen" ? { says: said } : { operator: text("rehearsal_operator"), answers: said });
    };
    return h(
      "form",
      { class: "rehearsal-form", onsubmit: say },
      this.#choice("rehearsal-speaker", text("who_writes"), speakers, this.#speaker, (value) => (this.#speaker = value), (one) => text(`from_${one}`)),
      h("label", { class: "hidden", for: "rehearsal-words" }, text("rehearsal_words")),
      h("input", { id: "rehearsal-words", autocomplete: "off", maxlength: 4096, placeholder: text("rehearsal_words") }),
      h("button", { type: "submit", class: "main", id: "rehearsal-say" }, text("say")),
    );
  }

  #more() {
    const operator = text("rehearsal_operator");
    const button = (id, label, act) => h("button", { type: "button", class: "quiet", id, onclick: act }, text(label));
    const waits = h("select", { id: "rehearsal-wait", onchange: (event) => event.target.value && this.#act({ wait: event.target.value }) }, h("option", { value: "" }, text("time_passes")), WAITS.map((one) => h("option", { value: one }, text(`wait_${one.replaceAll(" ", "_")}`))));
    const failing = this.#choice("rehearsal-failing", text("step_fails"), ["", ...this.#desk.steps], this.#failing.step, (value) => (this.#failing.step = value), (one) => one || text("none_fails"));
    const how = this.#choice("rehearsal-how", text("how_it_fails"), FAILURES, this.#failing.how, (value) => (this.#failing.how = value), (one) => text(`failure_${one}`));
    const told = this.#told;
    const written = h("textarea", { id: "rehearsal-scenario", rows: 8, readonly: true, class: "json" });
    written.value = scenarioOf(this.#acts, told);
    return h(
      "div",
      { class: "rehearsal-more" },
      h("label", { class: "hidden", for: "rehearsal-wait" }, text("time_passes")),
      waits,
      button("rehearsal-take", "operator_takes", () => this.#act({ operator, takes: true })),
      button("rehearsal-close", "operator_closes", () => this.#act({ operator, closes: true })),
      button("rehearsal-undo", "step_undo", () => {
        if (this.#acts.length > 1) this.#acts.pop();
        return this.#play();
      }),
      button("rehearsal-again", "begin_anew", () => this.#begin()),
      h("details", {}, h("summary", {}, text("failures")), failing, how),
      h("details", {}, h("summary", {}, text("as_scenario")), h("label", { for: "rehearsal-scenario" }, text("as_scenario_label")), written),
    );
  }
}

/** What was done, as a message of whoever did it. */
function ownWords(act) {
  if (act.says) return { from: "citizen", words: act.says };
  if (act.presses_id) return { from: "citizen", words: text("pressed", { button: act.presses_id }) };
  if (act.answers) return { from: "operator", words: act.answers };
  if (act.wait) return { from: "system", words: text(`wait_${act.wait.replaceAll(" ", "_")}`) };
  if (act.takes) return { from: "system", words: text("operator_took") };
  if (act.closes) return { from: "system", words: text("operator_closed") };
  if (act.opens) return { from: "system", words: text("chat_opened") };
  // What a real dialogue may hold beside: a file, a place, a number, a vote, a note, a move.
  const [name, value] = Object.entries(act).find(([one]) => ["sends", "shares_phone", "shares_place", "votes", "notes", "moves_to_queue", "moves_to"].includes(one)) ?? ["", ""];
  return { from: act.operator ? "operator" : "citizen", words: text(`did_${name || "nothing"}`, { value: String(value) }) };
}
