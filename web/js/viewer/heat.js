// Heat: how often live dialogues, or the organisation's scenarios, entered the nodes of what is shown, and which nodes nobody
// came to.

import { language, text, when } from "../texts.js";
import { byId, h, s, toast } from "./dom.js";
import { nodesOf } from "./graph.js";
import { titleOf } from "./words.js";

const DAYS = 7;
const KINDS = ["traffic", "coverage"];
const LEVELS = [1, 2, 3, 4, 5];

const whole = (n) => new Intl.NumberFormat(language()).format(n);
/** A badge has room for four digits. */
const brief = (n) => (n < 10_000 ? whole(n) : new Intl.NumberFormat(language(), { notation: "compact" }).format(n));
const times = (n) => (n === 0 ? text("not_passed") : text("times_passed", { n: whole(n) }));

/** 0 for never, else 1 to 5 by orders of size: a greeting is passed a hundred times as often as most nodes. */
function level(n, most) {
  if (n === 0) return 0;
  return most === 1 ? 1 : 1 + Math.round((4 * Math.log(n)) / Math.log(most));
}

/** The levels that occur up to a number, each with its first and last count. */
function ranges(most) {
  const found = LEVELS.map((own) => [own, own === 1 ? 1 : Math.ceil(most ** ((own - 1.5) / 4))]);
  const ended = found.map(([own, first], index) => [own, first, index === 4 ? most : Math.min(most, found[index + 1][1] - 1)]);
  return ended.filter(([own, first, last]) => first <= last && level(first, most) === own);
}

export class Heat {
  #api;
  #unsaved;
  #changed;
  /** `traffic`, `coverage` or nothing. */
  #wished = null;
  #traffic = null;
  #listed = false;

  /** `unsaved` gives documents that are not saved yet; `changed` is called when there is something else to show. */
  constructor(api, unsaved, changed) {
    this.#api = api;
    this.#unsaved = unsaved;
    this.#changed = changed;
    for (const kind of KINDS) byId(kind).onclick = () => this.#toggle(kind);
    this.#press(null);
  }

  #press(wished) {
    this.#wished = wished;
    for (const kind of KINDS) byId(kind).setAttribute("aria-pressed", String(kind === wished));
  }

  async #toggle(kind) {
    this.#press(this.#wished === kind ? null : kind);
    this.#traffic = null;
    const wished = this.#wished;
    try {
      const counted = wished ? await (wished === "traffic" ? this.#api.traffic(DAYS) : this.#api.coverage(this.#unsaved())) : null;
      // Something else may have been wished meanwhile.
      if (this.#wished !== wished) return;
      this.#traffic = counted;
      this.#changed();
    } catch (failure) {
      this.#press(null);
      toast(failure.status ? failure.message : text("unreachable"));
    }
  }

  /** Where there is nothing to be coloured, there is no button. */
  offer(possible) {
    for (const kind of KINDS) byId(kind).hidden = !possible;
  }

  leave() {
    this.#wished = null;
    this.#changed = () => {};
  }

  #counts(alias, ids) {
    const counted = this.#traffic.processes[alias] ?? {};
    const counts = new Map(ids.map((id) => [id, counted[id] ?? 0]));
    return { counts, most: Math.max(1, ...counts.values()) };
  }

  paint(picture, alias) {
    const { counts, most } = this.#traffic ? this.#counts(alias, [...picture.nodes.keys()]) : {};
    for (const [id, group] of picture.nodes) {
      const n = counts?.get(id);
      for (const own of [0, ...LEVELS]) group.classList.toggle(`heat-${own}`, counts !== undefined && level(n, most) === own);
      for (const old of group.querySelectorAll(".count, title")) old.remove();
      // The mark that comes after the dot belongs to the picture.
      const [said, ...marks] = group.getAttribute("aria-label").split(" · ");
      group.dataset.said ??= said;
      const own = counts ? `${group.dataset.said}, ${times(n)}` : group.dataset.said;
      group.setAttribute("aria-label", [own, ...marks].join(" · "));
      if (counts) group.append(s("title", {}, times(n)), badge(group, n));
    }
  }

  /** For the panel: of the process, and of the node that is chosen. */
  words(alias, document, chosen, go) {
    if (!this.#traffic) return null;
    const nodes = nodesOf(document);
    const { counts, most } = this.#counts(alias, nodes.map((node) => String(node.id)));
    const cold = nodes.filter((node) => counts.get(String(node.id)) === 0);
    const passed = nodes.length - cold.length;
    const told = this.#wished === "coverage" ? triedWords(this.#traffic, passed, nodes.length) : trafficWords(this.#traffic, passed, nodes.length);
    const own = chosen && counts.get(String(chosen.id));
    const swatch = (one) => h("span", { class: `swatch heat-${one}`, "aria-hidden": "true" });
    const range = ([one, first, last]) => h("li", {}, swatch(one), first === last ? whole(first) : `${whole(first)}–${whole(last)}`);
    const link = (node) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => go(String(node.id)) }, titleOf(node)));
    return h(
      "section",
      { class: "traffic" },
      h("h3", {}, text(this.#wished)),
      chosen ? h("p", { class: "own" }, swatch(level(own, most)), h("strong", {}, times(own))) : null,
      told,
      h("ul", { class: "legend", "aria-label": text("traffic_legend") }, h("li", {}, swatch(0), text("not_passed")), passed ? ranges(most).map(range) : null),
      cold.length ? h("details", { open: this.#listed, ontoggle: (event) => (this.#listed = event.target.open) }, h("summary", {}, text("traffic_cold", { n: cold.length })), h("ul", { class: "ways" }, cold.map(link))) : null,
    );
  }
}

function trafficWords({ complete, days, dialogues, from, lines }, n, of) {
  const values = { n, of, days, time: when(new Date(from)) };
  return [
    h("p", {}, text(complete ? "traffic_covered" : "traffic_covered_since", values), " ", text("traffic_dialogues", { n: whole(dialogues) })),
    complete ? null : h("p", { class: "note" }, text("traffic_cut", { lines: whole(lines) })),
  ];
}

/** What the scenarios come to, and those that do not come out. */
function triedWords({ scenarios, runs, passed, failed, percent }, n, of) {
  const item = (one) => h("li", {}, h("strong", {}, one.title), ` (${one.run}): `, text("came_instead", { expected: one.expected, came: one.came }));
  return [
    h("p", {}, text("coverage_of", { n, of }), " ", text("coverage_all", { percent, scenarios, runs: whole(runs) })),
    passed === runs ? null : h("p", { class: "error" }, text("coverage_failed", { n: whole(runs - passed) })),
    failed.length ? h("ul", { class: "ways" }, failed.map(item)) : null,
  ];
}

/** The number on the upper left corner of a node; marks have the right one. */
function badge(group, n) {
  const box = group.querySelector(".box");
  const words = n === 0 ? text("not_passed") : brief(n);
  const width = Math.max(24, words.length * 7 + 12);
  const place = `translate(${Number(box.getAttribute("x")) - 6} ${Number(box.getAttribute("y")) - 13})`;
  return s("g", { class: "count", transform: place, "aria-hidden": "true" }, s("rect", { width, height: 20, rx: 10 }), s("text", { x: width / 2, y: 14, "text-anchor": "middle" }, words));
}
