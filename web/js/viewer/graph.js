// From a process document to a graph, and from a graph to places: dagre arranges it in layers.

import dagre from "../../vendor/dagre/dagre.js";
import { conditions, kindOf, shortConditions, summary, timerWords, titleOf } from "./words.js";

const WIDTH = 204;
const CHARACTERS = 25;
const LINE = 18;
const LABEL_MAX = 28;

export const nodesOf = (process) => process?.scheme?.nodes ?? [];

/** Every way out of a node: {to, kind, label}. */
export function waysOut(node) {
  const ways = [];
  for (const logic of node.condition?.logics ?? []) {
    if (logic.type === "go" && logic.to_node_id) ways.push({ to: logic.to_node_id, kind: "go", label: "" });
    if (logic.type === "go_if_const" && logic.to_node_id) ways.push({ to: logic.to_node_id, kind: "if", label: conditions(logic), short: shortConditions(logic) });
    if (logic.err_node_id) ways.push({ to: logic.err_node_id, kind: "error", label: "" });
  }
  for (const semaphor of node.condition?.semaphors ?? []) {
    const to = semaphor.to_node_id ?? semaphor.esc_node_id;
    if (to) ways.push({ to, kind: "timer", label: timerWords(semaphor) });
  }
  return ways;
}

function wrapped(title) {
  const lines = [];
  for (const word of title.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= CHARACTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.slice(0, 3).map((line, index) => {
    const cut = line.length > CHARACTERS || (index === 2 && lines.length > 3);
    return cut ? `${line.slice(0, CHARACTERS - 1)}…` : line;
  });
}

const short = (label) => (label.length > LABEL_MAX ? `${label.slice(0, LABEL_MAX - 1)}…` : label);

/** Nodes and edges with places: {nodes: Map, edges, width, height}. */
export function arranged(process) {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 28, ranksep: 40, edgesep: 12, marginx: 24, marginy: 24 });
  const nodes = new Map();
  // The start goes first: layers are counted from there.
  const written = [...nodesOf(process)].sort((a, b) => Number(b.obj_type === 1) - Number(a.obj_type === 1));
  for (const node of written) {
    const lines = wrapped(titleOf(node));
    const box = { width: WIDTH, height: 34 + lines.length * LINE };
    nodes.set(String(node.id), { id: String(node.id), node, lines, kind: kindOf(node), summary: summary(node), ...box });
    graph.setNode(String(node.id), { ...box });
  }
  const edges = joined(nodes);
  for (const edge of returning(written.map((node) => String(node.id)), edges)) edge.back = true;
  const placed = (edge) => edge.kind !== "error" && !edge.back;
  const led = new Set(edges.filter(placed).map((edge) => edge.to));
  // Ways of errors are many and lead to few nodes, ways back cross every layer: they would pull the picture apart, so they
  // only place what no other way leads to, and are drawn as plain curves.
  const layered = edges.filter((edge) => placed(edge) || (!edge.back && !led.has(edge.to)));
  for (const [index, edge] of layered.entries()) {
    const label = edge.short && placed(edge) ? { width: edge.short.length * 6.4 + 8, height: 18, labelpos: "c" } : {};
    graph.setEdge(edge.from, edge.to, { ...label, weight: 1 }, String(index));
  }
  dagre.layout(graph);
  for (const node of nodes.values()) Object.assign(node, pick(graph.node(node.id)));
  for (const [index, edge] of layered.entries()) {
    const { points, x, y } = graph.edge(edge.from, edge.to, String(index));
    if (placed(edge)) Object.assign(edge, { points, x, y });
  }
  for (const edge of edges) if (!edge.points) Object.assign(edge, bent(nodes.get(edge.from), nodes.get(edge.to)));
  const { width = 0, height = 0 } = graph.graph();
  return { nodes, edges, width, height };
}

/** The ways that lead back to a node on the way from the start, found depth first without recursion. */
function returning(ids, edges) {
  const out = grouped(edges);
  const state = new Map();
  const back = [];
  for (const root of ids) {
    if (state.has(root)) continue;
    state.set(root, "open");
    const stack = [{ id: root, ways: (out.get(root) ?? []).values() }];
    while (stack.length) {
      const top = stack.at(-1);
      const { value: way, done } = top.ways.next();
      if (done) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(way.to) === "open") {
        back.push(way);
      } else if (!state.has(way.to)) {
        state.set(way.to, "open");
        stack.push({ id: way.to, ways: (out.get(way.to) ?? []).values() });
      }
    }
  }
  return back;
}

function grouped(edges) {
  const groups = new Map();
  for (const edge of edges) groups.set(edge.from, [...(groups.get(edge.from) ?? []), edge]);
  return groups;
}

const pick = ({ x, y }) => ({ x, y });

/** From side to side of two boxes, bent away from the straight line so that it covers no other. */
function bent(from, to) {
  const side = to.x >= from.x ? 1 : -1;
  const first = { x: from.x + (side * from.width) / 2, y: from.y };
  const last = { x: to.x - (side * to.width) / 2, y: to.y };
  const overlap = side * (last.x - first.x) < 40;
  const end = overlap ? { x: to.x + (side * to.width) / 2, y: to.y } : last;
  const reach = overlap ? 70 : 24;
  const points = [first, { x: first.x + side * reach, y: from.y }, { x: end.x + (overlap ? side : -side) * reach, y: to.y }, end];
  return { points, x: (points[1].x + points[2].x) / 2, y: (from.y + to.y) / 2 };
}

/** Ways with the same ends are one edge where they are of one kind; a time limit that leads where an error leads is told
 * with it. A way to no node is left out (the check tells of it). */
function joined(nodes) {
  const edges = new Map();
  for (const { id, node } of nodes.values()) {
    const ways = waysOut(node).map((way) => ({ ...way, to: String(way.to) }));
    const onError = new Set(ways.filter((way) => way.kind === "error").map((way) => way.to));
    for (const way of ways) {
      if (!nodes.has(way.to)) continue;
      const kind = way.kind === "timer" && onError.has(way.to) ? "error" : way.kind;
      const key = JSON.stringify([id, way.to, kind]);
      const known = edges.get(key);
      const both = (a, b) => [a, b].filter(Boolean).join(", ");
      const name = way.short ?? way.label;
      if (known) Object.assign(known, { label: both(known.label, way.label), short: short(both(known.short, name)) });
      else edges.set(key, { from: id, to: way.to, kind, label: way.label, short: short(name) });
    }
  }
  return [...edges.values()];
}
