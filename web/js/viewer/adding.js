// A new node, asked for in a dialog: what it does, its title, and the node that it stands behind.

import { text } from "../texts.js";
import { byId, h } from "./dom.js";
import { CASTS, FUNCTIONS, labelled, timeOf, UNITS } from "./editor.js";
import { nodesOf } from "./graph.js";
import { idIn, KINDS, leadsOn, nextOf, nodeOf, sameCall } from "./nodes.js";
import { kindWords, titleOf } from "./words.js";

/** What a pause and a limit begin with, in minutes. */
const MINUTES = "10";

/** `desk`: {document, chosen, steps, processes by alias, add(after, wish)}. */
export function askNode(desk) {
  const dialog = byId("ask");
  const opener = document.activeElement?.id;
  const form = new Form(desk);
  let wished = null;
  dialog.replaceChildren(
    h(
      "form",
      {
        class: "adding",
        onsubmit: (event) => {
          event.preventDefault();
          wished = form.wish();
          dialog.close();
        },
      },
      h("h2", { id: "ask-title" }, text("add_node")),
      form.fields(),
      h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, text("cancel")), h("button", { type: "submit", class: "main" }, text("add"))),
    ),
  );
  // The opener may have been drawn anew meanwhile.
  dialog.addEventListener("close", () => (wished ? desk.add(wished.after, wished.wish) : byId(opener)?.focus()), { once: true });
  dialog.showModal();
}

/** The fields, and what is read from them. */
class Form {
  #desk;
  #controls = {};
  #own = h("div", { class: "own" });
  #id = h("code", {});
  #note = h("p", { class: "note", "aria-live": "polite", hidden: true });

  constructor(desk) {
    this.#desk = desk;
  }

  fields() {
    const { document, steps, processes, chosen } = this.#desk;
    const possible = { step: steps.length > 0, call: Object.keys(processes).length > 0 };
    const before = nodesOf(document).filter(leadsOn);
    const first = before.find((node) => String(node.id) === chosen) ?? before.find((node) => node.obj_type === 1) ?? before[0];
    const all = [
      this.#choice("kind", text("node_kind"), KINDS.filter((kind) => possible[kind] !== false), kindWords, () => this.#show()),
      this.#input("title", text("title"), { required: true, maxlength: 240, pattern: ".*\\S.*", oninput: () => this.#named() }),
      h("p", { class: "node-id" }, text("node_id"), " ", this.#id),
      this.#choice("after", text("after_node"), before.map((node) => String(node.id)), (id) => this.#nameOf(id), () => this.#show(), String(first?.id ?? "")),
      this.#own,
      this.#note,
    ];
    this.#named();
    this.#show();
    return all;
  }

  wish() {
    const { kind, after, title, ...own } = Object.fromEntries(Object.entries(this.#controls).map(([name, control]) => [name, control.value]));
    const wish = { kind, title: title.trim(), ...own };
    if (own.process) wish.processTitle = this.#desk.processes[own.process].title || own.process;
    if (own.time) wish.limit = { value: timeOf(own.time), unit: own.unit };
    wish.like = this.#pattern()?.logic;
    return { after, wish };
  }

  #input(name, label, attributes = {}) {
    this.#controls[name] = h("input", { id: `new-${name}`, ...attributes });
    return labelled(label, this.#controls[name]);
  }

  #choice(name, label, values, say, changed = () => {}, chosen = values[0]) {
    this.#controls[name] = h("select", { id: `new-${name}`, onchange: changed }, values.map((value) => h("option", { value, selected: value === chosen }, say(value))));
    return labelled(label, this.#controls[name]);
  }

  /** A title, with the id where another node has the same title. */
  #nameOf(id) {
    if (id === "") return text("no_target");
    const { document } = this.#desk;
    const title = titleOf(nodeOf(document, id));
    return nodesOf(document).filter((node) => titleOf(node) === title).length > 1 ? `${title} (${id})` : title;
  }

  #named() {
    this.#id.textContent = idIn(this.#desk.document, this.#controls.title.value);
  }

  /** The fields that only this kind of node has. */
  #show() {
    const { kind, after, title } = this.#controls;
    this.#controls = { kind, after, title };
    this.#own.replaceChildren(...this.#fieldsOf(kind.value));
    for (const name of ["step", "process"]) if (this.#controls[name]) this.#controls[name].onchange = () => this.#tell();
    this.#tell();
  }

  #fieldsOf(kind) {
    const { document, steps, processes } = this.#desk;
    const next = nextOf(nodeOf(document, this.#controls.after.value)) ?? "";
    const targets = nodesOf(document).filter((node) => node.obj_type !== 1).map((node) => String(node.id));
    const target = (label) => this.#choice("to", label, targets.includes(next) ? targets : [next, ...targets], (id) => this.#nameOf(id), () => {}, next);
    const param = () => this.#input("param", text("parameter"), { required: true, spellcheck: "false", autocapitalize: "none" });
    const value = () => this.#input("value", text("value"));
    const time = (label, attributes) => h("div", { class: "condition" }, this.#input("time", label, attributes), this.#choice("unit", text("unit"), UNITS, (one) => text(`unit_name_${one}`), () => {}, "min"));
    switch (kind) {
      case "step":
        return [this.#choice("step", text("called_step"), steps, (one) => one)];
      case "call":
        return [this.#choice("process", text("called_process"), Object.keys(processes).sort(), (one) => one)];
      case "choice":
        return [
          h("div", { class: "condition" }, param(), this.#choice("fun", text("comparison_field"), FUNCTIONS, (one) => text(`fun_${one}`)), value(), this.#choice("cast", text("compared_as"), CASTS, (one) => one)),
          target(text("leads_to_then")),
        ];
      case "set":
        return [h("div", { class: "condition" }, param(), value())];
      case "wait":
        return [time(text("time_limit")), target(text("leads_to_late"))];
      case "delay":
        return [time(text("time"), { required: true, value: MINUTES })];
      default:
        return [];
    }
  }

  #pattern() {
    const { kind, step, process } = this.#controls;
    if (!step && !process) return null;
    return sameCall([this.#desk.document, ...Object.values(this.#desk.processes)], { kind: kind.value, step: step?.value, process: process?.value });
  }

  /** What is not to be seen in the fields: whose parameters a call takes over, or that a way ends here. */
  #tell() {
    const { kind, after } = this.#controls;
    const next = nextOf(nodeOf(this.#desk.document, after.value));
    const pattern = this.#pattern();
    const cut = next && ["end", "failure"].includes(kind.value);
    this.#note.textContent = pattern ? text("like_call", { title: pattern.title }) : cut ? text("end_cuts", { title: this.#nameOf(next) }) : "";
    this.#note.hidden = this.#note.textContent === "";
  }
}
