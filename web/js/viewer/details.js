// The panel beside the picture: what a node does, in words; its ways out as links.

import { text } from "../texts.js";
import { h } from "./dom.js";
import { nodesOf, waysOut } from "./graph.js";
import { callee, kindOf, kindWords, logicWords, timerWords, titleOf } from "./words.js";

/** `go`: to a node of this process; `open`: another process. */
export function details(process, node, { go, open }) {
  const title = (id) => titleOf(nodesOf(process).find((one) => String(one.id) === String(id)) ?? { id });
  const link = (id) => h("button", { type: "button", class: "link", onclick: () => go(String(id)) }, title(id));
  const logics = node.condition?.logics ?? [];
  const semaphors = node.condition?.semaphors ?? [];
  const comesFrom = nodesOf(process).filter((one) => waysOut(one).some((way) => String(way.to) === String(node.id)));
  return [
    h("p", { class: "kind" }, kindWords(kindOf(node))),
    h("h2", {}, titleOf(node)),
    h("p", { class: "node-id" }, text("node_id"), " ", h("code", {}, String(node.id))),
    node.description ? h("p", { class: "description" }, node.description) : null,
    logics.length ? h("h3", {}, text("does")) : null,
    h("ol", { class: "logics" }, logics.map((logic) => logicItem(logic, link, open))),
    semaphors.length ? h("h3", {}, text("timers")) : null,
    h("ul", { class: "logics" }, semaphors.map((semaphor) => {
      const to = semaphor.to_node_id ?? semaphor.esc_node_id;
      return h("li", {}, text("after_time", { time: timerWords(semaphor) }), " ", to ? link(to) : null);
    })),
    comesFrom.length ? h("h3", {}, text("comes_from")) : null,
    h("ul", { class: "ways" }, comesFrom.map((one) => h("li", {}, link(one.id)))),
  ];
}

function logicItem(logic, link, open) {
  const { words, lines } = logicWords(logic);
  const alias = callee(logic);
  return h(
    "li",
    {},
    words,
    logic.to_node_id ? [" ", link(logic.to_node_id)] : null,
    alias ? h("p", {}, h("button", { type: "button", class: "link", onclick: () => open(alias) }, text("open_process", { process: alias }))) : null,
    lines.length ? h("pre", { tabindex: "0" }, lines.join("\n")) : null,
    logic.err_node_id ? h("p", { class: "on-error" }, text("on_error"), " ", link(logic.err_node_id)) : null,
  );
}

/** What changed in a node or a process, field by field. */
export function changes(fields) {
  const value = (one) => (one === undefined ? h("em", {}, text("nothing")) : h("code", {}, typeof one === "string" ? one : JSON.stringify(one)));
  return h(
    "dl",
    { class: "changes" },
    fields.map(({ field, before, after }) => [
      h("dt", {}, field),
      h("dd", { class: "before" }, h("span", { class: "hidden" }, text("before")), value(before)),
      h("dd", { class: "after" }, h("span", { class: "hidden" }, text("after")), value(after)),
    ]),
  );
}

/** Problems as the server told them; each leads to its node. */
export function problems(list, { here, go, open }) {
  if (list.length === 0) return h("p", { class: "fine" }, text("no_problems"));
  const item = (problem) => {
    const place = problem.process === here ? (problem.node ?? "") : `${problem.process} ${problem.node ?? ""}`;
    const lead = () => (problem.process === here ? problem.node && go(problem.node) : open(problem.process, problem.node));
    return h(
      "li",
      { class: problem.severity },
      h("strong", {}, text(`severity_${problem.severity}`)),
      " ",
      place.trim() ? h("button", { type: "button", class: "link", onclick: lead }, place.trim()) : null,
      " ",
      problem.message,
    );
  };
  return h("ul", { class: "problems" }, list.map(item));
}
