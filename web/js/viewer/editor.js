// Editing a node in place: its texts, buttons, parameters, timers, conditions and ways by fields, the rest as JSON. Nothing
// is saved here; each change gives a new node.

import { text } from "../texts.js";
import { h } from "./dom.js";
import { nodesOf } from "./graph.js";
import { titleOf } from "./words.js";

export const FUNCTIONS = ["eq", "not_eq", "more", "less", "more_or_eq", "less_or_eq", "regexp"];
export const CASTS = ["string", "number", "boolean"];
const TYPES = ["string", "number", "boolean", "object", "array"];
/** Where a logic keeps the parameters that it sets or passes on, and their types. */
const PARAMETERS = { set_param: ["extra", "extra_type"], api: ["extra", "extra_type"], api_rpc: ["extra", "extra_type"], api_copy: ["data", "data_type"] };
export const UNITS = ["sec", "min", "hour", "day"];

let counted = 0;

export function labelled(label, control) {
  control.id ||= `field-${(counted += 1)}`;
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control);
}

/** `changed` is called with the changed copy of the node. */
export function editor(process, node, changed) {
  // The same fields get the same ids when they are drawn anew, so that the focus can stay where it is.
  counted = 0;
  // A click may come before a change that it caused is drawn: the second change stands on the first.
  let newest = node;
  const edit = (change) => {
    newest = structuredClone(newest);
    change(newest);
    changed(newest);
  };
  const input = (value, set, attributes = {}) => h("input", { value: value ?? "", ...attributes, onchange: (event) => edit((copy) => set(copy, event.target.value)) });
  const choice = (values, value, set, name = (one) => one) =>
    h("select", { onchange: (event) => edit((copy) => set(copy, event.target.value)) }, values.map((one) => h("option", { value: one, selected: one === value }, name(one))));
  const targets = nodesOf(process).map((one) => String(one.id));
  const targetName = (id) => (id === "" ? text("no_target") : titleOf(nodesOf(process).find((one) => String(one.id) === id) ?? { id }));
  const target = (value, set) => {
    const known = targets.includes(String(value)) ? targets : [String(value ?? ""), ...targets];
    return choice(known, String(value ?? ""), set, targetName);
  };
  const tools = { edit, input, choice, target };
  return h(
    "form",
    { class: "editor", onsubmit: (event) => event.preventDefault() },
    labelled(text("title"), input(node.title, (copy, value) => (copy.title = value), { maxlength: 240 })),
    labelled(text("description"), h("textarea", { rows: 3, maxlength: 2000, onchange: (event) => edit((copy) => (copy.description = event.target.value)) }, node.description ?? "")),
    (node.condition?.logics ?? []).map((logic, index) => logicFields(logic, index, tools)),
    (node.condition?.semaphors ?? []).map((semaphor, index) => timerFields(semaphor, index, tools)),
    jsonField(node, changed),
  );
}

function logicFields(logic, index, tools) {
  const { choice, input, target } = tools;
  const own = (copy) => copy.condition.logics[index];
  const fields = [];
  (logic.conditions ?? []).forEach((condition, at) => {
    const part = (copy) => own(copy).conditions[at];
    fields.push(
      h(
        "div",
        { class: "condition" },
        labelled(text("parameter"), input(condition.param, (copy, value) => (part(copy).param = value))),
        labelled(text("comparison_field"), choice(FUNCTIONS, condition.fun, (copy, value) => (part(copy).fun = value), (one) => text(`fun_${one}`))),
        labelled(text("value"), input(condition.const, (copy, value) => (part(copy).const = value))),
        labelled(text("compared_as"), choice(CASTS, condition.cast ?? "string", (copy, value) => (part(copy).cast = value))),
      ),
    );
  });
  const reply = replyOf(logic);
  if (reply) fields.push(...replyFields(reply, index, tools));
  if (PARAMETERS[logic.type]) fields.push(parameterFields(logic, index, tools, reply ? ["reply"] : []));
  if (typeof logic.conv_id === "string") fields.push(labelled(text("called_process"), input(logic.conv_id, (copy, value) => (own(copy).conv_id = value))));
  if (logic.to_node_id !== undefined) fields.push(labelled(text("leads_to"), target(logic.to_node_id, (copy, value) => (own(copy).to_node_id = value))));
  if (logic.err_node_id !== undefined) fields.push(labelled(text("on_error"), target(logic.err_node_id, (copy, value) => (own(copy).err_node_id = value))));
  return fields.length ? h("fieldset", {}, h("legend", {}, text("work_number", { n: index + 1, type: logic.type })), fields) : null;
}

/** Parameters that are texts, with or without placeholders; what is nested stays to the JSON. */
function parameterFields(logic, index, { edit, input, choice }, shownElsewhere) {
  const [values, types] = PARAMETERS[logic.type];
  const own = (copy) => copy.condition.logics[index];
  const set = (copy, part, name, value) => (own(copy)[part] = { ...own(copy)[part], [name]: value });
  const names = Object.keys(logic[values] ?? {}).filter((name) => typeof logic[values][name] === "string" && !shownElsewhere.includes(name));
  const remove = (name) => edit((copy) => [values, types].forEach((part) => delete own(copy)[part]?.[name]));
  const typeOf = (name) => {
    const type = choice(TYPES, logic[types]?.[name] ?? "string", (copy, value) => set(copy, types, name, value));
    type.setAttribute("aria-label", `${text("parameter_type")}: ${name}`);
    return type;
  };
  const added = h("input", { spellcheck: "false", autocapitalize: "none" });
  const add = () => {
    const name = added.value.trim();
    if (name === "" || name in (logic[values] ?? {})) return added.focus();
    return edit((copy) => (set(copy, values, name, ""), set(copy, types, name, "string")));
  };
  return h(
    "fieldset",
    { class: "parameters" },
    h("legend", {}, text("parameters")),
    names.map((name, at) =>
      h(
        "div",
        { class: "button-row" },
        labelled(name, input(logic[values][name], (copy, value) => set(copy, values, name, value))),
        labelled(text("parameter_type"), typeOf(name)),
        h("button", { type: "button", class: "quiet", id: `remove-parameter-${index}-${at}`, "aria-label": text("remove_parameter", { name }), onclick: () => remove(name) }, "✕"),
      ),
    ),
    labelled(text("new_parameter"), added),
    h("button", { type: "button", class: "quiet", id: `add-parameter-${index}`, onclick: add }, text("add_parameter")),
  );
}

/** The reply that a call carries as JSON text, if it is one and holds no placeholder as a whole. */
function replyOf(logic) {
  try {
    const reply = JSON.parse(logic.extra?.reply ?? "");
    return typeof reply === "object" && reply !== null && !Array.isArray(reply) ? reply : null;
  } catch {
    return null;
  }
}

function replyFields(reply, index, { edit }) {
  const set = (change) => (event) =>
    edit((copy) => {
      const logic = copy.condition.logics[index];
      const changed = JSON.parse(logic.extra.reply);
      change(changed, event.target.value);
      logic.extra.reply = JSON.stringify(changed);
    });
  const field = (value, change) => h("input", { value: value ?? "", onchange: set(change) });
  const buttons = reply.buttons ?? [];
  return [
    labelled(text("text_id"), field(reply.text, (changed, value) => (changed.text = value))),
    h(
      "fieldset",
      { class: "buttons" },
      h("legend", {}, text("buttons")),
      buttons.map((button, at) =>
        h(
          "div",
          { class: "button-row" },
          labelled(text("button_id"), field(button.id, (changed, value) => (changed.buttons[at].id = value))),
          labelled(text("button_text"), field(button.text, (changed, value) => (changed.buttons[at].text = value))),
          h("button", { type: "button", class: "quiet", id: `remove-${index}-${at}`, "aria-label": text("remove_button", { id: button.id }), onclick: set((changed) => changed.buttons.splice(at, 1)) }, "✕"),
        ),
      ),
      h("button", { type: "button", class: "quiet", id: `add-${index}`, onclick: set((changed) => (changed.buttons = [...(changed.buttons ?? []), { id: "new", text: "button-new" }])) }, text("add_button")),
    ),
  ];
}

/** A time as it stands in a process: a number, or the name of a setting. */
export const timeOf = (written) => (/^\d+$/.test(written.trim()) ? Number(written) : written.trim());

function timerFields(semaphor, index, { choice, input, target }) {
  if (semaphor.type !== "time") return null;
  const own = (copy) => copy.condition.semaphors[index];
  return h(
    "fieldset",
    {},
    h("legend", {}, text("timer_number", { n: index + 1 })),
    h(
      "div",
      { class: "condition" },
      labelled(text("time"), input(semaphor.value, (copy, value) => (own(copy).value = timeOf(value)))),
      labelled(text("unit"), choice(UNITS, semaphor.dimension ?? "sec", (copy, value) => (own(copy).dimension = value), (one) => text(`unit_name_${one}`))),
    ),
    labelled(text("leads_to"), target(semaphor.to_node_id, (copy, value) => (own(copy).to_node_id = value))),
  );
}

function jsonField(node, changed) {
  const area = h("textarea", { rows: 14, spellcheck: "false", class: "json" });
  area.value = JSON.stringify(node, null, 2);
  const error = h("p", { class: "error", role: "alert", hidden: true });
  area.addEventListener("change", () => {
    try {
      const read = JSON.parse(area.value);
      if (typeof read?.id !== "string" || typeof read.condition !== "object") throw new Error(text("json_needs_id"));
      error.hidden = true;
      changed(read);
    } catch (cause) {
      error.textContent = text("json_broken", { cause: cause.message });
      error.hidden = false;
    }
  });
  return h("details", { class: "as-json" }, h("summary", {}, text("as_json")), labelled(text("as_json_label"), area), error);
}
