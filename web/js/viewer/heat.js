// Traffic as heat: how often live dialogues entered the nodes of what is shown, and which nodes nobody came to.

import { language, text, when } from "../texts.js";
import { byId, h, s, toast } from "./dom.js";
import { nodesOf } from "./graph.js";
import { titleOf } from "./words.js";

const DAYS = 7;
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
  #changed;
  #wished = false;
  #traffic = null;
  #listed = false;

  /** `changed` is called when there is something else to show. */
  constructor(api, changed) {
    this.#api = api;
    this.#changed = changed;
    byId("traffic").onclick = () => this.#toggle();
    this.#press(false);
  }

  #press(wished) {
    this.#wished = wished;
    byId("traffic").setAttribute("aria-pressed", String(wished));
  }

  async #toggle() {
    this.#press(!this.#wished);
    this.#traffic = null;
    try {
      const traffic = this.#wished ? await this.#api.traffic(DAYS) : null;
      if (this.#wished) this.#traffic = traffic;
      this.#changed();
    } catch (failure) {
      this.#press(false);
      toast(failure.status ? failure.message : text("unreachable"));
    }
  }

  /** Where there is nothing to be coloured, there is no button. */
  offer(possible) {
    byId("traffic").hidden = !possible;
  }

  leave() {
    this.#wished = false;
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
    const { complete, days, dialogues, from, lines } = this.#traffic;
    const values = { n: nodes.length - cold.length, of: nodes.length, days, time: when(new Date(from)) };
    const own = chosen && counts.get(String(chosen.id));
    const swatch = (one) => h("span", { class: `swatch heat-${one}`, "aria-hidden": "true" });
    const range = ([one, first, last]) => h("li", {}, swatch(one), first === last ? whole(first) : `${whole(first)}–${whole(last)}`);
    const link = (node) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => go(String(node.id)) }, titleOf(node)));
    return h(
      "section",
      { class: "traffic" },
      h("h3", {}, text("traffic")),
      chosen ? h("p", { class: "own" }, swatch(level(own, most)), h("strong", {}, times(own))) : null,
      h("p", {}, text(complete ? "traffic_covered" : "traffic_covered_since", values), " ", text("traffic_dialogues", { n: whole(dialogues) })),
      complete ? null : h("p", { class: "note" }, text("traffic_cut", { lines: whole(lines) })),
      h("ul", { class: "legend", "aria-label": text("traffic_legend") }, h("li", {}, swatch(0), text("not_passed")), values.n ? ranges(most).map(range) : null),
      cold.length ? h("details", { open: this.#listed, ontoggle: (event) => (this.#listed = event.target.open) }, h("summary", {}, text("traffic_cold", { n: cold.length })), h("ul", { class: "ways" }, cold.map(link))) : null,
    );
  }
}

/** The number on the upper left corner of a node; marks have the right one. */
function badge(group, n) {
  const box = group.querySelector(".box");
  const words = n === 0 ? text("not_passed") : brief(n);
  const width = Math.max(24, words.length * 7 + 12);
  const place = `translate(${Number(box.getAttribute("x")) - 6} ${Number(box.getAttribute("y")) - 13})`;
  return s("g", { class: "count", transform: place, "aria-hidden": "true" }, s("rect", { width, height: 20, rx: 10 }), s("text", { x: width / 2, y: 14, "text-anchor": "middle" }, words));
}
