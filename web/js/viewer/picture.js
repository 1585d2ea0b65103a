// A graph drawn as SVG: zoom, pan, search, marks, and the keyboard: arrow keys walk along the edges.

import { text } from "../texts.js";
import { s } from "./dom.js";
import { arranged } from "./graph.js";
import { kindWords, timerWords, titleOf } from "./words.js";

const ZOOM_MIN = 0.08;
const ZOOM_MAX = 3;
/** Texts below this size cannot be read, so a graph is not opened smaller unless all of it is wished for. */
const READABLE = 0.92;

let counted = 0;

export class Picture {
  #graph;
  #chosen;
  #view = { x: 0, y: 0, k: 1 };
  #pointers = new Map();
  #dragged = false;
  #current = null;

  /** `chosen` is called with a node's id; `marks` maps ids to added, removed, changed, visited, here, broken. */
  constructor(process, { chosen = () => {}, name = "" } = {}) {
    this.#graph = arranged(process);
    this.#chosen = chosen;
    this.mark = `m${(counted += 1)}`;
    this.layer = s("g", {});
    this.svg = s("svg", { class: "graph", role: "group", "aria-label": name }, this.#arrows(), this.layer);
    this.nodes = new Map();
    this.edges = [];
    for (const edge of this.#graph.edges) this.layer.append(this.#edge(edge));
    for (const node of this.#graph.nodes.values()) this.layer.append(this.#node(node));
    this.#listen();
  }

  /** Where it is looked at, to be kept when it is drawn anew. */
  get view() {
    return { ...this.#view };
  }

  set view(view) {
    this.#view = view;
    this.#show();
  }

  /** The node that the focus comes to. */
  get current() {
    return this.#current;
  }

  has(id) {
    return this.#graph.nodes.has(id);
  }

  #arrows() {
    const arrow = (kind) =>
      s("marker", { id: `${this.mark}-${kind}`, class: `arrow ${kind}`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 10, markerHeight: 10, markerUnits: "userSpaceOnUse", orient: "auto-start-reverse" }, s("path", { d: "M0 0L10 5L0 10z" }));
    return s("defs", {}, ["go", "if", "error", "timer"].map(arrow));
  }

  #edge(edge) {
    const line = s("path", { d: curve(edge.points), "marker-end": `url(#${this.mark}-${edge.kind})` });
    const label = edge.short
      ? [s("rect", { class: "label-back", x: edge.x - edge.short.length * 3.2 - 5, y: edge.y - 9, width: edge.short.length * 6.4 + 10, height: 18, rx: 5 }), s("text", { x: edge.x, y: edge.y + 4, "text-anchor": "middle" }, edge.short)]
      : [];
    const group = s("g", { class: `edge ${edge.kind}${edge.back ? " back" : ""}`, "aria-hidden": "true" }, s("title", {}, edge.label), line, ...label);
    this.edges.push({ ...edge, group });
    return group;
  }

  #node({ id, node, lines, kind, summary, width, height, x, y }) {
    const [left, top] = [-width / 2, -height / 2];
    const round = kind === "start" || kind === "end" || kind === "failure" ? height / 2 : 9;
    const timers = (node.condition?.semaphors ?? []).map(timerWords);
    const group = s(
      "g",
      { class: `node ${kind}`, transform: `translate(${x} ${y})`, tabindex: "-1", role: "button", "data-id": id, "aria-label": this.#spoken(node, kind, summary, timers) },
      s("rect", { class: "box", x: left, y: top, width, height, rx: round }),
      kind === "start" || kind === "end" || kind === "failure" ? null : s("rect", { class: "stripe", x: left, y: top + 9, width: 4, height: height - 18, rx: 2 }),
      lines.map((line, index) => s("text", { class: "name", "text-anchor": "middle", y: top + 21 + index * 18 }, `${line} `)),
      s("text", { class: "summary", "text-anchor": "middle", y: top + height - 10 }, summary.length > 30 ? `${summary.slice(0, 29)}…` : summary),
      s("g", { class: "badge", transform: `translate(${width / 2 - 4} ${top + 2})`, "aria-hidden": "true" }, s("circle", { r: 10 }), s("text", { "text-anchor": "middle", y: 5 })),
    );
    this.nodes.set(id, group);
    return group;
  }

  #spoken(node, kind, summary, timers) {
    const same = summary === kindWords(kind);
    const parts = [`${titleOf(node)} ${summary}`, ...(same ? [] : [kindWords(kind)])];
    if (timers.length) parts.push(text("spoken_timer", { time: timers.join(", ") }));
    return parts.join(", ");
  }

  #listen() {
    this.svg.addEventListener("click", (event) => {
      const id = event.target.closest?.(".node")?.dataset.id;
      if (id && !this.#dragged) this.choose(id);
    });
    this.svg.addEventListener("keydown", (event) => this.#key(event));
    this.svg.addEventListener("focusin", (event) => {
      const id = event.target.closest?.(".node")?.dataset.id;
      if (id) this.#reach(id);
    });
    this.svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) this.#zoomAt(event.offsetX, event.offsetY, Math.exp(-event.deltaY / 300));
      else this.#pan(-event.deltaX, -event.deltaY);
    }, { passive: false });
    this.svg.addEventListener("pointerdown", (event) => {
      this.#dragged = false;
      this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    this.svg.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      this.svg.addEventListener(end, (event) => this.#pointers.delete(event.pointerId));
    }
    this.svg.addEventListener("dblclick", (event) => this.#zoomAt(event.offsetX, event.offsetY, 1.5));
  }

  #drag(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.x, event.clientY - before.y];
    if (!this.#dragged && Math.hypot(dx, dy) < 4) return;
    // Captured only once it is a drag: a captured pointer would take the click away from the node below it.
    if (!this.#dragged) this.svg.setPointerCapture(event.pointerId);
    this.#dragged = true;
    const others = [...this.#pointers].filter(([id]) => id !== event.pointerId);
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (others.length === 0) return this.#pan(dx, dy);
    const [, other] = others[0];
    const box = this.svg.getBoundingClientRect();
    const distance = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    const factor = distance({ x: event.clientX, y: event.clientY }) / distance(before);
    this.#zoomAt((event.clientX + other.x) / 2 - box.left, (event.clientY + other.y) / 2 - box.top, factor);
  }

  #show() {
    const { x, y, k } = this.#view;
    this.layer.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
  }

  #pan(dx, dy) {
    this.#view.x += dx;
    this.#view.y += dy;
    this.#show();
  }

  #zoomAt(x, y, factor) {
    const k = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, this.#view.k * factor));
    const real = k / this.#view.k;
    this.#view = { k, x: x - (x - this.#view.x) * real, y: y - (y - this.#view.y) * real };
    this.#show();
  }

  zoom(factor) {
    const box = this.svg.getBoundingClientRect();
    this.#zoomAt(box.width / 2, box.height / 2, factor);
  }

  /** All of it. */
  fit() {
    const box = this.svg.getBoundingClientRect();
    const { width, height } = this.#graph;
    if (!width || !box.width) return;
    const k = Math.min(1.2, box.width / width, box.height / height);
    this.#view = { k, x: (box.width - width * k) / 2, y: Math.max(0, (box.height - height * k) / 2) };
    this.#show();
  }

  /** As much of it as can be read, from its start. */
  open() {
    this.fit();
    const start = [...this.#graph.nodes.values()].find((node) => node.kind === "start") ?? [...this.#graph.nodes.values()][0];
    if (!start) return;
    this.#rove(start.id);
    if (this.#view.k >= READABLE) return;
    const box = this.svg.getBoundingClientRect();
    this.#view = { k: READABLE, x: box.width / 2 - start.x * READABLE, y: 24 - (start.y - start.height / 2) * READABLE };
    this.#show();
  }

  /** Brings a node into sight, moving as little as needed. */
  #reach(id) {
    const node = this.#graph.nodes.get(id);
    const box = this.svg.getBoundingClientRect();
    const { x, y, k } = this.#view;
    const margin = 24;
    const inside = (at, half, size) => Math.max(margin + half, Math.min(size - margin - half, at));
    const at = { x: node.x * k + x, y: node.y * k + y };
    const dx = inside(at.x, (node.width / 2) * k, box.width) - at.x;
    const dy = inside(at.y, (node.height / 2) * k, box.height) - at.y;
    if (dx || dy) this.#pan(dx, dy);
  }

  #rove(id) {
    if (this.#current) this.nodes.get(this.#current)?.setAttribute("tabindex", "-1");
    this.#current = id;
    this.nodes.get(id)?.setAttribute("tabindex", "0");
  }

  focus(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    this.#rove(id);
    node.focus({ preventScroll: true });
    this.#reach(id);
  }

  choose(id) {
    this.select(id);
    this.focus(id);
    this.#chosen(id);
  }

  /** Shows one node as chosen, without moving the focus. */
  select(id) {
    for (const [own, node] of this.nodes) {
      node.classList.toggle("selected", own === id);
      if (own === id) node.setAttribute("aria-current", "true");
      else node.removeAttribute("aria-current");
    }
    if (this.nodes.has(id)) this.#rove(id);
    for (const edge of this.edges) edge.group.classList.toggle("near", edge.from === id || edge.to === id);
  }

  /** Brings a node into sight and, where it is too small to read, nearer. */
  look(id) {
    if (!this.#graph.nodes.has(id)) return;
    if (this.#view.k < READABLE) {
      const box = this.svg.getBoundingClientRect();
      const node = this.#graph.nodes.get(id);
      this.#view = { k: READABLE, x: box.width / 2 - node.x * READABLE, y: box.height / 2 - node.y * READABLE };
      this.#show();
    }
    this.#reach(id);
  }

  /** `marks`: class by node id; `letter` tells the same without colour. */
  paint(marks) {
    const kinds = { added: "+", removed: "−", changed: "≠", moved: "↔", visited: "", here: "▸", broken: "!" };
    for (const [id, node] of this.nodes) {
      const mark = marks.get(id);
      for (const kind of Object.keys(kinds)) node.classList.toggle(kind, kind === mark);
      node.querySelector(".badge text").textContent = kinds[mark] ?? "";
      node.classList.toggle("badged", Boolean(kinds[mark]));
      const said = node.getAttribute("aria-label").split(" · ")[0];
      node.setAttribute("aria-label", mark ? `${said} · ${text(`mark_${mark}`)}` : said);
    }
  }

  /** Marks the edges of a way that was gone. */
  trail(steps) {
    const gone = new Set(steps.slice(1).map((to, index) => `${steps[index]}\n${to}`));
    for (const edge of this.edges) edge.group.classList.toggle("gone", gone.has(`${edge.from}\n${edge.to}`));
  }

  /** Ids of nodes whose words hold the sought ones; the others are dimmed. */
  find(words) {
    const sought = words.trim().toLowerCase();
    const found = [];
    for (const [id, { node, summary }] of this.#graph.nodes) {
      const hit = sought !== "" && `${id} ${titleOf(node)} ${summary} ${JSON.stringify(node.condition ?? {})}`.toLowerCase().includes(sought);
      if (hit) found.push(id);
      this.nodes.get(id).classList.toggle("dim", sought !== "" && !hit);
    }
    return found;
  }

  #key(event) {
    const id = event.target.closest?.(".node")?.dataset.id;
    if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") this.fit();
    else if (id && (event.key === "Enter" || event.key === " ")) this.choose(id);
    else if (id && event.key.startsWith("Arrow")) this.#walk(id, event.key);
    else return;
    event.preventDefault();
  }

  /** Down: the first way out, an error's last. Up: where one comes from. Left and right: the neighbours among the same ways. */
  #walk(id, key) {
    const rank = (edge) => (edge.back ? 4 : ["go", "if", "timer", "error"].indexOf(edge.kind));
    const ordered = [...this.edges].sort((a, b) => rank(a) - rank(b));
    const ends = (own, other) => [...new Set(ordered.filter((edge) => edge[own] === id && edge[other] !== id).map((edge) => edge[other]))];
    const place = (own) => this.#graph.nodes.get(own);
    const byPlace = (ids) => ids.sort((a, b) => place(a).x - place(b).x || place(a).y - place(b).y);
    if (key === "ArrowDown") {
      return this.focus(ends("from", "to")[0] ?? id);
    }
    const [parent] = ends("to", "from");
    if (key === "ArrowUp" || !parent) return this.focus(parent ?? id);
    const siblings = byPlace([...new Set(this.edges.filter((edge) => edge.from === parent && edge.kind !== "error" && !edge.back).map((edge) => edge.to))]);
    const at = siblings.indexOf(id);
    const next = siblings[(at + (key === "ArrowRight" ? 1 : siblings.length - 1)) % siblings.length];
    return this.focus(next ?? id);
  }
}

/** A smooth line through dagre's points. */
function curve(points) {
  const [first, ...rest] = points;
  let path = `M${first.x} ${first.y}`;
  for (let index = 0; index < rest.length - 1; index += 1) {
    const [here, next] = [rest[index], rest[index + 1]];
    path += `Q${here.x} ${here.y} ${(here.x + next.x) / 2} ${(here.y + next.y) / 2}`;
  }
  const last = rest.at(-1);
  return `${path}L${last.x} ${last.y}`;
}
