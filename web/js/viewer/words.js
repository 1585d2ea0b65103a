// What a node does, in the reader's words.

import { text } from "../texts.js";

const SECONDS = { sec: 1, min: 60, hour: 3600, day: 86400 };

/** A value as it stands in a process: text with {{placeholders}} stays as it is. */
const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** The alias that a call names, or null. */
export function callee(logic) {
  const id = logic.conv_id;
  return typeof id === "string" && id.startsWith("@") ? id.slice(1) : null;
}

/** The step component of an outside call, or null. */
export function step(logic) {
  return /^http:\/\/([a-z0-9-]+)\.spin\.internal\/?$/.exec(logic.url ?? "")?.[1] ?? null;
}

export function condition({ param, fun, const: constant }) {
  const known = text(`fun_${fun}`);
  return text("condition", { param: param ?? "", fun: known === `fun_${fun}` ? fun : known, value: shown(constant ?? "") });
}

/** A condition as short as it goes, for an edge of the picture. */
const SIGNS = { eq: "=", not_eq: "≠", more: ">", less: "<", more_or_eq: "≥", less_or_eq: "≤", regexp: "~" };
export const shortConditions = (logic) => (logic.conditions ?? []).map((one) => `${one.param} ${SIGNS[one.fun] ?? one.fun} ${shown(one.const ?? "") || "∅"}`).join(" & ") || text("always");

export const conditions = (logic) => (logic.conditions ?? []).map(condition).join(` ${text("and")} `) || text("always");

function assignments(values) {
  return Object.entries(values ?? {}).map(([name, value]) => `${name} = ${shown(value)}`);
}

/** One logic in words: a sentence, and lines of details below it. */
export function logicWords(logic) {
  switch (logic.type) {
    case "go":
      return { words: text("logic_go"), lines: [] };
    case "go_if_const":
      return { words: text("logic_if", { conditions: conditions(logic) }), lines: [] };
    case "set_param":
      return { words: text("logic_set"), lines: assignments(logic.extra) };
    case "api":
      return { words: step(logic) ? text("logic_step", { step: step(logic) }) : text("logic_api", { method: logic.method ?? "POST", url: logic.url ?? "" }), lines: assignments(logic.extra) };
    case "api_callback":
      return { words: text("logic_wait"), lines: [] };
    case "api_copy":
      return { words: text(logic.mode === "modify" ? "logic_modify" : "logic_create", { process: logic.conv_id, ref: logic.ref ?? "" }), lines: assignments(logic.data) };
    case "api_rpc":
      return { words: text("logic_call", { process: logic.conv_id }), lines: assignments(logic.extra) };
    case "api_rpc_reply":
      return logic.throw_exception
        ? { words: text("logic_throw", { reason: logic.exception_reason ?? "" }), lines: [] }
        : { words: text("logic_reply"), lines: assignments(logic.res_data) };
    case "api_code":
      return { words: text("logic_code"), lines: String(logic.src ?? "").split("\n").slice(0, 12) };
    default:
      return { words: text("logic_other", { type: logic.type }), lines: [] };
  }
}

/** How long a timer is: "60 s", "10 min", or the name of a setting. */
export function timerWords(semaphor) {
  if (semaphor.type !== "time") return text("semaphor_other", { type: semaphor.type });
  const { value, dimension = "sec" } = semaphor;
  const number = Number(value);
  if (String(value ?? "").trim() === "" || Number.isNaN(number)) {
    return String(value ?? "").replace(/^\{\{env_var\[@(\w+)\]\}\}$/, "$1");
  }
  const seconds = number * (SECONDS[dimension] ?? 1);
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["min", 60]]) {
    if (seconds >= size && seconds % size === 0) return text(`unit_${unit}`, { n: seconds / size });
  }
  return text("unit_sec", { n: seconds });
}

/** What sort of node it is. */
export function kindOf(node) {
  if (node.obj_type === 1) return "start";
  if (node.obj_type === 2) return icon(node) === "error" ? "failure" : "end";
  const types = (node.condition?.logics ?? []).map((logic) => logic.type);
  if (types.includes("api_callback")) return "wait";
  if (types.includes("api_rpc") || types.includes("api_copy")) return "call";
  if (types.includes("api")) return "step";
  if (types.includes("api_rpc_reply")) return "reply";
  if (types.includes("set_param") || types.includes("api_code")) return "set";
  if (types.includes("go_if_const")) return "choice";
  return (node.condition?.semaphors ?? []).length ? "delay" : "pass";
}

export function icon(node) {
  try {
    return (typeof node.extra === "string" ? JSON.parse(node.extra) : node.extra)?.icon ?? "";
  } catch {
    return "";
  }
}

export const kindWords = (kind) => text(`kind_${kind}`);

/** The line below a node's title in the picture: what it reaches for. */
export function summary(node) {
  const logics = node.condition?.logics ?? [];
  for (const logic of logics) {
    if (callee(logic)) return `→ ${callee(logic)}`;
    if (logic.type === "api") return `⇢ ${step(logic) ?? logic.url}`;
    if (logic.type === "api_rpc_reply") return logic.throw_exception ? text("short_throw") : text("short_reply");
  }
  return kindWords(kindOf(node));
}

export const titleOf = (node) => node.title || node.id;
